/* A program of the build: prints the manual page, a completion script or a page of the documentation. */
#include <stdio.h>
#include <string.h>

#include "cli/complete.h"
#include "cli/reference.h"

static bool write_page(struct buf *out, const char *name)
{
	static const struct reference_page {
		const char *name;
		void (*write)(struct buf *out);
	} pages[] = {
		{"commands", reference_commands},
		{"keys", reference_keys},
		{"manual", reference_manual},
	};

	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		if (strcmp(name, pages[i].name) == 0) {
			pages[i].write(out);
			return true;
		}
	}
	for (size_t i = 0; complete_shells[i]; i++) {
		if (strcmp(name, complete_shells[i]) == 0) {
			complete_write(out, str_from(name));
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	if (argc != 2 || !write_page(&out, argv[1])) {
		fprintf(stderr, "usage: outcrop-reference commands|keys|manual|bash|fish|zsh\n");
		return 2;
	}
	return fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : 1;
}
