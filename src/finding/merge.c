/* Merges findings that report the same problem. */
#include "finding/merge.h"

#include <math.h>

#include "base/ascii.h"
#include "base/breathe.h"
#include "base/map.h"
#include "finding/similar.h"

/*
 * How similar two texts must be to report the same problem, depending on the distance of their
 * places. Two people who describe one defect share a third to a half of their words; two defects
 * of one line share the names in it, about a quarter. A reviewer who reports two findings on the
 * same lines means two, unless the texts are nearly equal. Titles are short, so that a few words
 * in common mean little, unless the texts share some too.
 */
static const double similar_here = 0.42;
static const double similar_of_others = 0.33;
static const double similar_titles = 0.5;
static const double similar_placeless = 0.65;
static const double similar_vectors = 0.85;
static const double similar_both_titles = 0.35;
static const double similar_both_texts = 0.28;

/* Reviewers point at the cause or at the effect: findings with the same meaning can be this far apart. */
enum { NEAR_LINES = 3 };

/* A finding during comparison; `next` chains the findings of one file that are not joined yet. */
struct candidate {
	struct finding *finding;
	struct claim claim;
	const float *vector;
	struct candidate *next;
};

static bool overlaps(const struct finding *a, const struct finding *b, uint32_t slack)
{
	return a->side == b->side && a->line <= b->end_line + slack &&
	       b->line <= a->end_line + slack;
}

static double cosine(const float *a, const float *b, size_t len)
{
	double dot = 0;
	double a_square = 0;
	double b_square = 0;

	for (size_t i = 0; i < len; i++) {
		dot += (double)a[i] * (double)b[i];
		a_square += (double)a[i] * (double)a[i];
		b_square += (double)b[i] * (double)b[i];
	}
	return a_square > 0 && b_square > 0 ? dot / sqrt(a_square * b_square) : 0;
}

/* Whether the text names a line of the other finding: "src/a.c:42". */
static bool refers_to(const struct finding *finding, const struct finding *other)
{
	struct str name = str_last_part(other->path);
	struct str body = finding->body;

	for (ptrdiff_t at = str_find(body, name, 0); name.len && at >= 0;
	     at = str_find(body, name, (size_t)at + 1)) {
		struct str rest = str_skip(body, (size_t)at + name.len);
		int64_t line = 0;

		if (!str_starts(rest, STR(":")))
			continue;
		rest = str_skip(rest, 1);
		for (size_t i = 0; i < rest.len && i < 9 && ascii_is_digit(rest.ptr[i]); i++)
			line = line * 10 + (rest.ptr[i] - '0');
		if (line >= other->line && line <= other->end_line)
			return true;
	}
	return false;
}

static bool has_source(const struct finding *finding, const struct finding_source *source)
{
	for (size_t i = 0; i < finding->sources_len; i++) {
		if (str_eq(finding->sources[i].agent, source->agent) &&
		    str_eq(finding->sources[i].model, source->model))
			return true;
	}
	return false;
}

bool findings_are_of_others(const struct finding *a, const struct finding *b)
{
	for (size_t i = 0; i < b->sources_len; i++) {
		if (has_source(a, &b->sources[i]))
			return false;
	}
	return a->sources_len && b->sources_len;
}

/* How similar two findings of one place are; 0 if they are different. */
static double similarity_here(const struct claim *a, const struct claim *b)
{
	double titles = words_similarity(&a->title, &b->title);
	double texts = words_similarity(&a->text, &b->text);
	bool again = a->earlier != b->earlier;
	double enough = again || findings_are_of_others(a->finding, b->finding) ? similar_of_others
										: similar_here;

	if (texts >= enough || titles >= similar_titles ||
	    (titles >= similar_both_titles && texts >= similar_both_texts))
		return MAX_OF(titles, texts);
	return 0;
}

static bool are_placed(const struct finding *a, const struct finding *b)
{
	return a->placement != PLACEMENT_SUMMARY && b->placement != PLACEMENT_SUMMARY;
}

static bool are_on_same_code(const struct finding *a, const struct finding *b)
{
	return str_eq(a->id, b->id) && (a->quoted.len || a->evidence.len);
}

static bool are_near(const struct finding *a, const struct finding *b)
{
	return overlaps(a, b, NEAR_LINES) || refers_to(a, b) || refers_to(b, a);
}

/*
 * Neighboring lines of two reviewers: title and text must both match, because neighbors are often
 * two problems. The value is below that of findings on the same lines, so that those are joined
 * first.
 */
static double similarity_of_neighbors(const struct claim *a, const struct claim *b)
{
	double titles = words_similarity(&a->title, &b->title);
	double texts = words_similarity(&a->text, &b->text);

	if (titles >= similar_titles && texts >= similar_both_texts &&
	    findings_are_of_others(a->finding, b->finding))
		return texts / 4;
	return 0;
}

/*
 * Equal code at two places makes two findings. A finding without a place can be any of them, so
 * its text must match.
 */
double claims_sameness(const struct claim *a, const struct claim *b)
{
	double similarity;

	if (are_placed(a->finding, b->finding)) {
		if (overlaps(a->finding, b->finding, 0))
			return similarity_here(a, b);
		if (overlaps(a->finding, b->finding, NEAR_LINES))
			return similarity_of_neighbors(a, b);
		return are_near(a->finding, b->finding) ? similarity_here(a, b) : 0;
	}
	if (are_on_same_code(a->finding, b->finding))
		return similarity_here(a, b);
	similarity = MAX_OF(words_similarity(&a->title, &b->title),
			    words_similarity(&a->text, &b->text));
	return similarity >= similar_placeless ? similarity : 0;
}

/* How certain it is that two findings of one file are the same: above 0 if they are. */
static double sameness(const struct candidate *a, const struct candidate *b, size_t dimensions)
{
	double similarity = claims_sameness(&a->claim, &b->claim);

	if (similarity > 0)
		return 1 + similarity;
	if (!a->vector || !b->vector)
		return 0;
	if (are_placed(a->finding, b->finding) ? !are_near(a->finding, b->finding)
					       : !are_on_same_code(a->finding, b->finding))
		return 0;
	similarity = cosine(a->vector, b->vector, dimensions);
	return similarity >= similar_vectors ? similarity : 0;
}

/* ---- Joining ---- */

static int count_models(const struct finding *finding)
{
	int models = 0;

	for (size_t i = 0; i < finding->sources_len; i++) {
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = str_eq(finding->sources[i].model, finding->sources[j].model);
		models += !seen;
	}
	return models;
}

/* A source keeps the title that it gave, unless that is the one that is shown. */
static struct finding_source with_title(const struct finding *finding, size_t idx, struct str shown)
{
	struct finding_source source = finding->sources[idx];

	if (!source.title.len)
		source.title = finding->title;
	if (str_eq(source.title, shown))
		source.title = STR_EMPTY;
	return source;
}

/* Joins the sources of both; those of the one that is shown come first. */
static void join_sources(struct arena *arena, struct finding *into, const struct finding *speaker,
			 const struct finding *other)
{
	struct finding_source *all = ARENA_ARRAY(arena, struct finding_source,
						 speaker->sources_len + other->sources_len);
	size_t len = 0;

	for (size_t i = 0; i < speaker->sources_len; i++)
		all[len++] = with_title(speaker, i, speaker->title);
	for (size_t i = 0; i < other->sources_len; i++) {
		if (!has_source(speaker, &other->sources[i]))
			all[len++] = with_title(other, i, speaker->title);
	}
	into->sources = all;
	into->sources_len = len;
	into->votes = count_models(into);
}

static void take_place(struct finding *into, const struct finding *from)
{
	into->path = from->path;
	into->line = from->line;
	into->end_line = from->end_line;
	into->side = from->side;
	into->placement = from->placement;
	into->placement_reason = from->placement_reason;
	into->evidence = from->evidence;
	into->quoted = from->quoted;
	into->id = from->id;
	into->suggestion = from->suggestion;
	into->has_suggestion = from->has_suggestion;
}

static void take_suggestion(struct finding *into, const struct finding *from)
{
	if (into->has_suggestion || !from->has_suggestion || into->side != from->side ||
	    into->line != from->line || into->end_line != from->end_line)
		return;
	into->suggestion = from->suggestion;
	into->has_suggestion = true;
}

static bool is_on_changed_lines(const struct finding *finding)
{
	return finding->placement != PLACEMENT_SUMMARY && !finding->pre_existing;
}

/* Below zero if `from` has the worse place, above zero if it has the better one. */
static int compare_places(const struct finding *from, const struct finding *into)
{
	int changed = is_on_changed_lines(from) - is_on_changed_lines(into);

	if (changed || is_on_changed_lines(from))
		return changed;
	return (int)into->placement - (int)from->placement;
}

static bool is_worse(const struct finding *a, const struct finding *b)
{
	return a->severity < b->severity ||
	       (a->severity == b->severity && a->confidence > b->confidence);
}

/*
 * The text comes from the most severe source, and among equals from the most confident one, so
 * that a critical finding has the explanation of the source that rated it so. The better place is
 * used, whichever source found it; of equal places, that of the text.
 */
void finding_join(struct arena *arena, struct finding *into, const struct finding *from)
{
	bool changed = is_on_changed_lines(into) || is_on_changed_lines(from);
	bool speaks = is_worse(from, into);
	int places = compare_places(from, into);

	if (places > 0 || (places == 0 && speaks))
		take_place(into, from);
	else
		take_suggestion(into, from);
	join_sources(arena, into, speaks ? from : into, speaks ? into : from);
	if (speaks) {
		into->title = from->title;
		into->body = from->body;
		into->reads = from->reads;
		into->category = from->category.len ? from->category : into->category;
	} else if (!into->category.len) {
		into->category = from->category;
	}
	into->severity = MIN_OF(into->severity, from->severity);
	into->confidence = MAX_OF(into->confidence, from->confidence);
	into->unverified = into->unverified && from->unverified;
	into->pre_existing = (into->pre_existing || from->pre_existing) && !changed;
}

static struct candidate *find_same(struct candidate *chain, const struct candidate *candidate,
				   size_t dimensions)
{
	struct candidate *best = NULL;
	double best_sameness = 0;

	for (; chain; chain = chain->next) {
		double same = sameness(chain, candidate, dimensions);

		if (same > best_sameness) {
			best_sameness = same;
			best = chain;
		}
	}
	return best;
}

/* Appends the text without paths, because their parts say nothing about the problem. */
static void add_without_paths(struct buf *out, struct str text)
{
	struct str token;

	while (str_next_part(&text, ' ', &token)) {
		bool is_path =
			str_find_char(token, '/', 0) > 0 &&
			(str_find_char(token, '.', 0) > 0 || str_find_char(token, ':', 0) > 0);

		if (!is_path)
			buf_addf(out, "%.*s ", STR_ARG(token));
	}
}

struct claim claim_of(struct arena *arena, const struct finding *finding)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_addf(&text, "%.*s ", STR_ARG(finding->title));
	add_without_paths(&text, finding->body);
	return (struct claim){
		.finding = finding,
		.title = words_of(arena, finding->title),
		.text = words_of(arena, buf_str(&text)),
	};
}

static struct candidate *candidate_new(struct arena *arena, struct finding *finding)
{
	struct candidate *candidate = ARENA_NEW(arena, struct candidate);

	candidate->finding = finding;
	candidate->claim = claim_of(arena, finding);
	return candidate;
}

void findings_merge(struct findings *findings, const struct finding_vectors *vectors)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(map) struct map chains = {0};
	size_t dimensions = vectors && vectors->vectors ? vectors->dimensions : 0;
	struct finding *items = findings->items;
	size_t kept = 0;

	for (size_t i = 0; i < findings->len; i++) {
		struct candidate *candidate = candidate_new(&arena, &items[i]);
		struct candidate *chain = map_get(&chains, items[i].path);
		struct candidate *same;

		breathe();
		if (dimensions)
			candidate->vector = vectors->vectors + i * dimensions;
		same = find_same(chain, candidate, dimensions);
		if (same) {
			finding_join(&findings->arena, same->finding, &items[i]);
			continue;
		}
		items[kept] = items[i];
		items[kept].votes = count_models(&items[kept]);
		candidate->finding = &items[kept++];
		candidate->claim.finding = candidate->finding;
		candidate->next = chain;
		map_put(&chains, items[i].path, candidate);
	}
	findings->len = kept;
}
