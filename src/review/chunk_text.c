/* Renders a chunk: headers, sections, lines, and what is shown around them. */
#include "review/chunk_text.h"

#include "diff/render.h"

static void render_hunk(struct buf *out, const struct diff *diff, const struct chunk_part *part,
			const struct around_view *view)
{
	const struct diff_hunk *hunk = &diff->files[part->file].hunks[part->hunk];
	struct around around = around_part(view, diff, part);
	uint32_t first = diff_hunk_first(hunk);

	diff_render_section(out, hunk);
	diff_render_around(out, first - around.above_len, around.above, around.above_len);
	diff_render_lines(out, hunk, part->first, part->count);
	diff_render_around(out, first + hunk->new_len, around.below, around.below_len);
}

void chunk_render(struct buf *out, const struct diff *diff, const struct chunk *chunk,
		  const struct around_view *view)
{
	for (size_t i = 0; i < chunk->len; i++) {
		const struct chunk_part *part = &chunk->parts[i];
		const struct diff_file *file = &diff->files[part->file];

		if (!i || chunk->parts[i - 1].file != part->file) {
			if (i)
				buf_add_char(out, '\n');
			diff_render_header(out, file);
		}
		if (file->len)
			render_hunk(out, diff, part, view);
	}
}
