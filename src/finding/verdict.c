/* Reads the answer of a referee, and finds what it quotes. */
#include "finding/verdict.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "finding/finding.h"
#include "value/fields.h"

enum { VERDICTS_MAX = 400, PROOF_CHARACTERS_MIN = 6, QUOTE_LINES_MAX = 50 };

static const char *const kind_names[] = {
	[VERDICT_KEEP] = "keep",
	[VERDICT_SUMMARY] = "summary",
	[VERDICT_DROP] = "drop",
	NULL,
};

struct verdict_answer {
	struct list verdicts;
};

#define AT(member) .offset = offsetof(struct verdict, member)
static const struct field verdict_items[] = {
	{.name = "id", .type = FIELD_STRING, AT(id), .required = true, .help = "As it was given."},
	{.name = "evidence",
	 .type = FIELD_STRING,
	 AT(evidence),
	 .help = "The lines of code that refute the finding or make it minor, copied from the change or from a file that you read. Empty when there are none."},
	{.name = "verdict",
	 .type = FIELD_ENUM,
	 AT(kind),
	 .required = true,
	 .choices = kind_names,
	 .help = "keep; drop when evidence refutes it; summary when evidence shows that it is right but minor."},
	{.name = "same_as",
	 .type = FIELD_STRING,
	 AT(same_as),
	 .help = "The id of an earlier finding that names the same problem; else leave it out."},
	{.name = "why", .type = FIELD_STRING, AT(why), .required = true, .help = "One sentence."},
};
#undef AT

static const struct fields verdict_fields = {
	.title = "a verdict",
	.items = verdict_items,
	.len = ARRAY_LEN(verdict_items),
	.size = sizeof(struct verdict),
	.open = true,
};

static const struct field answer_items[] = {
	{.name = "verdicts",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct verdict_answer, verdicts),
	 .required = true,
	 .fields = &verdict_fields,
	 .max = VERDICTS_MAX,
	 .help = "One for each finding."},
};

static const struct fields answer_fields = {
	.title = "verdicts",
	.items = answer_items,
	.len = ARRAY_LEN(answer_items),
	.size = sizeof(struct verdict_answer),
	.open = true,
};

struct value *verdicts_schema(struct arena *arena)
{
	struct value *schema = fields_schema(arena, &answer_fields);
	struct value *verdicts = value_get(value_get(schema, "properties"), "verdicts");
	struct value *required = value_array(arena);
	static const char *const names[] = {"id", "evidence", "verdict", "why"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		value_append(arena, required, value_text(arena, names[i]));
	value_set(arena, value_get(verdicts, "items"), "required", required);
	return schema;
}

static bool refuse(const struct problems *problems, struct error *err)
{
	error_set(err, ERROR_MODEL, "report_verdicts: ");
	for (size_t i = 0; i < problems->len; i++)
		error_append(err, "%s%.*s", i ? "; " : "", STR_ARG(problems->items[i].text));
	return false;
}

bool verdicts_decode(const struct value *input, struct arena *arena, struct verdicts *verdicts,
		     struct error *err)
{
	SCOPED(arena) struct arena scratch = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct decoder decoder = {.arena = &scratch, .problems = &problems, .is_json = true};
	struct verdict_answer answer = {0};
	const struct verdict *read;

	if (!fields_decode(&decoder, &answer_fields, input, &answer))
		return refuse(&problems, err);
	read = answer.verdicts.items;
	verdicts->items = ARENA_ARRAY(arena, struct verdict, answer.verdicts.len);
	verdicts->len = answer.verdicts.len;
	for (size_t i = 0; i < verdicts->len; i++)
		verdicts->items[i] = (struct verdict){
			.id = arena_str(arena, str_trim(read[i].id)),
			.evidence = arena_str(arena, read[i].evidence),
			.kind = read[i].kind,
			.same_as = arena_str(arena, str_trim(read[i].same_as)),
			.why = arena_str(arena, str_trim(read[i].why)),
		};
	return true;
}

/* ---- What it quotes ---- */

/* The lines that are not blank, white space folded, without a code fence. */
static size_t fold_lines(struct arena *arena, struct str text, struct str *lines, size_t max)
{
	struct str line;
	size_t len = 0;

	while (len < max && str_next_line(&text, &line, NULL)) {
		SCOPED(buf) struct buf folded = BUF_INIT;

		text_fold(&folded, line);
		if (folded.len && !str_starts(buf_str(&folded), STR("```")))
			lines[len++] = arena_str(arena, buf_str(&folded));
	}
	return len;
}

static size_t count_letters(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ascii_is_alnum(text.ptr[i]) || (text.ptr[i] & 0x80);
	return count;
}

static bool is_proof(struct str quote)
{
	return count_letters(quote) >= PROOF_CHARACTERS_MIN;
}

bool quote_is_in(struct str text, struct str quote)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str wanted[QUOTE_LINES_MAX];
	size_t wanted_len = fold_lines(&arena, quote, wanted, QUOTE_LINES_MAX);
	size_t lines_max = 1;
	struct str *lines;
	size_t lines_len;

	if (!wanted_len || !is_proof(quote))
		return false;
	for (size_t i = 0; i < text.len; i++)
		lines_max += text.ptr[i] == '\n';
	lines = ARENA_ARRAY(&arena, struct str, lines_max);
	lines_len = fold_lines(&arena, text, lines, lines_max);
	for (size_t i = 0; i + wanted_len <= lines_len; i++) {
		size_t same = 0;

		while (same < wanted_len && str_contains(lines[i + same], wanted[same]))
			same++;
		if (same == wanted_len)
			return true;
	}
	return false;
}

/* Whether one of two lines is a part of the other. */
static bool is_same_line(struct str a, struct str b)
{
	return str_contains(b, a) || (is_proof(b) && str_contains(a, b));
}

bool quote_adds_to(struct str own, struct str quote)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str known[QUOTE_LINES_MAX], said[QUOTE_LINES_MAX];
	size_t known_len = fold_lines(&arena, own, known, QUOTE_LINES_MAX);
	size_t said_len = fold_lines(&arena, quote, said, QUOTE_LINES_MAX);
	size_t added = 0;

	for (size_t i = 0; i < said_len; i++) {
		bool same = false;

		for (size_t j = 0; j < known_len; j++)
			same |= is_same_line(said[i], known[j]);
		added += same ? 0 : count_letters(said[i]);
	}
	return added >= PROOF_CHARACTERS_MIN;
}
