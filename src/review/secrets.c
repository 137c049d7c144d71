/* Secrets that the change adds: where redaction replaced something in an added line. */
#include "review/secrets.h"

#include "base/breathe.h"
#include "finding/merge.h"
#include "finding/place.h"
#include "review/copy.h"
#include "review/rules.h"

/* Severity of a secret with a known format; a secret that is known only by its name may be an example. */
#define CONFIDENCE_FORMAT 0.9
#define CONFIDENCE_ASSIGNED 0.6

enum { EVIDENCE_LEN_MAX = 1000 };

static const struct str opening = STR_INIT("[redacted:");

/* The kind in the first placeholder at or after *from, which moves past it; empty: there is none. */
static struct str next_kind(struct str text, size_t *from)
{
	ptrdiff_t at = str_find(text, opening, *from);
	ptrdiff_t end = at < 0 ? -1 : str_find_char(text, ']', (size_t)at);

	if (end < 0)
		return STR_EMPTY;
	*from = (size_t)end + 1;
	text = str_slice(text, 0, (size_t)end);
	return str_skip(text, (size_t)at + opening.len);
}

/* Returns the line or, if it is long, only the placeholder. */
static struct str evidence_of(struct str line)
{
	size_t at = 0;
	struct str kind;

	if (line.len <= EVIDENCE_LEN_MAX)
		return str_trim(line);
	kind = next_kind(line, &at);
	return str_slice(line, at - kind.len - opening.len - 1, opening.len + kind.len + 1);
}

static struct finding make_finding(struct arena *arena, struct str path,
				   const struct diff_line *line, struct str kind)
{
	bool assigned = str_eq(kind, STR("assigned-secret"));
	struct finding_source *source = ARENA_NEW(arena, struct finding_source);

	source->agent = STR(AGENT_NAME_OURS);
	return (struct finding){
		.path = arena_str(arena, path),
		.line = line->new_line,
		.end_line = line->new_line,
		.side = SIDE_RIGHT,
		.severity = SEVERITY_HIGH,
		.category = STR("security"),
		.title = assigned ? STR("A value that looks like a secret is added")
				  : arena_printf(arena, "A secret is added: %.*s", STR_ARG(kind)),
		.body = arena_printf(
			arena,
			"This line adds what looks like a secret (`%.*s`). Everybody who can read the repository can use it, also after a later commit removes it. Revoke it, keep the new one in a secret store, and remove it from the branch. If it is an example, dismiss this finding.",
			STR_ARG(kind)),
		.evidence = arena_str(arena, evidence_of(line->text)),
		.confidence = assigned ? CONFIDENCE_ASSIGNED : CONFIDENCE_FORMAT,
		.sources = source,
		.sources_len = 1,
		.votes = 1,
	};
}

/* Whether an agent's finding is about a secret on that line, by its title. */
static bool is_about_secret(const struct finding *finding, const struct finding *secret)
{
	static const struct str words[] = {STR_INIT("secret"), STR_INIT("key"), STR_INIT("token"),
					   STR_INIT("password"), STR_INIT("credential")};

	if (finding->side != secret->side || !str_eq(finding->path, secret->path) ||
	    finding->line > secret->line || finding->end_line < secret->line || finding->unverified)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_contains_nocase(finding->title, words[i]))
			return true;
	}
	return false;
}

/* If an agent reported the same secret, its explanation is better; the higher severity applies. */
static bool join_reported(struct findings *findings, const struct finding *secret)
{
	for (size_t i = 0; i < findings->len; i++) {
		if (is_about_secret(&findings->items[i], secret)) {
			finding_join(&findings->arena, &findings->items[i], secret);
			return true;
		}
	}
	return false;
}

/* Adds a finding for each secret of the line; a key of several lines gets one, where it starts. */
static void report_line(struct review_run *run, const struct diff_file *file,
			const struct diff_line *line, struct str original, size_t *found)
{
	struct findings *findings = &run->result->findings;
	struct str kind;
	size_t from = 0;
	struct str last = STR_EMPTY;

	breathe();
	if (str_eq(line->text, original))
		return; /* a text that looks like a placeholder was written by hand */
	while ((kind = next_kind(line->text, &from)).len) {
		struct finding finding;

		breathe();
		if (str_eq(kind, last))
			continue;
		last = kind;
		if (++*found > SECRETS_FINDINGS_MAX)
			continue;
		finding = make_finding(&findings->arena, file->path, line, kind);
		placer_place(&run->placer, findings, &finding);
		if (!join_reported(findings, &finding))
			VEC_PUSH(findings, finding);
	}
}

static bool is_left_out(struct review_run *run, const struct diff_file *file)
{
	const struct review_options *options = &run->review->options;
	struct rules rules = {.include = options->include, .exclude = options->exclude};
	struct rule_verdict verdict = rules_judge(&rules, file, &run->arena);

	return verdict.skip && verdict.by_rule;
}

static void report_file(struct review_run *run, size_t idx, size_t *found)
{
	const struct diff_file *file = &run->diff.files[idx];
	const struct diff_file *original = &run->review->change->diff->files[idx];
	bool judged = false;
	size_t lines = 0;

	if (file->hunks == original->hunks)
		return; /* nothing was replaced in it */
	for (size_t i = 0; i < file->len; i++) {
		if (file->hunks[i].lines == original->hunks[i].lines)
			continue;
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			const struct diff_line *line = &file->hunks[i].lines[j];

			breathe_each(&lines);
			if (line->kind != LINE_ADDED || str_find(line->text, opening, 0) < 0)
				continue;
			if (!judged && is_left_out(run, file))
				return;
			judged = true;
			report_line(run, file, line, original->hunks[i].lines[j].text, found);
		}
	}
}

void secrets_report(struct review_run *run)
{
	size_t found = 0;

	for (size_t i = 0; i < run->diff.len; i++)
		report_file(run, i, &found);
	if (found > SECRETS_FINDINGS_MAX)
		review_result_notice(run->result,
				     "%zu more added lines look like secrets; they are not listed.",
				     found - SECRETS_FINDINGS_MAX);
}
