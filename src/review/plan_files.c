/* The parts of repository files that the units of a plan are shown. */
#include "review/plan_files.h"

#include "review/estimate.h"
#include "review/guidance.h"
#include "review/surroundings.h"

bool plan_read_files(struct plan *plan, const struct review *review, struct error *err)
{
	bool ok = surroundings_read(plan, review, err) && guidance_read(plan, review, err);

	plan_estimate(plan, review);
	return ok;
}
