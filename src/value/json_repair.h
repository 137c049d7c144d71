/* Replaces what JSON readers reject in JSON text from a model. */
#ifndef VALUE_JSON_REPAIR_H
#define VALUE_JSON_REPAIR_H

#include "base/buf.h"

/* Appends the text with U+FFFD for halves of surrogate pairs, escaped NULs and bytes that are not UTF-8. */
void json_repair(struct buf *out, struct str text);

#endif
