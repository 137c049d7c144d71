/* A review with everything that pages show, for golden files. */
#ifndef TESTS_UNIT_OUTPUT_SAMPLE_H
#define TESTS_UNIT_OUTPUT_SAMPLE_H

#include "output/view.h"

/* Findings of each kind, agents of each status, files skipped, notices; hostile text in many places. */
void sample_fill(struct review_result *result);

/* One without findings, reviewed whole. */
void sample_fill_clean(struct review_result *result);

struct review_view sample_view(const struct review_result *result);

#endif
