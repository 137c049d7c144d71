/* The fingerprint of a finding: where and on which code it stands, not what is said of it. */
#include "base/buf.h"
#include "base/hash.h"
#include "finding/finding.h"

enum { FINGERPRINT_BYTES = 8 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

struct str finding_fingerprint(struct arena *arena, struct str path, struct str quoted)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str code = str_trim(quoted);
	struct sha256 digest;
	char hex[2 * FINGERPRINT_BYTES];

	/* The length keeps a path from running into the code. */
	buf_addf(&text, "%zu:", path.len);
	buf_add(&text, path);
	for (size_t i = 0; i < code.len; i++) {
		if (!is_blank(code.ptr[i]))
			buf_add_char(&text, code.ptr[i]);
		else if (!is_blank(code.ptr[i - 1]))
			buf_add_char(&text, ' ');
	}
	digest = sha256_of(buf_str(&text));
	for (size_t i = 0; i < sizeof(hex); i++) {
		unsigned nibble = digest.bytes[i / 2] >> (i % 2 ? 0 : 4);

		hex[i] = "0123456789abcdef"[nibble & 15];
	}
	return arena_str(arena, str_of(hex, sizeof(hex)));
}
