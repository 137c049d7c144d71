/* Prompt templates. */
#include "agent/template.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "value/value.h"

enum { HASH_DIGITS = 32, NAME_LEN_MAX = 40 };

/* Whether a value is put between delimiters as data, or unchanged into the text. */
enum trust { TRUST_DATA, TRUST_PLAIN };

static const struct variable_row {
	const char *name;
	enum trust trust;
	const char *empty; /* what is put for an empty value; NULL: "(none)" */
} rows[VARIABLE_COUNT] = {
	[VARIABLE_CONTEXT] = {"context", TRUST_DATA},
	[VARIABLE_DIFF] = {"diff", TRUST_PLAIN},
	[VARIABLE_FILES] = {"files", TRUST_DATA},
	[VARIABLE_LANGUAGE] = {"language", TRUST_PLAIN},
	[VARIABLE_NEEDS] = {"needs", TRUST_DATA},
	[VARIABLE_PR_AUTHOR] = {"pr.author", TRUST_DATA},
	[VARIABLE_PR_BASE] = {"pr.base", TRUST_DATA},
	[VARIABLE_PR_BODY] = {"pr.body", TRUST_DATA},
	[VARIABLE_PR_HEAD] = {"pr.head", TRUST_DATA},
	[VARIABLE_PR_LABELS] = {"pr.labels", TRUST_DATA},
	[VARIABLE_PR_NUMBER] = {"pr.number", TRUST_PLAIN},
	[VARIABLE_PR_TITLE] = {"pr.title", TRUST_DATA},
	[VARIABLE_REPOSITORY] = {"repository", TRUST_PLAIN, "this repository"},
};

const char *variable_name(enum variable variable)
{
	assert((size_t)variable < VARIABLE_COUNT);
	return rows[variable].name;
}

/* ---- Parsing ---- */

struct template_parser {
	struct arena *arena;
	struct str text;
	struct template *template;
	size_t cap;
	template_problem *problem;
	void *ctx;
	bool failed;
};

static void add_part(struct template_parser *parser, struct template_part part)
{
	struct template *template = parser->template;

	if (part.variable == VARIABLE_NONE && !part.text.len)
		return;
	assert(template->len < parser->cap);
	template->parts[template->len++] = part;
	if (part.variable != VARIABLE_NONE)
		template->uses[part.variable] = true;
}

static void complain(struct template_parser *parser, size_t offset, struct str text)
{
	parser->failed = true;
	parser->problem(parser->ctx, offset, text);
}

static void unknown_variable(struct template_parser *parser, size_t offset, struct str name)
{
	struct str names[VARIABLE_COUNT];
	struct str shown = utf8_cut(name, NAME_LEN_MAX);
	struct str nearest;
	SCOPED(buf) struct buf known = BUF_INIT;

	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		names[i] = str_from(rows[i].name);
		buf_addf(&known, "%s%s", i ? ", " : "", rows[i].name);
	}
	nearest = str_nearest(name, names, VARIABLE_COUNT);
	if (nearest.len)
		complain(parser, offset,
			 arena_printf(parser->arena,
				      "unknown variable \"%.*s\"; did you mean \"%.*s\"?",
				      STR_ARG(shown), STR_ARG(nearest)));
	else
		complain(parser, offset,
			 arena_printf(parser->arena,
				      "unknown variable \"%.*s\"; the variables are: %s",
				      STR_ARG(shown), known.ptr));
}

/* Takes the variable whose braces begin at `open`; gives the offset behind its closing braces. */
static size_t take_variable(struct template_parser *parser, size_t open)
{
	struct str text = parser->text;
	ptrdiff_t close = str_find(text, STR("}}"), open + 2);
	struct str inside =
		close < 0 ? STR_EMPTY : str_slice(text, open + 2, (size_t)close - open - 2);
	struct str name = str_trim(inside);

	if (close < 0 || str_find_char(inside, '\n', 0) >= 0) {
		complain(parser, open,
			 STR("\"{{\" without \"}}\" on its line; for plain braces write \"\\{{\""));
		return open + 2;
	}
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		if (!str_eq(name, str_from(rows[i].name)))
			continue;
		add_part(parser, (struct template_part){.variable = (enum variable)i});
		return (size_t)close + 2;
	}
	unknown_variable(parser, open, name);
	return (size_t)close + 2;
}

/* Each pair of braces makes at most two parts: the text before it and itself. */
static size_t parts_max(struct str text)
{
	size_t count = 1;

	for (ptrdiff_t at = 0; (at = str_find(text, STR("{{"), (size_t)at)) >= 0; at += 2)
		count += 2;
	return count;
}

bool template_parse(struct arena *arena, struct str text, struct template *template,
		    template_problem *problem, void *ctx)
{
	struct template parsed = {0};
	struct template_parser parser = {
		.arena = arena,
		.text = text,
		.template = &parsed,
		.cap = parts_max(text),
		.problem = problem,
		.ctx = ctx,
	};
	size_t start = 0;
	ptrdiff_t open;

	parsed.parts = ARENA_ARRAY(arena, struct template_part, parser.cap);
	for (size_t from = 0; (open = str_find(text, STR("{{"), from)) >= 0;) {
		size_t at = (size_t)open;
		bool escaped = at > start && text.ptr[at - 1] == '\\';

		add_part(&parser, (struct template_part){
					  .text = str_slice(text, start, at - escaped - start),
					  .variable = VARIABLE_NONE,
				  });
		/* Escaped braces begin the next plain part. */
		start = escaped ? at : take_variable(&parser, at);
		from = escaped ? at + 2 : start;
	}
	add_part(&parser, (struct template_part){
				  .text = str_skip(text, start),
				  .variable = VARIABLE_NONE,
			  });
	if (!parser.failed)
		*template = parsed;
	return !parser.failed;
}

/* ---- Filling ---- */

void data_add(struct buf *out, const char *name, struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str repaired = value_borrowed(&arena, text)->string;
	struct str hash = str_slice(sha256_hex(&arena, repaired), 0, HASH_DIGITS);

	/* No byte is added inside, so that a reader can hash the text between the delimiters. */
	buf_addf(out, "<data-%.*s name=\"%s\">", STR_ARG(hash), name);
	buf_add(out, repaired);
	buf_addf(out, "</data-%.*s>", STR_ARG(hash));
}

void template_render(struct buf *out, const struct template *template,
		     const struct str values[VARIABLE_COUNT])
{
	for (size_t i = 0; i < template->len; i++) {
		const struct template_part *part = &template->parts[i];
		const struct variable_row *row;
		struct str value;

		if (part->variable == VARIABLE_NONE) {
			buf_add(out, part->text);
			continue;
		}
		row = &rows[part->variable];
		value = values[part->variable];
		if (part->variable == VARIABLE_DIFF)
			buf_add_text(out, "the change above");
		else if (!str_trim(value).len)
			buf_add_text(out, row->empty ? row->empty : "(none)");
		else if (row->trust == TRUST_PLAIN)
			buf_add(out, value);
		else
			data_add(out, row->name, value);
	}
}
