/* IAM policies that outcrop prints for the person who sets it up. */
#ifndef BEDROCK_POLICIES_H
#define BEDROCK_POLICIES_H

#include "base/arena.h"
#include "credentials/oidc.h"

/*
 * The trust policy that lets a token with exactly these claims assume the role; JSON of several lines.
 * Empty when the claims or the role's ARN do not say enough.
 */
struct str policy_trust(struct arena *arena, const struct oidc_claims *claims, struct str role_arn);

/* What a model is called by, and where. */
struct policy_model {
	struct str id, region, account; /* account may be empty: "*" */
	struct str guardrail_id;        /* or empty */
	struct str project;             /* id or ARN; empty: the account's default */
};

/* The permissions that calling the model needs: its profile, the base model in every region, the guardrail. */
struct str policy_model(struct arena *arena, const struct policy_model *model);

#endif
