/* What `outcrop init` writes: the files of src/cli/templates. */
#ifndef CLI_INIT_FILES_H
#define CLI_INIT_FILES_H

#include "agent/builtin.h"

/* Written by script/embed. */
extern const struct builtin_file init_files[];
extern const size_t init_files_len;

#endif
