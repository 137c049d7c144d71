/* Secret-looking strings in text: found and replaced before a model or a reader sees them. */
#ifndef REDACT_REDACT_H
#define REDACT_REDACT_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/*
 * Appends `text` to `out` with every string that looks like a secret replaced by
 * "[redacted:KIND]" (for example [redacted:aws-access-key]); returns how many were replaced.  Line
 * breaks stay, so line numbers hold.  Known formats come from one table (cloud keys, forge and chat
 * tokens, private key blocks, JWTs, connection strings with passwords) and from assignments of
 * high-entropy values to names such as key, token, secret, password.  Never taken for secrets: hex of
 * 32, 40 or 64 digits (unless the name says key, token, secret or password), UUIDs, `sha256:` and
 * `integrity` values.  Doing it twice changes nothing more.  Breathes in a text of over 8 KiB.
 */
size_t redact_add(struct buf *out, struct str text);

/*
 * The same for the bytes of a file, decoded to UTF-8 first (base/charset.h); false, with nothing appended,
 * when they are not text.
 */
bool redact_add_bytes(struct buf *out, struct str bytes) MUST_USE;

/* True when `text` holds a placeholder that redact_add() puts. */
bool redact_has_placeholder(struct str text);

#endif
