/* The order in which people read findings. */
#include <stdlib.h>
#include <string.h>

#include "finding/merge.h"

struct ranked {
	const struct finding *finding;
	size_t idx;
};

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/* Negative when `a` is read first. */
static int compare_findings(const struct finding *a, const struct finding *b)
{
	int order = COMPARE(a->severity, b->severity);

	if (!order)
		order = COMPARE(b->votes, a->votes);
	if (!order)
		order = COMPARE(b->confidence, a->confidence);
	if (!order)
		order = str_cmp(a->path, b->path);
	if (!order)
		order = COMPARE(a->line, b->line);
	return order;
}

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *first = a;
	const struct ranked *second = b;
	int order = compare_findings(first->finding, second->finding);

	return order ? order : COMPARE(first->idx, second->idx);
}

void findings_rank(struct findings *findings)
{
	struct ranked *order;
	struct finding *sorted;

	if (findings->len < 2)
		return;
	order = NEW_ARRAY(struct ranked, findings->len);
	sorted = NEW_ARRAY(struct finding, findings->cap);
	for (size_t i = 0; i < findings->len; i++)
		order[i] = (struct ranked){&findings->items[i], i};
	qsort(order, findings->len, sizeof(*order), compare_ranked);
	for (size_t i = 0; i < findings->len; i++)
		sorted[i] = *order[i].finding;
	free(order);
	free(findings->items);
	findings->items = sorted;
}
