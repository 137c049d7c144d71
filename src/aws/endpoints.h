/* The endpoints of AWS services, in every partition. */
#ifndef AWS_ENDPOINTS_H
#define AWS_ENDPOINTS_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

enum aws_service {
	AWS_BEDROCK, /* the control plane: GetFoundationModel and the like */
	AWS_BEDROCK_RUNTIME,
	AWS_STS,
	AWS_SSO_PORTAL, /* exchanges a cached sign-in for keys */
};

struct endpoint_options {
	struct str region;
	struct str custom_url; /* empty: none */
	bool fips;
	bool dual_stack;
	bool sts_global; /* old regions use the one global STS (AWS_STS_REGIONAL_ENDPOINTS=legacy) */
};

/* Lives in the arena that it was resolved in. */
struct endpoint {
	struct str url;            /* without a '/' at its end */
	struct str signing_region; /* empty: with a custom URL and no region */
	struct str signing_name;
};

/* A group of regions with one set of names. */
struct partition {
	struct str id; /* "aws-cn" */
	struct str dns_suffix;
	struct str dual_stack_dns_suffix;
};

/* The partition of a region; "aws" for an unknown one. */
const struct partition *partition_of(struct str region);

/*
 * Fails with ERROR_USAGE: no region, an invalid region name, FIPS or dual-stack with a custom URL.
 * Source: the endpoint rule sets that the SDKs publish (endpoint-rule-set-1.json).
 */
bool endpoint_resolve(struct arena *arena, enum aws_service service,
		      const struct endpoint_options *options, struct endpoint *endpoint,
		      struct error *err) MUST_USE;

#endif
