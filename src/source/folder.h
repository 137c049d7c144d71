/* Files of a plain folder outside of any repository; links are not followed. */
#ifndef SOURCE_FOLDER_H
#define SOURCE_FOLDER_H

#include "source/source.h"

/* The folder's path is borrowed. */
struct source_folder {
	const char *path;
};

/*
 * All regular files below the folder, except those in ".git"; folders that cannot be read, or that are more
 * than 32 deep, are skipped and make the tree truncated.  The id of a file is its path.
 */
struct source source_from_folder(struct source_folder *folder);

#endif
