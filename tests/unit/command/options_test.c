/* Command lines by tables. */
#include "command/options.h"

#include "unit.h"

struct option_sample {
	struct str file;
	struct str format;
	int64_t count;
	double cost;
	bool force;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option sample_options[] = {
	{"count", OPTION_INT, offsetof(struct option_sample, count), "N", "How many.", .min = 1,
	 .max = 9},
	{"cost", OPTION_NUMBER, offsetof(struct option_sample, cost), "USD", "How much."},
	{"file", OPTION_TEXT, offsetof(struct option_sample, file), "FILE", "Where."},
	{"force", OPTION_FLAG, offsetof(struct option_sample, force), NULL, "Do it."},
	{"format", OPTION_CHOICE, offsetof(struct option_sample, format), "FORMAT", "How.",
	 .choices = formats},
};

/* What the tests look at after parsing a line of words. */
struct option_outcome {
	struct arena arena;
	struct option_sample sample;
	struct arguments arguments;
	struct error err;
	bool help;
	bool ok;
};

static void outcome_release(struct option_outcome *outcome)
{
	arena_release(&outcome->arena);
}

static void parse(struct option_outcome *outcome, const char *const *words)
{
	struct parse_request request = {
		.command = "sample",
		.options = sample_options,
		.options_len = ARRAY_LEN(sample_options),
		.arguments_max = 2,
		.argv = words,
	};

	outcome->ok = options_parse(&request, &outcome->arena, &outcome->sample,
				    &outcome->arguments, &outcome->help, &outcome->err);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

TEST(takes_values_joined_and_apart_and_mixed_with_arguments)
{
	SCOPED(outcome) struct option_outcome got = {0};

	parse(&got, WORDS("one", "--file=a=b", "--count", "3", "--force", "--cost", "0.5", "two"));
	ck_assert_msg(got.ok, "%s", got.err.message);
	ck_assert_str_is(got.sample.file, STR("a=b"));
	ck_assert_int_eq(got.sample.count, 3);
	ck_assert(got.sample.force);
	ck_assert(got.sample.cost > 0.49 && got.sample.cost < 0.51);
	ck_assert_uint_eq(got.arguments.len, 2);
	ck_assert_str_is(got.arguments.items[1], STR("two"));
}

TEST(ends_options_at_two_dashes)
{
	SCOPED(outcome) struct option_outcome got = {0};

	parse(&got, WORDS("--", "--force", "-"));
	ck_assert(got.ok);
	ck_assert(!got.sample.force);
	ck_assert_str_is(got.arguments.items[0], STR("--force"));
}

TEST(names_what_is_wrong_and_what_was_meant)
{
	static const struct {
		const char *words[4];
		const char *message;
	} rows[] = {
		{{"--fromat", "json"},
		 "unknown option \"--fromat\" of \"outcrop sample\"; did you mean \"--format\"?"},
		{{"--format", "xml"}, "--format \"xml\": must be one of text, json"},
		{{"--count", "10"},
		 "--count \"10\": must be a whole number of at least 1 and at most 9"},
		{{"--file"}, "--file: FILE is missing"},
		{{"--force=yes"}, "--force takes no value"},
		{{"a", "b", "c"},
		 "\"outcrop sample\" does not take the argument \"c\"; see \"outcrop sample --help\""},
		{{"-x"}, "unknown option \"-x\"; see \"outcrop sample --help\""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(outcome) struct option_outcome got = {0};

		parse(&got, rows[i].words);
		ck_assert(!got.ok);
		ck_assert_str_eq(got.err.message, rows[i].message);
		ck_assert_int_eq(got.err.kind, ERROR_USAGE);
	}
}

TEST(help_is_accepted_anywhere)
{
	SCOPED(outcome) struct option_outcome got = {0};

	parse(&got, WORDS("--wrong", "--help"));
	ck_assert(got.ok);
	ck_assert(got.help);
}

TEST(prints_help_within_eighty_columns)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct str rest;
	struct str line;

	options_help(&out, sample_options, ARRAY_LEN(sample_options));
	rest = buf_str(&out);
	while (str_next_line(&rest, &line, NULL))
		ck_assert_uint_le(line.len, 80);
	ck_assert(str_contains(buf_str(&out), STR("--format FORMAT")));
	ck_assert(str_contains(buf_str(&out), STR("One of text, json.")));
}
