/* A scanner of JSON in pieces: it knows strings, depth and the last name, and nothing more. */
#include "review/scan.h"

#include <string.h>

static bool key_is(const struct scan *scan, const char *name)
{
	return strcmp(scan->key, name) == 0;
}

static void open_container(struct scan *scan, bool is_array)
{
	int depth = scan->depth++;

	if (depth < SCAN_DEPTH_MAX) {
		bool findings = depth == 1 && is_array && key_is(scan, "findings");
		bool item = depth == 2 && !is_array && scan->on_path[1];
		scan->is_array[depth] = is_array;
		scan->on_path[depth] = findings || item;
	}
	scan->expects_value = false;
	scan->key[0] = '\0';
}

static void keep_key(struct scan *scan)
{
	size_t len = MIN_OF(scan->text_len, sizeof(scan->key) - 1);

	memcpy(scan->key, scan->text, len);
	scan->key[len] = '\0';
}

static void end_string(struct scan *scan)
{
	int depth = scan->depth - 1;

	scan->in_string = false;
	if (depth < 0 || depth >= SCAN_DEPTH_MAX || scan->is_array[depth])
		return;
	if (!scan->expects_value) {
		keep_key(scan);
		return;
	}
	scan->expects_value = false;
	if (depth == 2 && scan->on_path[2] && key_is(scan, "title"))
		scan->title(scan->ctx, str_of(scan->text, scan->text_len));
}

static void string_char(struct scan *scan, char c)
{
	if (scan->hex_left) {
		scan->hex_left--;
		return;
	}
	if (!scan->escaped && c == '"') {
		end_string(scan);
		return;
	}
	if (!scan->escaped && c == '\\') {
		scan->escaped = true;
		return;
	}
	if (scan->escaped) {
		scan->escaped = false;
		if (c == 'u')
			scan->hex_left = 4;
		if (c == 'n' || c == 't' || c == 'r')
			c = ' ';
		else if (c == 'u')
			c = '?'; /* good enough for a line of progress */
	}
	if (scan->text_len < SCAN_TEXT_MAX)
		scan->text[scan->text_len++] = c;
}

static void plain_char(struct scan *scan, char c)
{
	switch (c) {
	case '"':
		scan->in_string = true;
		scan->text_len = 0;
		break;
	case '{':
	case '[':
		open_container(scan, c == '[');
		break;
	case '}':
	case ']':
		scan->depth -= scan->depth > 0;
		scan->expects_value = false;
		break;
	case ':':
		scan->expects_value = true;
		break;
	case ',':
		scan->expects_value = false;
		break;
	default:
		break;
	}
}

void scan_add(struct scan *scan, struct str piece)
{
	for (size_t i = 0; i < piece.len; i++) {
		if (scan->in_string)
			string_char(scan, piece.ptr[i]);
		else
			plain_char(scan, piece.ptr[i]);
	}
}
