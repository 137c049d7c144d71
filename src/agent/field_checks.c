/* Checks of fields that agents and configuration share. */
#include "agent/field_checks.h"

#include "base/glob.h"
#include "base/utf8.h"
#include "value/pattern.h"

void check_globs(struct decoder *decoder, const struct value *value, void *field)
{
	const struct strings *globs = field;

	for (size_t i = 0; i < globs->len; i++) {
		struct str glob = globs->items[i];
		const struct value *item =
			value_is(value, VALUE_ARRAY) ? value_at(value, i) : value;
		struct error err;

		if (!glob_check(str_skip(glob, str_starts(glob, STR("!"))), &err))
			decoder_error(decoder, item, "%s", err.message);
	}
}

void check_patterns(struct decoder *decoder, const struct value *value, void *field)
{
	const struct strings *patterns = field;

	for (size_t i = 0; i < patterns->len; i++) {
		const struct value *item =
			value_is(value, VALUE_ARRAY) ? value_at(value, i) : value;
		struct error err;

		if (!pattern_check(patterns->items[i], &err))
			decoder_error(decoder, item, "%s", err.message);
	}
}

void check_no_repeats(struct decoder *decoder, const struct value *value, void *field)
{
	const struct strings *strings = field;

	for (size_t i = 0; i < strings->len; i++) {
		const struct value *item =
			value_is(value, VALUE_ARRAY) ? value_at(value, i) : value;

		if (!str_trim(strings->items[i]).len)
			decoder_error(decoder, item, "must not be empty");
		for (size_t j = 0; j < i; j++) {
			if (!str_eq(strings->items[i], strings->items[j]))
				continue;
			decoder_error(decoder, item, "\"%.*s\" is listed twice",
				      STR_ARG(utf8_cut(strings->items[i], 80)));
			break;
		}
	}
}
