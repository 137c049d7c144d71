/* The input of `report_verdicts`, by which a referee answers: its schema, decoder, and the check of its quotes. */
#ifndef FINDING_VERDICT_H
#define FINDING_VERDICT_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "value/value.h"

enum verdict_kind { VERDICT_KEEP, VERDICT_SUMMARY, VERDICT_DROP };

/* Zeroed it keeps the finding. */
struct verdict {
	struct str id;       /* of the finding, as the referee was given it */
	struct str evidence; /* code that refutes it */
	int kind;            /* enum verdict_kind */
	struct str same_as;  /* the id of another finding that says the same; or empty */
	struct str why;      /* one sentence; untrusted */
};

struct verdicts {
	struct verdict *items;
	size_t len;
};

/* The JSON Schema of the input.  It asks for the evidence first, so that a model quotes before it judges. */
struct value *verdicts_schema(struct arena *arena);

/* Reads the input into `arena`.  ERROR_MODEL says what is wrong, for the model to read. */
bool verdicts_decode(const struct value *input, struct arena *arena, struct verdicts *verdicts,
		     struct error *err) MUST_USE;

/*
 * Whether each line of the quote is in a line of the text, one below the other; white space is folded, blank lines
 * do not count.  False for a quote of fewer than six letters and digits, which proves nothing.
 */
bool quote_is_in(struct str text, struct str quote);

/*
 * Whether the quote has lines that are not in `own`, whole or in part: without them it repeats what is
 * known.  Fewer than six letters and digits in them, as in "} else {", add nothing.
 */
bool quote_adds_to(struct str own, struct str quote);

#endif
