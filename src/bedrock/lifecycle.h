/* When a model retires, as the service itself says it. */
#ifndef BEDROCK_LIFECYCLE_H
#define BEDROCK_LIFECYCLE_H

#include "bedrock/transport.h"

struct model_lifecycle {
	bool legacy;            /* it still answers, and is going to retire */
	struct str end_of_life; /* "2027-04-08"; empty: the service names no day */
};

/* False where only the runtime has a custom endpoint: then nobody knows where the rest of Bedrock is. */
bool lifecycle_can_read(const struct aws_session *session);

/*
 * Asks GetFoundationModel about the base model; what it gives lives in `arena`.  ERROR_DENIED where the role may
 * not ask, ERROR_NOT_FOUND for profiles that hide their model.  Waits, not for long.
 */
bool lifecycle_read(struct bedrock *bedrock, struct arena *arena, struct model_lifecycle *lifecycle,
		    struct error *err) MUST_USE;

#endif
