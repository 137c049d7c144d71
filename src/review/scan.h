/* Reads the input of report_findings while it streams, to show titles as soon as they are there. */
#ifndef REVIEW_SCAN_H
#define REVIEW_SCAN_H

#include "base/buf.h"
#include "base/common.h"

enum { SCAN_DEPTH_MAX = 16, SCAN_TEXT_MAX = 400 };

/*
 * Fed with pieces of JSON text, it calls `title` for each complete string /findings/N/title.  Text
 * that is not JSON gives no titles.  Allocates nothing.
 */
struct scan {
	void (*title)(void *ctx, struct str title);
	void *ctx;
	int depth;
	bool is_array[SCAN_DEPTH_MAX];
	bool on_path
		[SCAN_DEPTH_MAX]; /* the container at that depth is "findings" or an item of it */
	bool in_string, escaped;
	int hex_left;                 /* digits of a \u escape still to come */
	bool expects_value;           /* behind a ':' */
	char key[16];                 /* the last name, cut */
	char text[SCAN_TEXT_MAX + 1]; /* the string being read, cut, with its escapes */
	size_t text_len;
};

void scan_add(struct scan *scan, struct str piece);

#endif
