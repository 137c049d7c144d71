/* One finding out of several that say the same; and the order in which people read them. */
#include "finding/merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "finding/similar.h"

/* How alike two texts must be, by how sure it is already that they speak of one place. */
static const double same_code_min = 0.30;    /* the same quoted code */
static const double same_lines_min = 0.40;   /* overlapping lines */
static const double same_file_min = 0.65;    /* no lines on either side */
static const double same_meaning_min = 0.86; /* cosine of two vectors */

enum { NEAR_LINES = 3 };

static bool lines_overlap(const struct finding *a, const struct finding *b, uint32_t slack)
{
	return a->line && b->line && a->side == b->side && a->line <= b->end_line + slack &&
	       b->line <= a->end_line + slack;
}

/* The better of: the titles alone, title and text together. */
static double similarity(const struct finding *a, const struct finding *b)
{
	double titles = text_similarity(a->title, b->title);
	double bodies = text_similarity(a->body, b->body);

	return MAX_OF(titles, (titles + 2 * bodies) / 3);
}

static double cosine(const float *a, const float *b, size_t dimensions)
{
	double dot = 0;
	double a_square = 0;
	double b_square = 0;

	for (size_t i = 0; i < dimensions; i++) {
		dot += (double)a[i] * (double)b[i];
		a_square += (double)a[i] * (double)a[i];
		b_square += (double)b[i] * (double)b[i];
	}
	return a_square > 0 && b_square > 0 ? dot / sqrt(a_square * b_square) : 0;
}

static bool say_the_same(const struct finding *a, const struct finding *b)
{
	if (a->id.len && str_eq(a->id, b->id))
		return similarity(a, b) >= same_code_min;
	if (lines_overlap(a, b, 0))
		return similarity(a, b) >= same_lines_min;
	if (!a->line && !b->line)
		return similarity(a, b) >= same_file_min;
	return false;
}

static bool mean_the_same(const struct finding_vectors *vectors, size_t a_idx, size_t b_idx,
			  const struct finding *a, const struct finding *b)
{
	if (!vectors || !vectors->vectors)
		return false;
	if ((a->line || b->line) && !lines_overlap(a, b, NEAR_LINES))
		return false;
	return cosine(vectors->vectors + a_idx * vectors->dimensions,
		      vectors->vectors + b_idx * vectors->dimensions,
		      vectors->dimensions) >= same_meaning_min;
}

static bool has_model(const struct finding *finding, size_t before, struct str model)
{
	for (size_t i = 0; i < before; i++) {
		if (str_eq(finding->sources[i].model, model))
			return true;
	}
	return false;
}

static void unite_sources(struct arena *arena, struct finding *kept, const struct finding *other)
{
	size_t len = kept->sources_len;
	struct finding_source *all =
		ARENA_ARRAY(arena, struct finding_source, len + other->sources_len);

	if (len)
		memcpy(all, kept->sources, len * sizeof(*all));
	for (size_t i = 0; i < other->sources_len; i++) {
		bool known = false;

		for (size_t j = 0; j < len; j++)
			known = known || (str_eq(all[j].agent, other->sources[i].agent) &&
					  str_eq(all[j].model, other->sources[i].model));
		if (!known)
			all[len++] = other->sources[i];
	}
	kept->sources = all;
	kept->sources_len = len;
	kept->votes = 0;
	for (size_t i = 0; i < len; i++)
		kept->votes += !has_model(kept, i, all[i].model);
	kept->votes = MAX_OF(kept->votes, 1);
}

static bool is_placed(const struct finding *finding)
{
	return finding->placement != PLACEMENT_SUMMARY;
}

/* The place of the one that has one goes with its quoted code and its suggestion. */
static void take_place(struct finding *kept, const struct finding *other)
{
	kept->line = other->line;
	kept->end_line = other->end_line;
	kept->side = other->side;
	kept->evidence = other->evidence;
	kept->id = other->id;
	kept->placement = other->placement;
	kept->placement_reason = other->placement_reason;
	kept->quoted = other->quoted;
	kept->suggestion = other->suggestion;
	kept->has_suggestion = other->has_suggestion;
}

static void unite(struct arena *arena, struct finding *kept, const struct finding *other)
{
	kept->severity = MIN_OF(kept->severity, other->severity);
	kept->confidence = MAX_OF(kept->confidence, other->confidence);
	if (!kept->category.len)
		kept->category = other->category;
	if (!is_placed(kept) && is_placed(other)) {
		take_place(kept, other);
	} else if (!kept->has_suggestion && other->has_suggestion && kept->line == other->line &&
		   kept->end_line == other->end_line && kept->side == other->side) {
		kept->suggestion = other->suggestion;
		kept->has_suggestion = true;
	}
	unite_sources(arena, kept, other);
}

/* The kept findings of one file, by index. */
struct bucket {
	VEC_FIELDS(size_t);
};

static struct bucket *bucket_of(struct map *buckets, struct arena *arena, struct str path)
{
	struct bucket *bucket = map_get(buckets, path);

	if (!bucket) {
		bucket = ARENA_NEW(arena, struct bucket);
		map_put(buckets, path, bucket);
	}
	return bucket;
}

/* The kept finding that says what this one says, the most similar first; or SIZE_MAX. */
static size_t find_twin(const struct findings *findings, const struct bucket *bucket,
			const size_t *origin, size_t idx, const struct finding_vectors *vectors)
{
	const struct finding *finding = &findings->items[idx];
	size_t best = SIZE_MAX;
	double best_similarity = -1;

	for (size_t i = 0; i < bucket->len; i++) {
		size_t other_idx = bucket->items[i];
		const struct finding *other = &findings->items[other_idx];
		double alike;

		if (!say_the_same(other, finding) &&
		    !mean_the_same(vectors, origin[other_idx], idx, other, finding))
			continue;
		alike = similarity(other, finding) + (str_eq(other->id, finding->id) ? 1 : 0);
		if (alike > best_similarity) {
			best_similarity = alike;
			best = other_idx;
		}
	}
	return best;
}

void findings_merge(struct findings *findings, const struct finding_vectors *vectors)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(map) struct map buckets = {0};
	size_t *origin = ARENA_ARRAY(&arena, size_t, findings->len);
	struct {
		VEC_FIELDS(struct bucket *);
	} all = {0};
	size_t kept = 0;

	for (size_t i = 0; i < findings->len; i++) {
		size_t known = buckets.len;
		struct bucket *bucket = bucket_of(&buckets, &arena, findings->items[i].path);
		size_t twin = find_twin(findings, bucket, origin, i, vectors);

		if (buckets.len > known)
			VEC_PUSH(&all, bucket);
		if (twin != SIZE_MAX) {
			unite(&findings->arena, &findings->items[twin], &findings->items[i]);
			continue;
		}
		findings->items[kept] = findings->items[i];
		origin[kept] = i;
		VEC_PUSH(bucket, kept);
		kept++;
	}
	findings->len = kept;
	for (size_t i = 0; i < all.len; i++)
		VEC_RELEASE(all.items[i]);
	VEC_RELEASE(&all);
}

/* A finding and where it stood: qsort is not stable by itself. */
struct ranked {
	struct finding finding;
	size_t idx;
};

static int compare_numbers(double a, double b)
{
	return a < b ? -1 : a > b;
}

static int compare_ranked(const void *a, const void *b)
{
	const struct finding *x = &((const struct ranked *)a)->finding;
	const struct finding *y = &((const struct ranked *)b)->finding;
	int order = compare_numbers(x->severity, y->severity);

	if (!order)
		order = compare_numbers(y->votes, x->votes);
	if (!order)
		order = compare_numbers(y->confidence, x->confidence);
	if (!order)
		order = str_cmp(x->path, y->path);
	if (!order)
		order = compare_numbers(x->line, y->line);
	if (!order)
		order = compare_numbers((double)((const struct ranked *)a)->idx,
					(double)((const struct ranked *)b)->idx);
	return order;
}

void findings_rank(struct findings *findings)
{
	struct ranked *ranked = NEW_ARRAY(struct ranked, findings->len);

	for (size_t i = 0; i < findings->len; i++)
		ranked[i] = (struct ranked){findings->items[i], i};
	qsort(ranked, findings->len, sizeof(*ranked), compare_ranked);
	for (size_t i = 0; i < findings->len; i++)
		findings->items[i] = ranked[i].finding;
	free(ranked);
}
