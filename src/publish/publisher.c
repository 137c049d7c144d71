/* The state of a publishing run. */
#include "publish/publisher.h"

#include <stdarg.h>

#include "redact/path.h"
#include "redact/redact.h"

void run_failed(struct publisher *run, const struct error *err)
{
	if (!run->report->error.kind)
		run->report->error = *err;
	else
		run_warn(run, "%s", err->message);
}

void run_warn(struct publisher *run, const char *fmt, ...)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	va_list args;

	va_start(args, fmt);
	buf_vaddf(&text, fmt, args);
	va_end(args);
	VEC_PUSH(&run->report->warnings, arena_str(&run->report->arena, buf_str(&text)));
}

const struct diff_file *file_shown_as(const struct diff *diff, struct str path)
{
	const struct diff_file *file = diff_find(diff, path);

	for (size_t i = 0; !file && redact_has_placeholder(path) && i < diff->len; i++) {
		if (path_is(diff->files[i].path, path))
			file = &diff->files[i];
	}
	return file;
}

bool comment_is_on_lines(enum comment_fate fate)
{
	return fate == COMMENT_STANDS || fate == COMMENT_POSTED;
}

void run_add_record(struct publisher *run, struct previous_finding *match)
{
	enum comment_fate fate = COMMENT_NONE;

	if (match && match->comment)
		fate = COMMENT_STANDS;
	else if (match && match->record.refused)
		fate = COMMENT_NO_PLACE;
	VEC_PUSH(&run->records, (struct finding_record){.match = match, .fate = fate});
}

void run_release(struct publisher *run)
{
	VEC_RELEASE(&run->records);
	diff_release(&run->now_diff);
	arena_release(&run->arena);
}
