/* The file that a finding means, in the forms in which models write paths. */
#ifndef FINDING_PLACE_FILE_H
#define FINDING_PLACE_FILE_H

#include "diff/diff.h"

/* The file of that path: also by a renamed file's old name, or with marks around the path. NULL: none. */
const struct diff_file *place_find_file(const struct diff *diff, struct str path);

#endif
