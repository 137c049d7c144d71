/* A chat as one model takes it: without what the model does not have, or refused earlier in the run. */
#ifndef BEDROCK_FIT_H
#define BEDROCK_FIT_H

#include "bedrock/refusal.h"
#include "model/model.h"

/* What a request is made from.  All borrowed. */
struct fit_source {
	const struct model *model;
	const struct chat *chat;
	const struct refusals *refusals;
	struct str service_tier; /* empty: none is asked for */
};

/* What is sent; it shares what did not have to change. */
struct fitted {
	struct model model; /* traits, cache and stream as learned */
	struct chat chat;
	struct str service_tier;
	bool strict_tools, loose_schema, no_metadata, no_status;
	bool stream;
	bool answers_as_json; /* the answer tool is not sent: its input comes as text */
	feature_set used;
};

void request_fit(struct arena *arena, const struct fit_source *source, struct fitted *fitted);

#endif
