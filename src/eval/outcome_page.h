/* Outcomes as people and machines read them: text, Markdown and JSON. */
#ifndef EVAL_OUTCOME_PAGE_H
#define EVAL_OUTCOME_PAGE_H

#include "eval/lessons.h"
#include "eval/table.h"

/* The page, with a bar for each share of changed lines. */
void outcomes_page(struct buf *out, const struct outcomes *outcomes, enum table_style style);

/* The records, the figures of each part, and the lessons. */
struct value *outcomes_value(struct arena *arena, const struct outcomes *outcomes);

#endif
