/* A program of the build: prints the manual page, a completion script or a page of the documentation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/reference.h"

/* The manual page has the date of the sources, in seconds since 1970, or none. */
static void write_manual(struct buf *out, const char *seconds)
{
	time_t then = strtoll(seconds, NULL, 10);
	char date[sizeof("2026-11-28")] = "";
	struct tm day;

	if (then > 0 && gmtime_r(&then, &day))
		strftime(date, sizeof(date), "%Y-%m-%d", &day);
	reference_manual(out, date);
}

static bool write_page(struct buf *out, const char *name)
{
	static const struct reference_page {
		const char *name;
		void (*write)(struct buf *out);
	} pages[] = {
		{"commands", reference_commands},
		{"keys", reference_keys},
	};

	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		if (strcmp(name, pages[i].name) == 0) {
			pages[i].write(out);
			return true;
		}
	}
	for (size_t i = 0; complete_shells[i]; i++) {
		if (strcmp(name, complete_shells[i]) == 0) {
			complete_write(out, str_from(name), &all_commands);
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	if (argc >= 2 && argc <= 3 && strcmp(argv[1], "manual") == 0) {
		write_manual(&out, argc == 3 ? argv[2] : "");
	} else if (argc != 2 || !write_page(&out, argv[1])) {
		fprintf(stderr,
			"usage: outcrop-reference commands|keys|manual [SECONDS]|bash|fish|zsh\n");
		return 2;
	}
	return fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0 ? 0 : 1;
}
