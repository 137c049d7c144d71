/* What was said about this change before. */
#include "review/earlier.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "redact/redact.h"

enum { TITLE_SIZE_MAX = 160, REASON_SIZE_MAX = 240 };

/* A finding without a file is about the change as a whole. */
static bool concerns(const struct change *change, const struct unit *unit, const struct said *said)
{
	for (size_t i = 0; said->path.len && i < unit->view.len; i++) {
		const struct diff_file *file = &change->diff->files[unit->view.parts[i].file];

		if (str_eq(file->path, said->path) || str_eq(file->old_path, said->path))
			return true;
	}
	return !said->path.len;
}

/* One line, whatever a person wrote into a reason. */
static void add_text(struct buf *out, struct str text, size_t size_max)
{
	SCOPED(buf) struct buf folded = BUF_INIT;

	text_fold(&folded, utf8_cut(text, size_max));
	redact_add(out, buf_str(&folded));
}

static void add_said(struct buf *out, const struct said *said)
{
	buf_add_text(out, said->closed ? "- dismissed: " : "- posted and open: ");
	if (said->path.len)
		quote_add(out, said->path);
	if (said->line > 0)
		buf_addf(out, ", line %lld", (long long)said->line);
	buf_add_text(out, said->path.len ? ": " : "");
	add_text(out, said->title, TITLE_SIZE_MAX);
	if (said->why.len) {
		buf_add_text(out, " (");
		add_text(out, said->why, REASON_SIZE_MAX);
		buf_add_char(out, ')');
	}
	buf_add_char(out, '\n');
}

void memory_add(struct buf *out, const struct change *change, const struct unit *unit)
{
	int left = MEMORY_ITEMS_MAX;

	for (int closed = 1; closed >= 0; closed--) {
		for (size_t i = 0; i < change->said_len && left > 0; i++) {
			const struct said *said = &change->said[i];

			if (said->closed != closed || !concerns(change, unit, said))
				continue;
			add_said(out, said);
			left--;
		}
	}
}
