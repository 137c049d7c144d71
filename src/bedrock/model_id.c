/* Parses a model's identifier. */
#include "bedrock/model_id.h"

/* The groups of regions that profiles are named for, sorted. */
static const struct str profile_prefixes[] = {
	STR_INIT("apac."), STR_INIT("au."),     STR_INIT("ca."),
	STR_INIT("eu."),   STR_INIT("global."), STR_INIT("in."),
	STR_INIT("jp."),   STR_INIT("us-gov."), STR_INIT("us."),
};

static size_t prefix_len(struct str id)
{
	for (size_t i = 0; i < ARRAY_LEN(profile_prefixes); i++) {
		if (str_starts(id, profile_prefixes[i]))
			return profile_prefixes[i].len;
	}
	return 0;
}

struct str model_id_base(struct str id)
{
	if (str_starts(id, STR("arn:")) && (str_contains(id, STR(":inference-profile/")) ||
					    str_contains(id, STR(":foundation-model/"))))
		id = str_last_part(id);
	return str_skip(id, prefix_len(id));
}

bool model_id_is_profile(struct str id)
{
	return prefix_len(id) > 0;
}
