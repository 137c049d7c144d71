/* Models on Bedrock: makes a `struct model` that answers. */
#ifndef BEDROCK_BEDROCK_H
#define BEDROCK_BEDROCK_H

#include "credentials/session.h"
#include "model/model.h"

/* What a models table says of one model, besides what `struct model` holds. */
struct bedrock_settings {
	struct str region; /* empty: the session's */
	enum model_api api;
	struct str guardrail_id, guardrail_version;
	const struct value *request_fields; /* additionalModelRequestFields */
	struct str anthropic_version;       /* Messages; empty: bedrock-2023-05-31 */
	struct str service_tier;            /* "flex", "priority"; empty: the default */
	struct str project;                 /* id or ARN; empty: the account's default */
	/* The model's own keys, which take precedence over the session's; NULL or unset: none. */
	const struct secret *access_key_id, *secret_access_key, *session_token;
};

/*
 * Makes `model` one that Bedrock answers: sets its region, ops and ctx.  The caller sets the other members before.
 * The ctx copies what it needs and lives as long as the session.  ERROR_USAGE without a region.
 */
bool bedrock_model_init(struct aws_session *session, struct model *model,
			const struct bedrock_settings *settings, struct error *err) MUST_USE;

#endif
