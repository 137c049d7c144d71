/* The scenario: one YAML file that says what AWS and GitHub are to be like. */
#ifndef EMULATOR_SCENARIO_H
#define EMULATOR_SCENARIO_H

#include "base/arena.h"
#include "base/error.h"
#include "value/fields.h"
#include "value/value.h"

/* "quotas" and "cache" of "aws". */
struct scenario_quotas {
	int64_t requests_per_minute, bucket; /* 0: no quota */
	int64_t tokens_per_minute;           /* 0: no quota */
	int64_t clock_scale; /* how much faster the caller's clock runs; 1 at least */
};

struct scenario_cache {
	int64_t minimum_tokens, seconds;
};

struct scenario_aws {
	struct str region, account, access_key_id, secret_access_key, bearer_token;
	int64_t credentials_seconds;
	int64_t clock_skew_seconds; /* 0: dates of signatures are not checked */
	struct scenario_quotas quotas;
	struct scenario_cache cache;
};

struct scenario_oidc {
	struct str subject, audience, request_token, issuer;
};

/* Owns the tree and all strings. */
struct scenario {
	struct arena arena;
	const char *folder;       /* where the file lies */
	const struct value *root; /* with "replies", "faults" and "github" as they were written */
	struct scenario_aws aws;
	struct scenario_oidc oidc;
};

/* `path` NULL gives the defaults.  ERROR_CONFIG names file, line and what is wrong. */
bool scenario_read(struct scenario *scenario, const char *path, struct error *err) MUST_USE;
void scenario_release(struct scenario *scenario);

#endif
