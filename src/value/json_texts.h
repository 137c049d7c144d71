/* Long texts as JSON that begin alike, as those of many requests do: the start is written once, then copied. */
#ifndef VALUE_JSON_TEXTS_H
#define VALUE_JSON_TEXTS_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/* Shorter texts are written as quickly as they are compared. */
enum { JSON_TEXT_LONG = 1 << 10 };

/* The texts that were of use last.  A text is remembered with at most 64 KiB. */
struct json_texts;

struct json_texts *json_texts_new(void);
void json_texts_free(struct json_texts *texts);

/*
 * Appends `text` with its escapes, without quotes.  Its start is copied from the one that begins most like it; when
 * that is less than half of it, the whole text takes the place of the one that was of no use for longest.
 */
void json_texts_write(struct json_texts *texts, struct buf *buf, struct str text);

#endif
