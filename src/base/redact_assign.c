/* Assignments of random-looking values to names such as key, token, secret, password. */
#include "base/redact_assign.h"

#include <math.h>
#include <string.h>

enum {
	NAME_LEN_MAX = 128,
	WORD_LEN_MAX = 24,
	VALUE_LEN_MAX = 4096,
	TYPE_LEN_MAX = 40, /* of a type between a name and its operator */
};

/*
 * The letter pairs that most English words and identifiers are made of: those that may follow each
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

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_lower(c) || is_upper(c) || is_digit(c);
}

static char to_lower(char c)
{
	return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

bool name_has_char(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Takes the next word of a name in camelCase, snake_case or any other spelling, in lower case. */
static bool take_word(struct str *name, char *word)
{
	size_t len = 0;
	size_t end = 0;

	while (name->len && !is_alnum(name->ptr[0]))
		*name = str_skip(*name, 1);
	while (end < name->len && is_alnum(name->ptr[end])) {
		char c = name->ptr[end];
		bool next_is_lower = end + 1 < name->len && is_lower(name->ptr[end + 1]);

		if (end && is_upper(c) && (!is_upper(name->ptr[end - 1]) || next_is_lower))
			break;
		if (len < WORD_LEN_MAX)
			word[len++] = to_lower(c);
		end++;
	}
	word[len] = '\0';
	*name = str_skip(*name, end);
	return end > 0;
}

/* What a word makes of a name.  Where a word stands decides: the last one that says anything does. */
enum word_kind {
	WORD_OTHER,
	WORD_PASSWORD,
	WORD_SECRET,
	WORD_KEY, /* a secret behind one of WORD_OWNER, else weak */
	WORD_WEAK,
	WORD_OWNER,    /* api, access, private... before "key" */
	WORD_HARMLESS, /* public, primary, next...: what follows is no secret */
	WORD_SUFFIX,   /* says nothing: value, base, prod, 2 */
};

static const struct {
	const char *word;
	enum word_kind kind;
} words[] = {
	{"access", WORD_OWNER},
	{"accesskey", WORD_SECRET},
	{"account", WORD_OWNER},
	{"accountkey", WORD_SECRET},
	{"admin", WORD_OWNER},
	{"api", WORD_OWNER},
	{"apikey", WORD_SECRET},
	{"apitoken", WORD_SECRET},
	{"app", WORD_OWNER},
	{"appkey", WORD_SECRET},
	{"auth", WORD_WEAK},
	{"authkey", WORD_SECRET},
	{"authorization", WORD_WEAK},
	{"authtoken", WORD_SECRET},
	{"b64", WORD_SUFFIX},
	{"base", WORD_SUFFIX},
	{"base64", WORD_SUFFIX},
	{"bytes", WORD_SUFFIX},
	{"cache", WORD_HARMLESS},
	{"client", WORD_OWNER},
	{"clientsecret", WORD_SECRET},
	{"continuation", WORD_HARMLESS},
	{"credential", WORD_WEAK},
	{"credentials", WORD_WEAK},
	{"crypt", WORD_OWNER},
	{"current", WORD_SUFFIX},
	{"cursor", WORD_HARMLESS},
	{"data", WORD_SUFFIX},
	{"default", WORD_SUFFIX},
	{"dev", WORD_SUFFIX},
	{"encoded", WORD_SUFFIX},
	{"encryption", WORD_OWNER},
	{"env", WORD_SUFFIX},
	{"foreign", WORD_HARMLESS},
	{"hash", WORD_HARMLESS},
	{"header", WORD_SUFFIX},
	{"hex", WORD_SUFFIX},
	{"hmac", WORD_OWNER},
	{"idempotency", WORD_HARMLESS},
	{"integrity", WORD_HARMLESS},
	{"key", WORD_KEY},
	{"license", WORD_OWNER},
	{"live", WORD_SUFFIX},
	{"master", WORD_OWNER},
	{"masterkey", WORD_SECRET},
	{"new", WORD_SUFFIX},
	{"next", WORD_HARMLESS},
	{"old", WORD_SUFFIX},
	{"page", WORD_HARMLESS},
	{"pass", WORD_PASSWORD},
	{"passphrase", WORD_PASSWORD},
	{"passwd", WORD_PASSWORD},
	{"password", WORD_PASSWORD},
	{"plain", WORD_SUFFIX},
	{"plaintext", WORD_SUFFIX},
	{"primary", WORD_HARMLESS},
	{"private", WORD_OWNER},
	{"privatekey", WORD_SECRET},
	{"prod", WORD_SUFFIX},
	{"production", WORD_SUFFIX},
	{"public", WORD_HARMLESS},
	{"pwd", WORD_PASSWORD},
	{"raw", WORD_SUFFIX},
	{"resume", WORD_HARMLESS},
	{"sas", WORD_WEAK},
	{"secret", WORD_SECRET},
	{"secretkey", WORD_SECRET},
	{"service", WORD_OWNER},
	{"session", WORD_OWNER},
	{"shared", WORD_OWNER},
	{"signing", WORD_OWNER},
	{"sort", WORD_HARMLESS},
	{"staging", WORD_SUFFIX},
	{"storage", WORD_OWNER},
	{"str", WORD_SUFFIX},
	{"string", WORD_SUFFIX},
	{"subscription", WORD_OWNER},
	{"sync", WORD_HARMLESS},
	{"test", WORD_SUFFIX},
	{"token", WORD_SECRET},
	{"value", WORD_SUFFIX},
	{"var", WORD_SUFFIX},
	{"webhook", WORD_OWNER},
};

static enum word_kind judge_word(struct str word)
{
	size_t low = 0;
	size_t high = ARRAY_LEN(words);

	/* By halves: every name in a text is judged, and most are not in the table. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(word, str_from(words[middle].word));

		if (order == 0)
			return words[middle].kind;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	if (word.len && is_digit(word.ptr[word.len - 1]))
		return judge_word(str_slice(word, 0, word.len - 1)); /* password2, v1, 3 */
	if (!word.len || str_eq(word, STR("v")))
		return WORD_SUFFIX;
	if (str_ends(word, STR("password")) || str_ends(word, STR("passwd")))
		return WORD_PASSWORD;
	if (str_ends(word, STR("apikey")) || str_ends(word, STR("token")) ||
	    str_ends(word, STR("secret")))
		return WORD_SECRET;
	return WORD_OTHER;
}

enum name_kind name_judge(struct str name)
{
	char word[WORD_LEN_MAX + 1];
	enum name_kind kind = NAME_PLAIN;
	enum word_kind before = WORD_OTHER;

	while (take_word(&name, word)) {
		enum word_kind now = judge_word(str_from(word));

		switch (now) {
		case WORD_PASSWORD:
			kind = NAME_PASSWORD;
			break;
		case WORD_SECRET:
			kind = NAME_SECRET;
			break;
		case WORD_KEY:
			kind = before == WORD_OWNER || before == WORD_SECRET ? NAME_SECRET
									     : NAME_WEAK;
			break;
		case WORD_WEAK:
			kind = NAME_WEAK;
			break;
		case WORD_HARMLESS:
			return NAME_PLAIN;
		case WORD_OTHER:
		case WORD_OWNER:
			kind = NAME_PLAIN;
			break;
		case WORD_SUFFIX:
			break;
		}
		before = now;
	}
	return kind;
}

/* Bits of information in a character of `s`, by how often each one stands in it. */
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

/* What two neighbours say: 1 as in a word, -1 as in no word, 0 nothing. */
static int judge_pair(char a, char b)
{
	if (!is_alnum(a) || !is_alnum(b) || (is_digit(a) && is_digit(b)))
		return 0;
	if (is_digit(a) || is_digit(b))
		return -1;
	if (is_lower(a) && is_upper(b))
		return 0;
	return strchr(common_pairs[to_lower(a) - 'a'], to_lower(b)) ? 1 : -1;
}

/* The share of neighbours that stand as in words; 1 when there is nothing to judge. */
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
		upper = upper || is_upper(s.ptr[i]);
		lower = lower || is_lower(s.ptr[i]);
		digit = digit || is_digit(s.ptr[i]);
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
		char c = to_lower(s.ptr[i]);

		if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
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
		char c = to_lower(s.ptr[i]);
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

/* "sha256:...", "sha512-...": digests say what they are. */
static bool is_named_digest(struct str s)
{
	size_t digits = 3;

	if (!str_starts_nocase(s, STR("sha")))
		return false;
	while (digits < s.len && is_digit(s.ptr[digits]))
		digits++;
	return digits > 3 && digits < s.len && (s.ptr[digits] == ':' || s.ptr[digits] == '-');
}

/* Stands for a value that somebody else puts in: $NAME, ${NAME}, {{ x }}, <x>, %s, ***. */
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
		if (!is_lower(s.ptr[i]) && !is_upper(s.ptr[i]))
			return true;
	}
	return false;
}

static bool has_digit_and_letter(struct str s)
{
	bool digit = false;
	bool letter = false;

	for (size_t i = 0; i < s.len; i++) {
		digit = digit || is_digit(s.ptr[i]);
		letter = letter || is_lower(s.ptr[i]) || is_upper(s.ptr[i]);
	}
	return digit && letter;
}

/* A signed or encoded value has these only; prose and code have others. */
static bool has_token_alphabet(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_alnum(s.ptr[i]) && !strchr("+/=_-.~:!@#%^&*|", s.ptr[i]))
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

static size_t skip_blanks(struct str text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
		at++;
	return at;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Behind what may close a name: quotes (escaped ones too), brackets, an array's bounds. */
static size_t skip_closers(struct str text, size_t at)
{
	while (at < text.len && (is_quote(text.ptr[at]) || text.ptr[at] == ']' ||
				 text.ptr[at] == '[' || text.ptr[at] == '\\'))
		at++;
	return skip_blanks(text, at);
}

/*
 * Behind a type that stands between the name and '=': `: &str`, ` string`.  Else `at`.  A type has no
 * blanks, so that whichever name within it is asked, the same '=' is found.
 */
static size_t skip_type(struct str text, size_t at)
{
	size_t end = at;
	size_t start;

	if (end < text.len && text.ptr[end] == ':')
		end = skip_blanks(text, end + 1);
	start = end;
	while (end < text.len && end - start < TYPE_LEN_MAX &&
	       (is_alnum(text.ptr[end]) || (text.ptr[end] && strchr("&_<>'|?*.[]", text.ptr[end]))))
		end++;
	if (end == start)
		return at;
	end = skip_blanks(text, end);
	return end < text.len && text.ptr[end] == '=' ? end : at;
}

/* Behind the operator at `at`: = := : => == ( ; 0 when none stands there. */
static size_t skip_operator(struct str text, size_t at)
{
	size_t end = at;

	if (at >= text.len || !text.ptr[at] || !strchr("=:(", text.ptr[at]))
		return 0;
	if (text.ptr[at] == '(')
		return at + 1;
	while (end < text.len && end - at < 3 && strchr(":=>", text.ptr[end]) && text.ptr[end])
		end++;
	return end;
}

/* The text between quotes at `at`; it must close on the same line, by the quote or an escaped one. */
static bool take_quoted(struct str text, size_t at, struct str *value)
{
	char quote;
	size_t end;

	if (at < text.len && text.ptr[at] == '\\')
		at++;
	if (at >= text.len || !is_quote(text.ptr[at]))
		return false;
	quote = text.ptr[at++];
	end = at;
	while (end < text.len && end - at <= VALUE_LEN_MAX && text.ptr[end] != quote &&
	       text.ptr[end] != '\n' && text.ptr[end] != ' ')
		end++;
	if (end >= text.len || text.ptr[end] != quote)
		return false;
	if (end > at && text.ptr[end - 1] == '\\')
		end--;
	*value = str_slice(text, at, end - at);
	return true;
}

/* Text without quotes, up to white space or what ends an item in YAML, shells, connection strings. */
static bool take_bare(struct str text, size_t at, struct str *value)
{
	size_t end = at;

	while (end < text.len && end - at <= VALUE_LEN_MAX &&
	       (is_alnum(text.ptr[end]) ||
		(text.ptr[end] && strchr("+/_-~.!@#%^*", text.ptr[end]))))
		end++;
	/* Only padding: a '=' in the middle would make every name of a long chain scan all of it. */
	for (int padding = 0; padding < 3 && end < text.len && text.ptr[end] == '='; padding++)
		end++;
	if (end == at || (end < text.len && !strchr(" \t\r\n\"';,&)}]\\`", text.ptr[end])))
		return false;
	*value = str_slice(text, at, end - at);
	return true;
}

/* `Authorization: Bearer VALUE`: the scheme is the name and a blank the operator. */
static bool find_scheme(struct str name, struct str text, struct str *value)
{
	struct str found;

	if (!str_eq_nocase(name, STR("bearer")) && !str_eq_nocase(name, STR("basic")))
		return false;
	if (text.len <= name.len + 1 || text.ptr[name.len] != ' ' ||
	    !take_bare(text, name.len + 1, &found))
		return false;
	if (!value_is_secret(found, NAME_SECRET, false))
		return false;
	*value = found;
	return true;
}

bool assign_find(struct str text, struct str *value)
{
	struct str name;
	struct str found;
	enum name_kind kind;
	size_t len = 0;
	size_t at;
	bool call;

	while (len < text.len && len <= NAME_LEN_MAX && name_has_char(text.ptr[len]))
		len++;
	if (len > NAME_LEN_MAX)
		return false;
	name = str_slice(text, 0, len);
	if (find_scheme(name, text, value))
		return true;
	kind = name_judge(name);
	if (kind == NAME_PLAIN)
		return false;
	at = skip_closers(text, skip_blanks(text, len));
	at = skip_operator(text, skip_type(text, at));
	if (!at)
		return false;
	call = text.ptr[at - 1] == '(';
	at = skip_blanks(text, at);
	/* String prefixes of Python, Rust, C and C#. */
	if (at + 1 < text.len && strchr("rbfuL@", text.ptr[at]) && is_quote(text.ptr[at + 1]))
		at++;
	if (take_quoted(text, at, &found)) {
		if (!value_is_secret(found, kind, true))
			return false;
	} else if (call || !take_bare(text, at, &found) || !value_is_secret(found, kind, false)) {
		return false;
	}
	*value = found;
	return true;
}
