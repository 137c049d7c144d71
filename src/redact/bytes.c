/* Bytes of a file as text without secrets. */
#include "base/charset.h"
#include "redact/redact.h"

bool redact_add_bytes(struct buf *out, struct str bytes)
{
	SCOPED(buf) struct buf decoded = BUF_INIT;
	enum charset charset;

	if (!charset_guess(bytes, &charset))
		return false;
	charset_decode(bytes, charset, &decoded);
	redact_add(out, buf_str(&decoded));
	return true;
}
