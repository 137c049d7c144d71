/* The escapes of JSON's strings. */
#ifndef VALUE_JSON_ESCAPE_H
#define VALUE_JSON_ESCAPE_H

#include "base/buf.h"
#include "base/str.h"

/* Appends a text as it is between the quotes of a string. */
void json_escape(struct buf *buf, struct str text);

#endif
