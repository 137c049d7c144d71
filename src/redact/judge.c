/* Decides whether a value looks like a secret: letter pairs, entropy, and known exceptions. */
#include "redact/judge.h"

#include <math.h>
#include <string.h>

#include "base/ascii.h"

/*
 * The letter pairs that most English words and identifiers are made of: the letters that may follow each
 * letter, counted over C headers, Python and Perl modules and their documents.  They are 200 of 676
 * pairs and make up 87 % of such text, but 30 % of random letters.
 */
static const char *const common_pairs[26] = {
	"bcdgilmnprstu",
	"aeilosu",
	"acehiklortu",
	"adeiorsu",
	"acdefglmnprstvx",
	"aefilor",
	"einrs",
	"aeio",
	"abcdefglmnoprstvz",
	"",
	"e",
	"adeilostuy",
	"aeiopsu",
	"acdefgiostu",
	"bcdglmnoprstuvw",
	"aeiloprstu",
	"u",
	"acdegilmnorstuy",
	"acehiopstuy",
	"acehilorstuy",
	"abceilmnprst",
	"aei",
	"ai",
	"t",
	"p",
	"e",
};

/* Bits of information in a character of `s`, by how often each one occurs. */
static double entropy(struct str s)
{
	size_t counts[256] = {0};
	double bits = 0;

	for (size_t i = 0; i < s.len; i++)
		counts[(unsigned char)s.ptr[i]]++;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		double share = (double)counts[i] / (double)s.len;

		if (counts[i])
			bits -= share * log2(share);
	}
	return bits;
}

/* The evidence of two neighbors: 1 as in a word, -1 as in no word, 0 none. */
static int judge_pair(char a, char b)
{
	if (!ascii_is_alnum(a) || !ascii_is_alnum(b) || (ascii_is_digit(a) && ascii_is_digit(b)))
		return 0;
	if (ascii_is_digit(a) || ascii_is_digit(b))
		return -1;
	if (ascii_is_lower(a) && ascii_is_upper(b))
		return 0;
	return strchr(common_pairs[ascii_to_lower(a) - 'a'], ascii_to_lower(b)) ? 1 : -1;
}

/* The share of letter pairs that occur in words; 1 when there is nothing to judge. */
static double wordiness(struct str s)
{
	size_t like = 0;
	size_t unlike = 0;

	for (size_t i = 0; i + 1 < s.len; i++) {
		int pair = judge_pair(s.ptr[i], s.ptr[i + 1]);

		like += pair > 0;
		unlike += pair < 0;
	}
	return like + unlike ? (double)like / (double)(like + unlike) : 1;
}

/* Upper case, lower case and digits: identifiers seldom have all three. */
static bool has_three_classes(struct str s)
{
	bool upper = false;
	bool lower = false;
	bool digit = false;

	for (size_t i = 0; i < s.len; i++) {
		upper = upper || ascii_is_upper(s.ptr[i]);
		lower = lower || ascii_is_lower(s.ptr[i]);
		digit = digit || ascii_is_digit(s.ptr[i]);
	}
	return upper && lower && digit;
}

bool value_is_random(struct str value)
{
	return value.len >= 16 && entropy(value) >= 3.0 &&
	       wordiness(value) < (has_three_classes(value) ? 0.62 : 0.5);
}

static bool is_hex_digest(struct str s)
{
	if (s.len != 32 && s.len != 40 && s.len != 64)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_hex(s.ptr[i]))
			return false;
	}
	return true;
}

/* 8-4-4-4-12 hex digits (RFC 9562). */
static bool is_uuid(struct str s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !ascii_is_hex(c))
			return false;
	}
	return true;
}

/* "sha256:...", "sha512-...": digests name their algorithm. */
static bool is_named_digest(struct str s)
{
	size_t digits = 3;

	if (!str_starts_nocase(s, STR("sha")))
		return false;
	while (digits < s.len && ascii_is_digit(s.ptr[digits]))
		digits++;
	return digits > 3 && digits < s.len && (s.ptr[digits] == ':' || s.ptr[digits] == '-');
}

/* Whether it is a placeholder for another value: $NAME, ${NAME}, {{ x }}, <x>, %s, ***. */
static bool is_variable(struct str s)
{
	return strchr("$<{%*[(", s.ptr[0]) || str_contains(s, STR("${")) ||
	       str_contains(s, STR("{{")) || str_contains(s, STR("://"));
}

static bool all_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~')
			return false;
	}
	return true;
}

static bool has_digit_or_sign(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_lower(s.ptr[i]) && !ascii_is_upper(s.ptr[i]))
			return true;
	}
	return false;
}

static bool has_digit_and_letter(struct str s)
{
	bool digit = false;
	bool letter = false;

	for (size_t i = 0; i < s.len; i++) {
		digit = digit || ascii_is_digit(s.ptr[i]);
		letter = letter || ascii_is_lower(s.ptr[i]) || ascii_is_upper(s.ptr[i]);
	}
	return digit && letter;
}

/* A signed or encoded value has these only; prose and code have others. */
static bool has_token_alphabet(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_alnum(s.ptr[i]) && !strchr("+/=_-.~:!@#%^&*|", s.ptr[i]))
			return false;
	}
	return true;
}

bool value_is_secret(struct str value, enum name_kind kind, bool quoted)
{
	if (kind == NAME_PLAIN || value.len < 8 || value.len > VALUE_LEN_MAX)
		return false;
	if (!all_printable(value) || is_variable(value) || is_uuid(value) || is_named_digest(value))
		return false;
	if (is_hex_digest(value))
		return kind != NAME_WEAK && entropy(value) >= 2.5;
	if (kind == NAME_PASSWORD && quoted)
		return has_digit_or_sign(value) && entropy(value) >= 2.75 &&
		       wordiness(value) < 0.55;
	if (!has_token_alphabet(value) || !has_digit_and_letter(value))
		return false;
	if (kind == NAME_PASSWORD)
		return value.len >= 12 && entropy(value) >= 3.0 && wordiness(value) < 0.5;
	return value_is_random(value) && (kind != NAME_WEAK || (quoted && value.len >= 20));
}
