/* Judges by the words of a name, and their order, whether its value is secret. */
#include "redact/name.h"

#include "base/ascii.h"

enum { WORD_LEN_MAX = 24 };

bool name_has_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Removes the next word, in lower case, from a name in camelCase, snake_case or any other spelling. */
static bool take_word(struct str *name, char *word)
{
	size_t len = 0;
	size_t end = 0;

	while (name->len && !ascii_is_alnum(name->ptr[0]))
		*name = str_skip(*name, 1);
	while (end < name->len && ascii_is_alnum(name->ptr[end])) {
		char c = name->ptr[end];
		bool next_is_lower = end + 1 < name->len && ascii_is_lower(name->ptr[end + 1]);

		if (end && ascii_is_upper(c) &&
		    (!ascii_is_upper(name->ptr[end - 1]) || next_is_lower))
			break;
		if (len < WORD_LEN_MAX)
			word[len++] = ascii_to_lower(c);
		end++;
	}
	word[len] = '\0';
	*name = str_skip(*name, end);
	return end > 0;
}

/* The effect of a word on a name. The last word with an effect decides. */
enum word_kind {
	WORD_OTHER,
	WORD_PASSWORD,
	WORD_SECRET,
	WORD_KEY, /* a secret behind one of WORD_OWNER, else weak */
	WORD_WEAK,
	WORD_OWNER,    /* api, access, private... before "key" */
	WORD_HARMLESS, /* public, primary, next...: the following word is not a secret */
	WORD_SUFFIX,   /* no effect: value, base, prod, 2 */
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
	if (word.len && ascii_is_digit(word.ptr[word.len - 1]))
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
