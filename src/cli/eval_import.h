/* outcrop eval import: labels of public benchmarks as cases. */
#ifndef CLI_EVAL_IMPORT_H
#define CLI_EVAL_IMPORT_H

#include "command/command.h"

/* The options of `outcrop eval` that an import uses; borrowed. */
struct eval_import {
	struct str clone, only, output;
	int64_t limit;
	bool allow_http;
};

/* Runs the import.  `arguments` follow the word "import": the kind of labels, and their files. */
enum exit_status eval_import(struct cli *cli, const struct eval_import *given,
			     const struct arguments *arguments);

#endif
