/* Options that local runs share, and the request that they make. */
#include "cli/local.h"

#include <string.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/utf8.h"

enum { INPUT_SIZE_MAX = 32 << 20 };

static bool is_repository(struct str text)
{
	struct str owner, name;

	return str_cut(text, STR("/"), &owner, &name) && owner.len && name.len &&
	       str_find_char(name, '/', 0) < 0;
}

/* Returns the number at the start of `text`, without "/files", "?w=1" or "#discussion_r1"; or empty. */
static struct str digits_of(struct str text)
{
	size_t len = 0;

	while (len < text.len && ascii_is_digit(text.ptr[len]))
		len++;
	if (len < text.len && !strchr("/?#", text.ptr[len]))
		return STR_EMPTY;
	return str_slice(text, 0, len);
}

static bool split_address(struct str text, struct pull_name *name, struct str *digits)
{
	struct str scheme, rest;

	if (!str_cut(text, STR("://"), &scheme, &rest) ||
	    !str_cut(rest, STR("/"), &name->host, &rest) ||
	    !str_cut(rest, STR("/pull/"), &name->repository, &rest))
		return false;
	*digits = digits_of(rest);
	return is_repository(name->repository);
}

bool local_split_pull(struct str text, struct pull_name *name, struct error *err)
{
	struct str digits = text;
	bool ok = true;

	*name = (struct pull_name){0};
	if (str_find(text, STR("://"), 0) >= 0)
		ok = split_address(text, name, &digits);
	else if (str_cut(text, STR("#"), &name->repository, &digits))
		ok = is_repository(name->repository);
	if (ok && str_to_int64(digits, &name->number) && name->number > 0)
		return true;
	return error_set(
		err, ERROR_USAGE,
		"--pr \"%.*s\": must be OWNER/REPO#N, the address of a pull request, or in a clone its number",
		STR_ARG(text));
}

struct forge_options local_forge(struct cli *cli)
{
	const struct secret *token = env_take_secret(&cli->env, "GITHUB_TOKEN");
	const struct secret *other = env_take_secret(&cli->env, "GH_TOKEN");
	struct forge_options options = {.token = token ? token : other};

	if (token)
		log_mask(token);
	if (other)
		log_mask(other);
	return options;
}

const char *const local_when_clean[] = {"comment", "silent", NULL};

bool local_is_silent(const struct local_options *given)
{
	return str_eq(given->when_clean, STR("silent"));
}

const struct secret *local_state_key(struct cli *cli)
{
	const struct secret *key = env_take_secret(&cli->env, "OUTCROP_STATE_KEY");

	if (key)
		log_mask(key);
	return key;
}

void local_log(bool debug)
{
	if (debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
}

bool local_list(struct arena *arena, const char *name, struct str text, enum list_kind kind,
		struct strings *out, struct error *err)
{
	struct str_list list = {0};

	if (!list_split(arena, text, kind, &list, err))
		return error_wrap(err, "--%s", name);
	*out = (struct strings){.items = list.items, .len = list.len};
	return true;
}

static bool read_diff(struct arena *arena, struct str path, struct str *text, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;

	if (!file_read_given(arena_text(arena, path), DIFF_SIZE_MAX, &bytes, err)) {
		err->kind = ERROR_USAGE;
		return error_wrap(err, "--diff");
	}
	*text = arena_str(arena, buf_str(&bytes));
	return true;
}

static bool find_pull(const struct env *env, struct str text, struct job_request *request,
		      struct error *err)
{
	struct pull_name name;

	if (!local_split_pull(text, &name, err))
		return false;
	request->forge.repository = name.repository;
	request->change.number = name.number;
	return !name.host.len || forge_check_host(env, name.host, err) ||
	       error_wrap(err, "--pr \"%.*s\"", STR_ARG(text));
}

static bool find_change(struct arena *arena, const struct env *env,
			const struct local_options *given, struct job_request *request,
			struct error *err)
{
	struct change_request *change = &request->change;

	if ((given->base.len > 0) + (given->diff.len > 0) + (given->pr.len > 0) + given->staged > 1)
		return error_set(err, ERROR_USAGE, "give one of --base, --diff, --pr and --staged");
	*change = (struct change_request){.folder = ".", .discover = true, .base = given->base};
	if (given->pr.len) {
		change->kind = CHANGE_PULL;
		return find_pull(env, given->pr, request, err);
	}
	if (given->staged)
		change->kind = CHANGE_STAGED;
	if (!given->diff.len)
		return true;
	change->kind = CHANGE_DIFF;
	return read_diff(arena, given->diff, &change->diff, err);
}

bool local_request(struct cli *cli, const struct local_options *given, struct job_request *request,
		   struct error *err)
{
	struct arena *arena = &cli->arena;
	struct job_choices *choices = &request->choices;

	*request = (struct job_request){.forge = local_forge(cli), .choices = job_choices_none()};
	choices->aws = (struct aws_options){
		.region = given->region, .profile = given->profile, .local = true};
	choices->config = given->config;
	choices->model = given->model;
	return local_list(arena, "agents", given->agents, LIST_WORDS, &choices->agents, err) &&
	       local_list(arena, "include-paths", given->include, LIST_GLOBS, &choices->include,
			  err) &&
	       local_list(arena, "exclude-paths", given->exclude, LIST_GLOBS, &choices->exclude,
			  err) &&
	       find_change(arena, &cli->env, given, request, err);
}

/* ---- One model ---- */

struct ask_request local_ask(const struct local_options *given, const char *fallback)
{
	return (struct ask_request){
		.config = given->config,
		.model = given->model,
		.region = given->region,
		.profile = given->profile,
		.fallback = str_from(fallback),
	};
}

bool local_read(struct arena *arena, struct str path, const char *what, struct str *text,
		struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;

	if (!file_read_given(path.len ? arena_text(arena, path) : "-", INPUT_SIZE_MAX, &bytes,
			     err)) {
		err->kind = ERROR_USAGE;
		return error_wrap(err, "%s", what);
	}
	if (!utf8_valid(buf_str(&bytes)))
		return error_set(err, ERROR_USAGE, "%s: the text is not UTF-8", what);
	*text = arena_str(arena, buf_str(&bytes));
	return true;
}
