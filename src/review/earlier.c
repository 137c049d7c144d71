/* Earlier findings about this change. */
#include "review/earlier.h"

#include "base/quote.h"
#include "base/utf8.h"
#include "review/redacted.h"

enum { TITLE_SIZE_MAX = 160, REASON_SIZE_MAX = 240 };

static struct str folder_of(struct str path)
{
	return str_slice(path, 0, (size_t)(str_rfind_char(path, '/') + 1));
}

/*
 * Whether `path` is in the folder of `other` or below it; a file in the root is near only other
 * files in the root.
 */
static bool is_near(struct str other, struct str path)
{
	struct str folder = folder_of(other);

	return folder.len ? str_starts(path, folder) : !folder_of(path).len;
}

/* A finding without a file refers to the whole change. */
static bool concerns(const struct change *change, const struct unit *unit, const struct said *said)
{
	for (size_t i = 0; said->path.len && i < unit->view.len; i++) {
		const struct diff_file *file = &change->diff->files[unit->view.parts[i].file];

		if (str_eq(file->path, said->path) || str_eq(file->old_path, said->path) ||
		    (said->elsewhere && is_near(said->path, file->path)))
			return true;
	}
	return !said->path.len;
}

static void add_said(struct buf *out, const struct said *said)
{
	if (said->elsewhere)
		buf_add_text(out, "- dismissed on another pull request: ");
	else
		buf_add_text(out, said->closed ? "- dismissed: " : "- posted and open: ");
	if (said->path.len)
		quote_add(out, said->path);
	if (said->line > 0)
		buf_addf(out, ", line %lld", (long long)said->line);
	buf_add_text(out, said->path.len ? ": " : "");
	text_add_redacted(out, said->title, TITLE_SIZE_MAX);
	if (said->why.len) {
		buf_add_text(out, " (");
		text_add_redacted(out, said->why, REASON_SIZE_MAX);
		buf_add_char(out, ')');
	}
	buf_add_char(out, '\n');
}

/* Decisions on this pull request come first, decisions on others last. */
static int order_of(const struct said *said)
{
	if (said->elsewhere)
		return 2;
	return said->closed ? 0 : 1;
}

void memory_add(struct buf *out, const struct change *change, const struct unit *unit)
{
	int left = MEMORY_ITEMS_MAX;

	for (int order = 0; order <= 2; order++) {
		for (size_t i = 0; i < change->said_len && left > 0; i++) {
			const struct said *said = &change->said[i];

			if (order_of(said) != order || !concerns(change, unit, said))
				continue;
			add_said(out, said);
			left--;
		}
	}
}
