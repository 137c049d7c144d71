/* Files of a plain folder, where there is no repository; links are not followed. */
#ifndef SOURCE_FOLDER_H
#define SOURCE_FOLDER_H

#include "source/source.h"

/* The folder's path is borrowed. */
struct source_folder {
	const char *path;
};

/*
 * All regular files below the folder, those in ".git" apart; folders that cannot be read, or that are more
 * than 32 deep, are left out and make the tree truncated.  The id of a file is its path.
 */
struct source source_from_folder(struct source_folder *folder);

#endif
