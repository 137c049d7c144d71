/* When a model reaches its end of life, as Bedrock reports it. */
#ifndef BEDROCK_LIFECYCLE_H
#define BEDROCK_LIFECYCLE_H

#include "bedrock/transport.h"

struct model_lifecycle {
	bool legacy;            /* it still answers, but has an end-of-life date */
	struct str end_of_life; /* "2027-04-08"; empty: the service names no day */
};

/* False when only the runtime has a custom endpoint: then the control plane's endpoint is unknown. */
bool lifecycle_can_read(const struct aws_session *session);

/*
 * Asks GetFoundationModel about the base model; the result lives in `arena`.  ERROR_DENIED without the
 * permission, ERROR_NOT_FOUND for profiles that hide their model.  Waits, not for long.
 */
bool lifecycle_read(struct bedrock *bedrock, struct arena *arena, struct model_lifecycle *lifecycle,
		    struct error *err) MUST_USE;

#endif
