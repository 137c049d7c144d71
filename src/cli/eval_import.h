/* outcrop eval import: labels of public benchmarks as cases. */
#ifndef CLI_EVAL_IMPORT_H
#define CLI_EVAL_IMPORT_H

#include "command/command.h"

/* What the options of `outcrop eval` say about it; borrowed. */
struct eval_import {
	struct str clone, only, output;
	int64_t limit;
	bool allow_http;
};

/* `arguments` are those behind "import": the kind of labels, and their files. */
enum exit_status eval_import(struct cli *cli, const struct eval_import *given,
			     const struct arguments *arguments);

#endif
