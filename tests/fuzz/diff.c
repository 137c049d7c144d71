/* Any bytes as a diff: parsed or refused, and what is parsed can be looked up and rendered. */
#include <stdint.h>

#include "diff/diff.h"
#include "diff/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	if (!diff_parse(str_of((const char *)data, size), &diff, &err))
		return 0;
	for (size_t i = 0; i < diff.len; i++) {
		const struct diff_file *file = &diff.files[i];

		diff_render_file(&out, file);
		diff_render_content(&out, file);
		assert(diff_find(&diff, file->path));
		if (file->len && file->hunks[0].new_len)
			assert(diff_line_at(file, SIDE_RIGHT, file->hunks[0].new_start, NULL) ||
			       !file->hunks[0].new_start);
	}
	return 0;
}
