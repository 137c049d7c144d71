/* The risk of a change, which selects its agents and model: decided by rules, before any call. */
#ifndef REVIEW_RISK_H
#define REVIEW_RISK_H

#include "agent/config.h"
#include "review/rules.h"

enum risk { RISK_TRIVIAL, RISK_STANDARD, RISK_SENSITIVE };

const char *risk_name(enum risk risk);

/* The defaults of `tiers:`. */
enum { TRIVIAL_LINES_DEFAULT = 10, SENSITIVE_LINES_DEFAULT = 800 };

struct risk_verdict {
	enum risk risk;
	struct str why; /* "12 changed lines; nothing sensitive"; in the arena */
};

/*
 * Judges the whole change: sensitive when a file matches tiers->sensitive.paths or as many lines
 * change as lines_min says; else trivial up to lines_max; else standard.  Lines of files that
 * `rules` leave out do not count; their paths do.
 */
struct risk_verdict risk_judge(const struct tiers *tiers, const struct rules *rules,
			       const struct diff *diff, struct arena *arena);

/* The tier's own agents and model; NULL for a standard change. */
const struct tier *risk_tier(const struct tiers *tiers, enum risk risk);

#endif
