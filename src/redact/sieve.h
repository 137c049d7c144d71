/* Where in a text a secret may begin: a quick look that misses none and seldom errs. */
#ifndef REDACT_SIEVE_H
#define REDACT_SIEVE_H

#include "base/common.h"
#include "base/str.h"

enum { SIEVE_STARTS = 8192 }; /* the formats set about 180 of them */

/*
 * What the look needs to know, made from the table of formats by sieve_init().  It passes a place only when
 * neither a format, a JWT, a key block, an Azure secret, a URL with a password, a placeholder nor a name whose
 * value may be secret begins there.
 */
struct sieve {
	uint64_t chars[256]; /* by byte: its classes, and its positions in the words of names */
	uint64_t word_starts;
	uint64_t word_ends;
	uint8_t starts
		[SIEVE_STARTS]; /* 1 for the first three bytes of what is looked for, hashed */
};

void sieve_init(struct sieve *sieve);

/*
 * Returns the first place from `at` on, before `end`, where something may begin; else `end`.  `at` is behind
 * the start of `text`.  When a name continues there, its value is not checked: it was checked where the name began.
 */
size_t sieve_next(const struct sieve *sieve, struct str text, size_t at, size_t end);

#endif
