/* Findings about a diff, both from a grammar: placed on lines of one hunk; real code is never unverified. */
#include "choices.h"

#include "base/buf.h"
#include "finding/merge.h"
#include "finding/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 3, HUNKS_MAX = 4, LINES_MAX = 12, FINDINGS_MAX = 6 };

/* Few texts, so that equal lines are common. */
static const struct str lines[] = {
	STR_INIT("\tconns[idx].busy = 1;"),
	STR_INIT("    conns[idx].busy = 1;"),
	STR_INIT("\treturn idx;"),
	STR_INIT(""),
	STR_INIT("}"),
	STR_INIT("  "),
	STR_INIT("int value = take(\"a\", 'b');"),
	STR_INIT("int value = take(\"a\", 'b');\r"),
	STR_INIT("+ 12 | x = y"),
	STR_INIT("- item\xC2\xA0of a list"),
	STR_INIT("caf\xC3\xA9 = \"na\xC3\xAFve\""),
	STR_INIT("cafe\xCC\x81 = \"nai\xCC\x88ve\""),
	STR_INIT("```"),
	STR_INIT("@@ -1 +1 @@"),
	STR_INIT("a"),
	STR_INIT("\xE2\x80\x8Bzero = \xE2\x80\x9Cwidth\xE2\x80\x9D;"),
	STR_INIT("if (value) { take(); } else { give(); }"),
	STR_INIT("\\ No newline at end of file"),
};

static const struct str paths[] = {STR_INIT("src/a.c"), STR_INIT("b/src/a.c"),
				   STR_INIT("new name.c")};

/* ---- The diff ---- */

static void add_hunk(struct choices *choices, struct buf *out, uint32_t *old_line,
		     uint32_t *new_line)
{
	static const char kinds[] = {LINE_CONTEXT, LINE_ADDED, LINE_DELETED};
	SCOPED(buf) struct buf body = BUF_INIT;
	size_t count = 1 + choose(choices, LINES_MAX);
	uint32_t old_len = 0;
	uint32_t new_len = 0;

	for (size_t i = 0; i < count; i++) {
		char kind = kinds[choose(choices, ARRAY_LEN(kinds))];
		struct str text = CHOOSE(choices, lines);

		old_len += kind != LINE_ADDED;
		new_len += kind != LINE_DELETED;
		buf_addf(&body, "%c%.*s\n", kind, STR_ARG(text));
	}
	buf_addf(out, "@@ -%u,%u +%u,%u @@\n", old_len ? *old_line : *old_line - 1, old_len,
		 new_len ? *new_line : *new_line - 1, new_len);
	buf_add(out, buf_str(&body));
	*old_line += old_len + 1 + (uint32_t)choose(choices, 9);
	*new_line += new_len + 1 + (uint32_t)choose(choices, 9);
}

static void add_file(struct choices *choices, struct buf *out, struct str path)
{
	size_t hunks = 1 + choose(choices, HUNKS_MAX);
	uint32_t old_line = 1 + (uint32_t)choose(choices, 40);
	uint32_t new_line = 1 + (uint32_t)choose(choices, 40);

	buf_addf(
		out,
		"diff --git a/%.*s b/%.*s\nindex 1111111..2222222 100644\n--- a/%.*s\n+++ b/%.*s\n",
		STR_ARG(path), STR_ARG(path), STR_ARG(path), STR_ARG(path));
	for (size_t i = 0; i < hunks; i++)
		add_hunk(choices, out, &old_line, &new_line);
}

static bool make_diff(struct choices *choices, struct diff *diff)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	size_t files = 1 + choose(choices, FILES_MAX);
	struct error err;

	for (size_t i = 0; i < files; i++)
		add_file(choices, &text, paths[i]);
	return diff_parse(buf_str(&text), diff, &err);
}

/* ---- A finding ---- */

/* What a finding was made from. */
struct made_finding {
	const struct diff_file *file;
	const struct diff_hunk *hunk;
	size_t first, last;
	bool verbatim; /* the evidence is those lines, on one side, as they are */
};

static void add_quoted(struct choices *choices, struct buf *out, const struct diff_line *line,
		       bool verbatim)
{
	static const struct str wrongs[] = {STR_INIT("+"), STR_INIT("  "), STR_INIT("12 | "),
					    STR_INIT("> "), STR_INIT("x")};

	if (!verbatim)
		buf_add(out, CHOOSE(choices, wrongs));
	buf_add(out, line->text);
}

static struct str make_evidence(struct choices *choices, struct arena *arena,
				struct made_finding *made, enum diff_side side)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	bool any = false;

	for (size_t i = made->first; i <= made->last; i++) {
		const struct diff_line *line = &made->hunk->lines[i];

		if (!(side == SIDE_RIGHT ? line->new_line : line->old_line))
			continue;
		if (any)
			buf_add_char(&text, '\n');
		any = true;
		add_quoted(choices, &text, line, made->verbatim);
	}
	if (!made->verbatim && chance(choices, 4))
		buf_set_len(&text, text.len / 2);
	return arena_str(arena, buf_str(&text));
}

static struct finding make_finding(struct choices *choices, struct arena *arena,
				   const struct diff *diff, struct made_finding *made)
{
	struct finding finding = {
		.title = STR("t"), .body = STR("b"), .confidence = -1, .votes = 1};
	const struct diff_line *first;

	made->file = &diff->files[choose(choices, diff->len)];
	made->hunk = &made->file->hunks[choose(choices, made->file->len)];
	made->first = choose(choices, made->hunk->len);
	made->last = made->first + choose(choices, 3);
	made->last = MIN_OF(made->last, made->hunk->len - 1);
	made->verbatim = !chance(choices, 3);
	finding.side = choose(choices, 2) ? SIDE_LEFT : SIDE_RIGHT;
	finding.evidence = make_evidence(choices, arena, made, finding.side);
	finding.path = chance(choices, 8) ? CHOOSE(choices, paths) : made->file->path;
	first = &made->hunk->lines[made->first];
	finding.line = MAX_OF(finding.side == SIDE_RIGHT ? first->new_line : first->old_line, 1U);
	if (chance(choices, 3))
		finding.line = (uint32_t)choose(choices, 80);
	finding.end_line = finding.line ? finding.line + (uint32_t)choose(choices, 4) : 0;
	if (chance(choices, 5))
		finding.side = choose(choices, 2) ? SIDE_LEFT : SIDE_RIGHT;
	finding.has_suggestion = chance(choices, 2);
	if (finding.has_suggestion)
		finding.suggestion = CHOOSE(choices, lines);
	return finding;
}

/* ---- What must hold ---- */

static bool has_words(struct str text)
{
	return str_trim(text).len > 0;
}

static void check_placed(const struct finding *finding, const struct diff *diff)
{
	const struct diff_file *file = diff_find(diff, finding->path);
	const struct diff_hunk *hunk = NULL;
	const struct diff_hunk *same = NULL;

	assert(file && finding->line && finding->end_line >= finding->line);
	assert(!finding->unverified && finding->quoted.len);
	for (uint32_t line = finding->line; line <= finding->end_line; line++) {
		assert(diff_line_at(file, finding->side, line, &hunk));
		assert(!same || same == hunk); /* GitHub refuses a range of two hunks */
		same = hunk;
	}
}

static void check(const struct finding *finding, const struct diff *diff,
		  const struct made_finding *made, struct str evidence)
{
	assert(finding->id.len == 16);
	if (finding->placement != PLACEMENT_SUMMARY)
		check_placed(finding, diff);
	else
		assert(finding->placement_reason.len && !finding->has_suggestion);
	if (finding->has_suggestion)
		assert(finding->side == SIDE_RIGHT);
	if (made->verbatim && has_words(evidence))
		assert(!finding->unverified);
	if (!has_words(evidence))
		assert(finding->placement == PLACEMENT_SUMMARY && !finding->unverified);
}

static bool equal(const struct finding *a, const struct finding *b)
{
	return a->placement == b->placement && a->line == b->line && a->end_line == b->end_line &&
	       a->side == b->side && a->unverified == b->unverified && str_eq(a->id, b->id) &&
	       str_eq(a->quoted, b->quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(findings) struct findings findings = {0};
	struct choices choices = {data, size};
	size_t count;

	if (!make_diff(&choices, &diff))
		return 0;
	count = 1 + choose(&choices, FINDINGS_MAX);
	for (size_t i = 0; i < count; i++) {
		struct made_finding made = {0};
		struct finding finding = make_finding(&choices, &findings.arena, &diff, &made);
		struct finding again = finding;
		struct str evidence = finding.evidence;

		finding_place(&findings, &finding, &diff);
		finding_place(&findings, &again, &diff);
		assert(equal(&finding, &again));
		/* A quote of another file's code is for that file to prove. */
		made.verbatim = made.verbatim && str_eq(finding.path, made.file->path);
		check(&finding, &diff, &made, evidence);
		VEC_PUSH(&findings, finding);
	}
	findings_merge(&findings, NULL);
	for (size_t i = 0; i < findings.len; i++) {
		if (findings.items[i].placement != PLACEMENT_SUMMARY)
			check_placed(&findings.items[i], &diff);
	}
	return 0;
}
