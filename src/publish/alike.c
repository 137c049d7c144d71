/* One problem in several places: one comment explains all of them. */
#include "publish/alike.h"

#include "finding/merge.h"
#include "publish/comment_text.h"

/* Titles that name different things differ in a word of four or five; texts differ in the names around. */
static const double alike_titles = 0.8;
static const double alike_texts = 0.6;
static const double alike_titles_alone = 0.95;
/*
 * Two reviewers who describe one problem at two places of a file share half of their words, problems of one file a
 * third at most.
 */
static const double alike_texts_of_others = 0.45;

static struct alike_words words_of_finding(struct alike *alike, size_t idx)
{
	struct arena *arena = &alike->run->arena;
	struct finding finding = alike->run->result->findings.items[idx];
	const struct previous_finding *previous = alike->run->records.items[idx].match;
	struct claim claim;

	if (!finding.body.len && previous && previous->comment)
		finding.body = comment_text_body(previous->comment->body, arena);
	claim = claim_of(arena, &finding);
	return (struct alike_words){
		.title = claim.title,
		.body = words_of(arena, finding.body),
		.text = claim.text,
	};
}

void alike_release(struct alike *alike)
{
	VEC_RELEASE(&alike->leads);
}

void alike_add(struct alike *alike, size_t idx)
{
	VEC_PUSH(&alike->leads, (struct alike_lead){idx, words_of_finding(alike, idx)});
}

static bool are_alike(const struct alike_words *a, const struct alike_words *b)
{
	double titles = words_similarity(&a->title, &b->title);

	/* Only the title is left of a comment whose text was edited away. */
	if (!a->body.len || !b->body.len)
		return titles >= alike_titles_alone;
	return titles >= alike_titles && words_similarity(&a->body, &b->body) >= alike_texts;
}

/* Whether another reviewer reports the same problem at another place of the file. */
static bool is_told_twice(const struct alike *alike, const struct alike_lead *lead, size_t idx,
			  const struct alike_words *words)
{
	const struct finding *items = alike->run->result->findings.items;

	return str_eq(items[lead->idx].path, items[idx].path) &&
	       findings_are_of_others(&items[lead->idx], &items[idx]) &&
	       words_similarity(&words->text, &lead->words.text) >= alike_texts_of_others;
}

static struct finding_place place_of(const struct finding *finding)
{
	return (struct finding_place){finding->path, finding->line, finding->end_line,
				      finding->side};
}

static bool is_before(const struct finding_place *a, const struct finding_place *b)
{
	int order = str_cmp(a->path, b->path);

	return order ? order < 0 : a->line < b->line;
}

/* Sorted, so that the same places give the same list in each run. */
static void list_place(struct alike *alike, struct finding *lead, const struct finding *finding)
{
	struct arena *arena = &alike->run->result->findings.arena;
	struct finding_place *others =
		ARENA_ARRAY(arena, struct finding_place, lead->others_len + 1);

	struct finding_place place = place_of(finding);
	size_t at = lead->others_len;

	for (; at && is_before(&place, &lead->others[at - 1]); at--)
		others[at] = lead->others[at - 1];
	others[at] = place;
	for (size_t i = 0; i < at; i++)
		others[i] = lead->others[i];
	lead->others = others;
	lead->others_len++;
}

bool alike_join(struct alike *alike, size_t idx)
{
	struct findings *findings = &alike->run->result->findings;
	struct finding *finding = &findings->items[idx];
	struct alike_words words = words_of_finding(alike, idx);

	for (size_t i = 0; i < alike->leads.len && finding->line; i++) {
		const struct alike_lead *lead = &alike->leads.items[i];

		if (lead->idx == idx ||
		    (!are_alike(&words, &lead->words) && !is_told_twice(alike, lead, idx, &words)))
			continue;
		list_place(alike, &findings->items[lead->idx], finding);
		finding->explained = place_of(&findings->items[lead->idx]);
		alike->run->records.items[idx].lead = lead->idx + 1;
		return true;
	}
	return false;
}

void alike_join_carried(struct alike *alike)
{
	const struct publisher *run = alike->run;

	for (size_t i = 0; i < run->records.len && run->options->summary; i++) {
		const struct finding *finding = &run->result->findings.items[i];

		if (finding->carried && !finding->dismissed &&
		    !run->records.items[i].match->comment)
			alike_join(alike, i);
	}
}

void alike_link(struct alike *alike)
{
	struct publisher *run = alike->run;

	for (size_t i = 0; i < run->records.len; i++) {
		struct finding *finding = &run->result->findings.items[i];
		size_t lead = run->records.items[i].lead;

		if (!lead)
			continue;
		finding->comment_url = run->result->findings.items[lead - 1].comment_url;
		/* It was refused and is in the summary, so there is no comment to link to. */
		if (run->result->findings.items[lead - 1].placement == PLACEMENT_SUMMARY)
			finding->explained.line = 0;
	}
}
