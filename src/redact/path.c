/* Paths without secrets, as people and models see them. */
#include "redact/path.h"

#include "base/hash.h"
#include "base/quote.h"
#include "redact/redact.h"

enum { HASH_DIGITS = 8 };

struct str path_shown(struct arena *arena, struct str path)
{
	SCOPED(buf) struct buf clean = BUF_INIT;
	struct str text;
	size_t end;

	if (!redact_add(&clean, path))
		return path;
	text = buf_str(&clean);
	/* The first placeholder ends here; what is behind it says which kind of file it is. */
	end = (size_t)str_find(text, STR("]"), (size_t)str_find(text, STR("[redacted:"), 0)) + 1;
	return arena_printf(arena, "%.*s-%.*s%.*s", (int)end, text.ptr, HASH_DIGITS,
			    sha256_hex(arena, path).ptr, STR_ARG(str_skip(text, end)));
}

bool path_is(struct str path, struct str shown)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return str_eq(path, shown) ||
	       (redact_has_placeholder(shown) && str_eq(path_shown(&arena, path), shown));
}

path_test *path_test_for(struct str shown)
{
	return redact_has_placeholder(shown) ? path_is : NULL;
}

void path_add(struct buf *out, struct str path)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	quote_add(out, path_shown(&arena, path));
}
