/* Runs golden cases: reads sections, compares with what is expected. */
#include "golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"

enum { CASE_SIZE_MAX = 1 << 20, CASES_MAX = 1000 };

static struct str without_line_break(struct str text)
{
	return str_ends(text, STR("\n")) ? str_slice(text, 0, text.len - 1) : text;
}

/* Reads one escape, whose backslash is already taken off `rest`. */
static void add_escape(struct buf *out, struct str *rest)
{
	static const char letters[] = {['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['\\'] = '\\'};
	char c = rest->len ? rest->ptr[0] : '\0';
	char digits[9] = {0};
	ptrdiff_t end;

	*rest = str_skip(*rest, 1);
	if (c == 'x') {
		memcpy(digits, rest->ptr, MIN_OF(rest->len, (size_t)2));
		buf_add_char(out, (char)strtoul(digits, NULL, 16));
		*rest = str_skip(*rest, 2);
		return;
	}
	if (c == 'u') {
		end = str_find_char(*rest, '}', 0);
		ck_assert_msg(end > 1 && end < 9, "\\u{HHHH} is not closed");
		memcpy(digits, rest->ptr + 1, (size_t)end - 1);
		utf8_add(out, (uint32_t)strtoul(digits, NULL, 16));
		*rest = str_skip(*rest, (size_t)end + 1);
		return;
	}
	ck_assert_msg((size_t)c < sizeof(letters) && letters[(size_t)c], "unknown escape \\%c", c);
	buf_add_char(out, letters[(size_t)c]);
}

static struct str unescape(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	while (text.len) {
		char c = text.ptr[0];

		text = str_skip(text, 1);
		if (c == '\\')
			add_escape(&out, &text);
		else
			buf_add_char(&out, c);
	}
	return arena_str(arena, buf_str(&out));
}

static void end_section(struct golden *golden, const char *end)
{
	struct golden_section *section = golden->len ? &golden->sections[golden->len - 1] : NULL;

	if (!section)
		return;
	section->text.len = (size_t)(end - section->text.ptr);
	section->text = without_line_break(section->text);
	if (!str_ends(section->name, STR(" escaped")))
		return;
	section->name = str_slice(section->name, 0, section->name.len - strlen(" escaped"));
	section->text = unescape(&golden->arena, section->text);
}

/* Splits the file; returns the length of the text before the expected one. */
static size_t read_sections(struct golden *golden, struct str text)
{
	struct str rest = text;
	struct str line;

	while (rest.len) {
		const char *start = rest.ptr;

		str_next_line(&rest, &line, NULL);
		if (!str_starts(line, STR("=== ")))
			continue;
		end_section(golden, start);
		ck_assert_uint_lt(golden->len, GOLDEN_SECTIONS_MAX);
		golden->sections[golden->len++] =
			(struct golden_section){.name = str_skip(line, 4), .text = rest};
		if (str_eq(line, STR("=== expected")))
			return text.len - rest.len;
	}
	ck_abort_msg("%s has no section \"expected\"", golden->name);
	return 0;
}

struct str golden_text(const struct golden *golden, const char *name)
{
	for (size_t i = 0; i < golden->len; i++) {
		if (str_eq(golden->sections[i].name, str_from(name)))
			return golden->sections[i].text;
	}
	return STR_EMPTY;
}

void golden_end_line(struct buf *out)
{
	if (!str_ends(buf_str(out), STR("\n")))
		buf_add_char(out, '\n');
}

/* False, with both texts printed, when the case gives something else. */
static bool run_case(const char *folder, const char *name, golden_fn *run)
{
	struct golden golden = {.name = name};
	SCOPED(buf) struct buf file = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};

	ck_assert_msg(file_read_below(folder, name, CASE_SIZE_MAX, &file, &err), "%s", err.message);
	size_t head = read_sections(&golden, buf_str(&file));
	run(&golden, &out);
	struct str expected = without_line_break(str_skip(buf_str(&file), head));
	struct str given = without_line_break(buf_str(&out));
	bool same = str_eq(expected, given);
	if (!same && getenv("OUTCROP_GOLDEN_WRITE")) {
		struct str all = arena_printf(&golden.arena, "%.*s%.*s\n", (int)head, file.ptr,
					      STR_ARG(given));
		same = file_write_below(folder, name, all, &err);
	}
	if (!same)
		/* Not on stdout, whose buffer is lost when the test ends by a failed check. */
		fprintf(stderr, "%s: expected:\n%.*s\ngiven:\n%.*s\n", name, STR_ARG(expected),
			STR_ARG(given));
	arena_release(&golden.arena);
	return same;
}

static int keep_cases(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void golden_run(const char *area, golden_fn *run)
{
	char folder[600];
	struct dirent **entries;
	int wrong = 0;

	snprintf(folder, sizeof(folder), "%s/tests/golden/%s", OUTCROP_SOURCE_ROOT, area);
	int len = scandir(folder, &entries, keep_cases, alphasort);
	ck_assert_msg(len > 0, "there are no cases in %s", folder);
	for (int i = 0; i < len; i++) {
		wrong += !run_case(folder, entries[i]->d_name, run);
		free(entries[i]);
	}
	free(entries);
	ck_assert_msg(!wrong, "%d of %d cases of %s differ", wrong, len, area);
}
