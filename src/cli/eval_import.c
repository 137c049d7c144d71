/* outcrop eval import: labels of public benchmarks as cases. */
#include "cli/eval_import.h"

#include "base/log.h"
#include "cli/local.h"
#include "job/import.h"

struct local_import {
	struct cli *cli;
	struct import_request request;
};

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_import *local = arg;
	SCOPED(import_result) struct import_result result = {0};
	struct error err = {0};

	if (!import_run(&local->request, runtime, &result, &err))
		return cli_fail(&err);
	log_info("eval",
		 "%zu pull requests: %zu cases written to \"%s\", %zu were there, %zu missing",
		 result.labels, result.written, local->request.folder, result.known,
		 result.missing);
	if (result.outside)
		log_info(
			"eval",
			"%zu expected problems are on lines outside of their change: only findings near them can match",
			result.outside);
	return result.written + result.known ? EXIT_DONE : EXIT_INCOMPLETE;
}

static bool read_kind(const struct arguments *arguments, enum label_kind *kind, struct error *err)
{
	if (arguments->len >= 2 && str_eq(arguments->items[0], STR("aacr")))
		*kind = LABELS_AACR;
	else if (arguments->len >= 2 && str_eq(arguments->items[0], STR("martian")))
		*kind = LABELS_MARTIAN;
	else
		return error_set(
			err, ERROR_USAGE,
			"import needs the kind of labels, aacr or martian, and at least one file: outcrop eval import aacr positive_samples.json");
	return true;
}

enum exit_status eval_import(struct cli *cli, const struct eval_import *given,
			     const struct arguments *arguments)
{
	struct local_import local = {.cli = cli};
	struct import_request *request = &local.request;
	struct error err;

	if (!read_kind(arguments, &request->kind, &err) ||
	    !local_list(&cli->arena, "clone", given->clone, LIST_WORDS, &request->clones, &err) ||
	    !local_list(&cli->arena, "only", given->only, LIST_WORDS, &request->only, &err))
		return cli_fail(&err);
	request->files = arguments->items + 1;
	request->files_len = arguments->len - 1;
	request->limit = given->limit;
	request->folder = given->output.len ? arena_text(&cli->arena, given->output) : "imported";
	request->forge = local_forge(cli);
	return cli_start(cli, 0, given->allow_http, run_local, &local);
}
