/* One call of a read-only tool. */
#include "agent/tools.h"

#include "base/log.h"
#include "base/quote.h"
#include "base/utf8.h"

static tool_runner *const runners[TOOL_COUNT] = {
	[TOOL_LIST_FILES] = tool_list_files,
	[TOOL_READ_FILE] = tool_read_file,
	[TOOL_SEARCH] = tool_search,
};

static bool find_allowed(const struct tool_call *call, enum tool_kind *kind, struct error *err)
{
	SCOPED(buf) struct buf known = BUF_INIT;

	for (size_t i = 0; i < call->allowed->len; i++) {
		if (str_eq(call->allowed->items[i], call->name) && tool_find(call->name, kind))
			return true;
		buf_addf(&known, "%s%.*s", i ? ", " : "", STR_ARG(call->allowed->items[i]));
	}
	return error_set(err, ERROR_INVALID, "there is no tool \"%.*s\"; you may call: %s",
			 STR_ARG(utf8_cut(call->name, 64)), known.len ? known.ptr : "none");
}

static bool run(struct tools *tools, struct arena *arena, const struct tool_call *call,
		struct buf *out, struct error *err)
{
	struct tool_work work = {
		.tools = tools,
		.arena = arena,
		.input = call->input,
		.out = out,
	};
	enum tool_kind kind;

	return find_allowed(call, &kind, err) && tool_load_tree(tools, err) &&
	       runners[kind](&work, err);
}

bool tools_call(struct tools *tools, struct arena *arena, const struct tool_call *call,
		struct tool_answer *answer, struct error *err)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error why = {0};

	if (run(tools, arena, call, &out, &why)) {
		struct str text = utf8_cut(buf_str(&out), TOOL_ANSWER_SIZE_MAX);

		*answer = (struct tool_answer){
			.text = text.len < out.len
					? arena_printf(
						  arena,
						  "%.*s\n(cut: an answer has at most %d bytes)\n",
						  STR_ARG(text), TOOL_ANSWER_SIZE_MAX)
					: arena_str(arena, text),
		};
		return true;
	}
	if (error_ends_work(&why)) {
		*err = why;
		return false;
	}
	*answer = (struct tool_answer){
		.text = arena_str(arena, str_from(why.message)),
		.is_error = true,
	};
	return true;
}
