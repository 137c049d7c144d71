/* Finds where in a text a secret may start: a quick check that misses none and has few false positives. */
#include "redact/sieve.h"

#include <string.h>

#include "base/ascii.h"
#include "redact/formats.h"
#include "redact/name.h"
#include "redact/token.h"

/* The lowest bits of `chars`; the others belong to the words. */
enum {
	WORD_BIT,      /* a letter or digit */
	MARK_BIT,      /* may begin something even behind a letter */
	BACKSLASH_BIT, /* an escape follows */
	NAME_BIT,
	CLASS_BITS
};

enum {
	START_LEN = 3,   /* bytes that `starts` is asked about */
	AZURE_MARK = 4,  /* "Q~" is this far behind the start of an Azure secret */
	LOOK_LEN = 6,    /* bytes that are looked up together */
	HASH_SHIFT = 19, /* leaves a number below SIEVE_STARTS */
};

/* A name whose value is asked for has one of these in it (name.c), in any case of its letters. */
static const char *const name_parts[] = {"auth", "basic", "bearer", "credential", "key",
					 "pass", "pwd",   "sas",    "secret",     "token"};

/* Secrets that start with a mark: a key block, the authority of a URL, a placeholder. */
static const char *const marks[] = {"---", "://", "[re"};

/* Of the first three of four bytes. */
static size_t start_hash(const char *start)
{
	uint32_t bytes;

	memcpy(&bytes, start, sizeof(bytes));
	bytes = (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? bytes >> 8 : bytes << 8) & 0xffffff00;
	return bytes * UINT32_C(2654435761) >> HASH_SHIFT;
}

static void add_format(struct sieve *sieve, const struct format *format)
{
	char start[START_LEN + 1] = {0};
	size_t len = strlen(format->prefix);

	memcpy(start, format->prefix, MIN_OF(len, sizeof(start)));
	if (len >= START_LEN) {
		sieve->starts[start_hash(start)] = 1;
		return;
	}
	/* The third is any that the format has. */
	assert(len == START_LEN - 1);
	for (int c = 1; c < 256; c++) {
		start[len] = (char)c;
		if (format_has_char(format->alphabet, start[len]))
			sieve->starts[start_hash(start)] = 1;
	}
}

/* The words follow each other in the bits, so that all are matched in parallel. */
static void add_words(struct sieve *sieve)
{
	unsigned bit = CLASS_BITS;

	for (size_t i = 0; i < ARRAY_LEN(name_parts); i++) {
		sieve->word_starts |= UINT64_C(1) << bit;
		for (const char *c = name_parts[i]; *c; c++, bit++) {
			sieve->chars[(unsigned char)*c] |= UINT64_C(1) << bit;
			sieve->chars[(unsigned char)(*c - 'a' + 'A')] |= UINT64_C(1) << bit;
		}
		sieve->word_ends |= UINT64_C(1) << (bit - 1);
	}
	assert(bit <= 64);
}

void sieve_init(struct sieve *sieve)
{
	*sieve = (struct sieve){0};
	for (int c = 0; c < 256; c++) {
		if (name_has_char((char)c))
			sieve->chars[c] |= UINT64_C(1) << NAME_BIT;
		if (ascii_is_alnum((char)c))
			sieve->chars[c] |= UINT64_C(1) << WORD_BIT;
	}
	sieve->chars['\\'] |= UINT64_C(1) << BACKSLASH_BIT;
	add_words(sieve);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		sieve->chars[(unsigned char)marks[i][0]] |= UINT64_C(1) << MARK_BIT;
		sieve->starts[start_hash(marks[i])] = 1;
	}
	sieve->starts[start_hash("eyJ")] = 1;
	for (size_t i = 0; i < formats_len; i++)
		add_format(sieve, &formats[i]);
}

static uint64_t class_of(const struct sieve *sieve, struct str text, size_t at)
{
	return sieve->chars[(unsigned char)text.ptr[at]];
}

static bool in_name(const struct sieve *sieve, struct str text, size_t at)
{
	return class_of(sieve, text, at) >> NAME_BIT & 1;
}

/* Where the name at `at` began, not before `from` and not more than NAME_LEN_MAX back. */
static size_t name_start(const struct sieve *sieve, struct str text, size_t at, size_t from)
{
	size_t start = at;

	while (start > from && at - start <= NAME_LEN_MAX && in_name(sieve, text, start - 1))
		start--;
	return start;
}

/* Whether the value of the name at `at` must be checked: it is short enough, and contains a word of the table. */
static bool is_asked(const struct sieve *sieve, struct str text, size_t at)
{
	uint64_t words = 0;
	uint64_t seen = 0;
	size_t i = at;

	for (; i < text.len && i - at <= NAME_LEN_MAX; i++) {
		if (!in_name(sieve, text, i))
			break;
		words = (words << 1 | sieve->word_starts) & class_of(sieve, text, i);
		seen |= words;
	}
	return i - at <= NAME_LEN_MAX && seen & sieve->word_ends;
}

/*
 * A token may begin at *at, or a word of a name ends there.  Sets *at to where the scan has to stop: the start of
 * the name comes first.  False when there is nothing.
 */
static bool find_stop(const struct sieve *sieve, struct str text, size_t from, bool token,
		      size_t *at)
{
	size_t start = name_start(sieve, text, *at, from);
	bool whole = start > from || !in_name(sieve, text, from - 1);

	if (whole && *at - start <= NAME_LEN_MAX && in_name(sieve, text, *at) &&
	    is_asked(sieve, text, start)) {
		*at = start;
		return true;
	}
	return token;
}

/* Lines of dashes are common, key blocks are not. */
static bool is_dashes(struct str text, size_t at)
{
	return text.ptr[at] == '-' && !str_starts(str_skip(text, at), STR("-----BEGIN "));
}

size_t sieve_next(const struct sieve *sieve, struct str text, size_t at, size_t end)
{
	size_t from = at;
	uint64_t before = class_of(sieve, text, at - 1);
	/* Its WORD_BIT: a letter precedes `at` that does not belong to an escape such as \n. */
	uint64_t inside = before & ~(at > 1 ? class_of(sieve, text, at - 2) >> BACKSLASH_BIT : 0);
	uint64_t words = 0;
	size_t last = text.len < LOOK_LEN ? 0 : MIN_OF(end, text.len - LOOK_LEN + 1);

	/* Without branches but the one that is seldom taken. */
	for (; at < last; at++) {
		const char *c = text.ptr + at;
		uint64_t now = sieve->chars[(unsigned char)*c];
		uint64_t token = ((now & ~inside) | now >> MARK_BIT) & sieve->starts[start_hash(c)];
		bool azure = c[AZURE_MARK] == 'Q' && c[AZURE_MARK + 1] == '~';

		words = (words << 1 | sieve->word_starts) & now;
		if ((token | (words & sieve->word_ends) | azure) &&
		    find_stop(sieve, text, from, azure || (token && !is_dashes(text, at)), &at))
			return at;
		inside = now & ~(before >> BACKSLASH_BIT);
		before = now;
	}
	return at < end ? name_start(sieve, text, at, from) : end;
}
