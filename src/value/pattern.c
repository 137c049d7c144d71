/* Regular expressions in files of users. */
#include "value/pattern.h"

#include <pcre2.h>

enum { PATTERN_STEPS_MAX = 1000000 };

static pcre2_code *compile(struct str pattern, struct error *err)
{
	unsigned char why[200];
	PCRE2_SIZE at = 0;
	int number = 0;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)(pattern.len ? pattern.ptr : ""), pattern.len,
			      PCRE2_UTF | PCRE2_CASELESS | PCRE2_DOTALL, &number, &at, NULL);

	if (!code) {
		pcre2_get_error_message(number, why, sizeof(why));
		(void)error_set(err, ERROR_CONFIG, "not a regular expression, at character %zu: %s",
				(size_t)at + 1, (const char *)why);
	}
	return code;
}

bool pattern_check(struct str pattern, struct error *err)
{
	pcre2_code *code = compile(pattern, err);

	pcre2_code_free(code);
	return code != NULL;
}

bool pattern_matches(struct str pattern, struct str text)
{
	struct error err;
	pcre2_code *code = compile(pattern, &err);
	pcre2_match_context *limits;
	pcre2_match_data *data;
	int result;

	if (!code)
		return false;
	limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(limits, PATTERN_STEPS_MAX);
	data = pcre2_match_data_create(1, NULL);
	result = pcre2_match(code, (PCRE2_SPTR)(text.len ? text.ptr : ""), text.len, 0, 0, data,
			     limits);
	pcre2_match_data_free(data);
	pcre2_match_context_free(limits);
	pcre2_code_free(code);
	return result >= 0;
}
