/* Lists new places in comments of earlier runs that explain them too. */
#include "publish/alike.h"

#include <string.h>

#include "base/log.h"
#include "output/markdown.h"
#include "output/texts.h"

/* The last line before `text` that is not blank; or empty. */
static struct str last_line(struct str text)
{
	ptrdiff_t line_break;

	text = str_trim(text);
	line_break = str_rfind_char(text, '\n');
	return line_break < 0 ? STR_EMPTY : str_skip(text, (size_t)line_break + 1);
}

/* Inserts the list of places into the body, before its folded part; false if it has no such part. */
static bool with_list(struct buf *out, struct str body, struct str list)
{
	ptrdiff_t why = str_find(body, STR(COMMENT_WHY), 0);
	struct str before, line;

	if (why < 0)
		return false;
	before = str_slice(body, 0, (size_t)why);
	line = last_line(before);
	if (str_starts(line, STR(COMMENT_OTHERS)))
		before = str_slice(body, 0, (size_t)(line.ptr - body.ptr));
	while (before.len && strchr(" \r\n", before.ptr[before.len - 1]))
		before.len--;
	buf_add(out, before);
	buf_add_char(out, '\n');
	buf_add(out, list);
	buf_add_char(out, '\n');
	buf_add(out, str_skip(body, (size_t)why));
	return true;
}

static void relist(struct publisher *run, const struct finding *lead,
		   const struct review_comment *comment)
{
	SCOPED(buf) struct buf list = BUF_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct error err = {0};

	text_add_others(&list, lead);
	if (str_contains(comment->body, str_trim(buf_str(&list))) ||
	    !with_list(&body, comment->body, buf_str(&list)) || body.len > COMMENT_SIZE_MAX)
		return;
	if (!review_comment_edit(run->options->github, comment->id, buf_str(&body), &err))
		run_warn(run, "a comment that explains other places too does not list them: %s",
			 err.message);
	else
		log_info("publish", "the comment on %.*s:%u lists %zu more place%s",
			 STR_ARG(lead->path), lead->line, lead->others_len,
			 lead->others_len == 1 ? "" : "s");
}

void alike_relist(struct alike *alike)
{
	struct publisher *run = alike->run;

	for (size_t i = 0; i < alike->leads.len; i++) {
		size_t idx = alike->leads.items[i].idx;
		const struct finding *lead = &run->result->findings.items[idx];
		const struct previous_finding *previous = run->records.items[idx].match;

		if (lead->others_len && previous && previous->comment &&
		    previous->fate != FATE_GONE && !previous_is_closed(previous))
			relist(run, lead, previous->comment);
	}
}
