/* search: a regular expression over the lines of the files. */
#include <pcre2.h>

#include "agent/tool_files.h"
#include "agent/tool_input.h"
#include "base/clock.h"
#include "base/glob.h"
#include "base/utf8.h"
#include "redact/path.h"

/*
 * A model may write any pattern, and text that it has read may have told it which.  So each line is bounded
 * in length and in work (a step may walk over the whole line), all lines of a call share one budget of CPU
 * time, and the turn is given to others by time.
 */
enum {
	LINE_LEN_MAX = 1000, /* more of a line is not searched */
	LINE_SHOWN_MAX = 300,
	SEARCH_STEPS_MAX = 20000,
	LINE_WORK_MAX = 4000000, /* steps times bytes of a line */
	MATCH_DEPTH_MAX = 2000,
	MATCH_HEAP_KIB_MAX = 4096,
	BYTES_BETWEEN_LOOKS = 500, /* at the clock: some ten short lines, or one that is long */
	LINE_EXTRA_BYTES = 20,     /* what a line counts besides its length */
	SEARCH_MS_MAX = 5000,      /* CPU time of a call, unless `struct tools` says otherwise */
	TURN_MS_MAX = 10,          /* CPU time between two pauses */
	ANSWER_ROOM = 500,         /* kept for the notes at the end */
};

struct matcher {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static void matcher_release(struct matcher *matcher)
{
	pcre2_match_data_free(matcher->data);
	pcre2_match_context_free(matcher->limits);
	pcre2_code_free(matcher->code);
}

static bool matcher_init(struct matcher *matcher, const struct search_input *input,
			 struct error *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
			   (input->ignore_case ? PCRE2_CASELESS : 0);
	PCRE2_SIZE at;
	int number;

	matcher->code = pcre2_compile((PCRE2_SPTR)input->pattern.ptr, input->pattern.len, options,
				      &number, &at, NULL);
	if (!matcher->code) {
		PCRE2_UCHAR why[160] = "";

		pcre2_get_error_message(number, why, sizeof(why));
		return error_set(err, ERROR_INVALID, "pattern: %s (at its byte %zu)",
				 (const char *)why, (size_t)at + 1);
	}
	matcher->limits = pcre2_match_context_create(NULL);
	matcher->data = pcre2_match_data_create(1, NULL);
	if (!matcher->limits || !matcher->data)
		memory_exhausted();
	pcre2_set_depth_limit(matcher->limits, MATCH_DEPTH_MAX);
	pcre2_set_heap_limit(matcher->limits, MATCH_HEAP_KIB_MAX);
	return true;
}

static bool line_matches(const struct matcher *matcher, struct str line, bool *matches,
			 struct error *err)
{
	struct str part = utf8_cut(line, LINE_LEN_MAX);
	uint32_t work = LINE_WORK_MAX / (uint32_t)(part.len + 1);
	int result;

	pcre2_set_match_limit(matcher->limits, MIN_OF(work, (uint32_t)SEARCH_STEPS_MAX));
	result = pcre2_match(matcher->code, (PCRE2_SPTR)(part.len ? part.ptr : ""), part.len, 0, 0,
			     matcher->data, matcher->limits);

	*matches = result >= 0;
	if (result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
	    result == PCRE2_ERROR_HEAPLIMIT)
		return error_set(
			err, ERROR_INVALID,
			"pattern: it takes too many steps on some line; write a simpler one, without repetition inside repetition");
	return true;
}

struct text_search {
	struct tool_work *work;
	struct matcher matcher;
	size_t matches, searched, unseen;
	size_t unlooked;            /* bytes since the last look at the clock */
	int64_t start_ns, pause_ns; /* CPU time: of the start, and of the last pause */
	bool full;
	bool late; /* the budget is used up */
};

/* Looks at the time: ends the search when its budget is used up, and gives the turn to others. */
static bool spend(struct text_search *search, struct error *err)
{
	const struct tools *tools = search->work->tools;
	int64_t limit_ms = tools->search_ms_max ? tools->search_ms_max : SEARCH_MS_MAX;
	int64_t now = clock_cpu_ns();

	search->unlooked = 0;
	search->late = now - search->start_ns > limit_ms * NS_PER_MS;
	if (now - search->pause_ns < (int64_t)TURN_MS_MAX * NS_PER_MS || !tools->pause)
		return true;
	if (!tools->pause(err))
		return false;
	/* The CPU time of a task goes on only while it has the turn. */
	search->pause_ns = clock_cpu_ns();
	return true;
}

static void add_match(struct text_search *search, struct str path, size_t number, struct str line)
{
	struct buf *out = search->work->out;
	struct str shown = str_trim(utf8_cut(line, LINE_SHOWN_MAX));

	if (search->matches >= TOOL_MATCHES_MAX || out->len > TOOL_ANSWER_SIZE_MAX - ANSWER_ROOM) {
		search->full = true;
		return;
	}
	search->matches++;
	path_add(out, path);
	buf_addf(out, ":%zu: %.*s\n", number, STR_ARG(shown));
}

static bool search_text(struct text_search *search, struct str path, struct str text,
			struct error *err)
{
	struct str line;
	bool matches;

	for (size_t number = 1; !search->full && !search->late && str_next_line(&text, &line, NULL);
	     number++) {
		if (!line_matches(&search->matcher, line, &matches, err))
			return false;
		search->unlooked += MIN_OF(line.len, (size_t)LINE_LEN_MAX) + LINE_EXTRA_BYTES;
		if (search->unlooked >= BYTES_BETWEEN_LOOKS && !spend(search, err))
			return false;
		if (matches)
			add_match(search, path, number, line);
	}
	return true;
}

/*
 * Only the redacted text is matched: what a pattern finds, how long it takes and whether it is refused must
 * not depend on a secret.
 */
static bool search_file(struct text_search *search, const struct source_file *file,
			struct buf *text, struct error *err)
{
	buf_reset(text);
	if (!tool_file_text(search->work->tools, file, text, err)) {
		search->unseen++;
		return !error_ends_work(err);
	}
	search->searched++;
	return spend(search, err) && search_text(search, file->path, buf_str(text), err);
}

static bool search_files(struct text_search *search, struct str glob, struct error *err)
{
	struct tools *tools = search->work->tools;
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < tools->tree.len && !search->full && !search->late; i++) {
		size_t idx = tools->order[i];
		const struct source_file *file = &tools->tree.files[idx];

		if (tool_glob_match(tools, glob, idx) && !search_file(search, file, &text, err))
			return false;
	}
	return true;
}

static void add_account(const struct text_search *search)
{
	struct buf *out = search->work->out;

	if (!search->matches)
		buf_add_text(out, "No line matches.\n");
	if (search->full)
		buf_addf(out,
			 "Only the first %zu matches are shown; narrow the pattern or the glob.\n",
			 search->matches);
	if (search->late)
		buf_add_text(
			out,
			"The search was stopped because it takes too long; narrow the pattern or the glob.\n");
	buf_addf(out, "%zu file%s searched", search->searched, search->searched == 1 ? "" : "s");
	if (search->unseen)
		buf_addf(out, "; %zu could not be: binary, too large, or not at hand in this run",
			 search->unseen);
	buf_add_text(out, ".\n");
	if (search->work->tools->tree.truncated)
		buf_add_text(out, "The repository has more files than could be listed.\n");
}

bool tool_search(struct tool_work *work, struct error *err)
{
	int64_t now = clock_cpu_ns();
	struct text_search search = {.work = work, .start_ns = now, .pause_ns = now};
	struct search_input input = {0};
	bool ok;

	if (!tool_decode(work, &search_input_fields, &input, err) ||
	    !tool_check_glob(input.glob, err))
		return false;
	if (!input.pattern.len || input.pattern.len > TOOL_PATTERN_LEN_MAX)
		return error_set(err, ERROR_INVALID, "pattern: must have 1 to %d bytes, has %zu",
				 TOOL_PATTERN_LEN_MAX, input.pattern.len);
	ok = matcher_init(&search.matcher, &input, err) && search_files(&search, input.glob, err);
	matcher_release(&search.matcher);
	if (ok)
		add_account(&search);
	return ok;
}
