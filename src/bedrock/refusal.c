/* The table of refusals.  A new one from the field is a row here and a line in refusal_test.c. */
#include "bedrock/refusal.h"

#include "base/log.h"

enum { WORDS_MAX = 3, FEATURES_MAX = 4, OUTPUT_TOKENS_MIN = 16 };

/*
 * A refusal is a ValidationException (status 400, or an event in the stream) unless `code` says another.
 * It means the first of `features` that the request used and that was not refused before.  The first row
 * whose words are all in the message counts, so rows of several words come before those of one.
 * Messages as the service and its users report them; they are compared without regard to case.
 */
static const struct refusal {
	const char *code;
	const char *words[WORDS_MAX];
	enum model_feature features[FEATURES_MAX];
	bool all; /* all of them are refused when one of them is */
} refusal_rules[] = {
	/* Tool choice. */
	{NULL,
	 {"tool_choice: type \"tool\" and \"any\""},
	 {FEATURE_ANY_TOOL, FEATURE_NAMED_TOOL},
	 true},
	{NULL,
	 {"may not be enabled when tool_choice"},
	 {FEATURE_ANY_TOOL, FEATURE_NAMED_TOOL},
	 true},
	{NULL, {"toolchoice.any"}, {FEATURE_ANY_TOOL}},
	{NULL, {"toolchoice.tool"}, {FEATURE_NAMED_TOOL, FEATURE_ANY_TOOL}},
	{NULL, {"toolchoice"}, {FEATURE_NAMED_TOOL, FEATURE_ANY_TOOL}},
	{NULL, {"tool_choice"}, {FEATURE_NAMED_TOOL, FEATURE_ANY_TOOL}},
	{NULL, {"tool choice"}, {FEATURE_NAMED_TOOL, FEATURE_ANY_TOOL}},

	/* Tools. */
	{NULL, {"tool", "streaming mode"}, {FEATURE_STREAMING_TOOLS}},
	{NULL, {"tool", "stream"}, {FEATURE_STREAMING_TOOLS, FEATURE_STREAMING}},
	{NULL, {"strict: extra inputs are not permitted"}, {FEATURE_STRICT_TOOLS}},
	{NULL, {"support", "strict"}, {FEATURE_STRICT_TOOLS}},
	{NULL,
	 {"cannot be provided in the same turn"},
	 {FEATURE_MIXED_TURN, FEATURE_RESULT_STATUS}},
	{NULL, {"support", "the status field"}, {FEATURE_RESULT_STATUS}},
	{NULL, {"support", "toolresult.status"}, {FEATURE_RESULT_STATUS}},
	{NULL, {"support tool use"}, {FEATURE_TOOLS}},
	{NULL, {"support", "toolconfig field"}, {FEATURE_TOOLS}},

	/* Structured output. */
	{NULL, {"output_config.format.schema"}, {FEATURE_SCHEMA_DETAIL, FEATURE_STRUCTURED}},
	{NULL,
	 {"schema is too complex"},
	 {FEATURE_SCHEMA_DETAIL, FEATURE_STRUCTURED, FEATURE_STRICT_TOOLS}},
	{NULL,
	 {"compiled grammar is too large"},
	 {FEATURE_SCHEMA_DETAIL, FEATURE_STRUCTURED, FEATURE_STRICT_TOOLS}},
	{NULL, {"output_config.format"}, {FEATURE_STRUCTURED}},
	{NULL, {"outputconfig.textformat"}, {FEATURE_STRUCTURED}},
	{NULL, {"support", "structured output"}, {FEATURE_STRUCTURED}},

	/* Sampling. */
	{NULL, {"temperature", "top_p", "both"}, {FEATURE_TOP_P, FEATURE_TEMPERATURE}},
	{NULL, {"temperature"}, {FEATURE_TEMPERATURE}},
	{NULL, {"top_p"}, {FEATURE_TOP_P}},
	{NULL, {"topp"}, {FEATURE_TOP_P}},
	{NULL, {"top_k"}, {FEATURE_TOP_K}},
	{NULL, {"topk"}, {FEATURE_TOP_K}},
	{NULL, {"stop_sequences"}, {FEATURE_STOP_SEQUENCES}},
	{NULL, {"stopsequences"}, {FEATURE_STOP_SEQUENCES}},

	/* Thinking.  The advice in a refusal of one kind names another: the kind that is refused first. */
	{NULL, {"thinking.type.enabled"}, {FEATURE_THINKING_BUDGET}},
	{NULL, {"thinking.type.disabled"}, {FEATURE_THINKING_DISABLED}},
	{NULL, {"thinking.type.adaptive"}, {FEATURE_THINKING_ADAPTIVE}},
	{NULL, {"thinking.enabled"}, {FEATURE_THINKING_BUDGET}},
	{NULL, {"thinking.disabled"}, {FEATURE_THINKING_DISABLED}},
	{NULL, {"thinking.adaptive"}, {FEATURE_THINKING_ADAPTIVE}},
	{NULL, {"adaptive thinking"}, {FEATURE_THINKING_ADAPTIVE}},
	{NULL, {"budget_tokens: extra inputs"}, {FEATURE_THINKING_BUDGET}},
	{NULL, {"thinking", "cannot be disabled"}, {FEATURE_THINKING_DISABLED}},
	{NULL,
	 {"thinking: extra inputs"},
	 {FEATURE_THINKING_BUDGET, FEATURE_THINKING_ADAPTIVE, FEATURE_THINKING_DISABLED}},
	{NULL,
	 {"support", "thinking"},
	 {FEATURE_THINKING_BUDGET, FEATURE_THINKING_ADAPTIVE, FEATURE_THINKING_DISABLED}},
	{NULL,
	 {"[thinking]"},
	 {FEATURE_THINKING_BUDGET, FEATURE_THINKING_ADAPTIVE, FEATURE_THINKING_DISABLED}},
	{NULL, {"effort"}, {FEATURE_EFFORT}},
	{NULL, {"[reasoning]"}, {FEATURE_EFFORT}},
	{NULL, {"reasoningconfig"}, {FEATURE_EFFORT}},
	{NULL, {"outputconfig"}, {FEATURE_STRUCTURED, FEATURE_EFFORT}},
	{NULL, {"output_config"}, {FEATURE_STRUCTURED, FEATURE_EFFORT}},

	/* The cache. */
	{NULL, {"ttl"}, {FEATURE_CACHE_HOUR, FEATURE_CACHE}},
	{NULL, {"cachepoint"}, {FEATURE_CACHE_HOUR, FEATURE_CACHE}},
	{NULL, {"cache_control"}, {FEATURE_CACHE_HOUR, FEATURE_CACHE}},
	{NULL, {"prompt caching"}, {FEATURE_CACHE}},
	{"AccessDeniedException", {"prompt caching"}, {FEATURE_CACHE}},

	/* The rest. */
	{NULL, {"requestmetadata"}, {FEATURE_METADATA}},
	{NULL, {"request metadata"}, {FEATURE_METADATA}},
	{NULL, {"request-metadata"}, {FEATURE_METADATA}},
	{NULL, {"support system messages"}, {FEATURE_SYSTEM_TEXT}},
	{NULL, {"support", "system field"}, {FEATURE_SYSTEM_TEXT}},
	{NULL, {"support", "system prompt"}, {FEATURE_SYSTEM_TEXT}},
	{NULL, {"servicetier"}, {FEATURE_SERVICE_TIER}},
	{NULL, {"service tier"}, {FEATURE_SERVICE_TIER}},
	{NULL, {"maximum tokens you requested exceeds"}, {FEATURE_OUTPUT_LIMIT}},
	{NULL, {"max_tokens:", "maximum allowed"}, {FEATURE_OUTPUT_LIMIT}},
	{NULL, {"maxtokens", "maximum"}, {FEATURE_OUTPUT_LIMIT}},
	{NULL, {"support", "streaming"}, {FEATURE_STREAMING}},
};

struct refusals *refusals_of(struct refusals **list, struct arena *arena, struct str region,
			     struct str id)
{
	struct refusals *refusals;

	for (refusals = *list; refusals; refusals = refusals->next) {
		if (str_eq(refusals->id, id) && str_eq(refusals->region, region))
			return refusals;
	}
	refusals = ARENA_NEW(arena, struct refusals);
	*refusals = (struct refusals){
		.region = arena_str(arena, region), .id = arena_str(arena, id), .next = *list};
	*list = refusals;
	return refusals;
}

static bool explains(const struct refusal *row, const struct error *err)
{
	struct str message = str_from(err->message);

	if (row->code ? !str_eq(str_from(err->code), str_from(row->code))
		      : err->kind != ERROR_INVALID)
		return false;
	for (size_t i = 0; i < WORDS_MAX && row->words[i]; i++) {
		if (!str_contains_nocase(message, str_from(row->words[i])))
			return false;
	}
	return true;
}

/* The largest number of the message that is below what was asked for. */
static int64_t limit_in(struct str message, int64_t max_tokens)
{
	int64_t best = 0;

	for (size_t i = 0; i < message.len;) {
		size_t len = 0;
		int64_t number;

		while (i + len < message.len && message.ptr[i + len] >= '0' &&
		       message.ptr[i + len] <= '9')
			len++;
		if (len && str_to_int64(str_slice(message, i, len), &number) &&
		    number < max_tokens && number > best)
			best = number;
		i += len + 1;
	}
	return best >= OUTPUT_TOKENS_MIN ? best : 0;
}

static bool learn_limit(struct refusals *refusals, const struct refusal_request *request,
			const struct error *err)
{
	struct str message = str_from(err->message);
	ptrdiff_t colon = str_find_char(message, ':', 0); /* behind code and status */
	int64_t limit = limit_in(str_skip(message, (size_t)(colon + 1)), request->max_tokens);

	if (!limit)
		return false;
	refusals->output_tokens_max = limit;
	return true;
}

static feature_set all_of(const struct refusal *row)
{
	feature_set set = 0;

	for (size_t i = 0; i < FEATURES_MAX; i++) {
		if (row->features[i] != FEATURE_NONE)
			set |= feature_bit(row->features[i]);
	}
	return set;
}

/* The first feature of the row that the request used; FEATURE_NONE: it used none of them. */
static enum model_feature meant(const struct refusal *row, feature_set used)
{
	for (size_t i = 0; i < FEATURES_MAX && row->features[i] != FEATURE_NONE; i++) {
		if (feature_in(used, row->features[i]))
			return row->features[i];
	}
	return FEATURE_NONE;
}

static void tell(const struct refusals *refusals, feature_set learned, const struct error *err)
{
	for (int i = FEATURE_COUNT - 1; i > FEATURE_NONE; i--) {
		if (feature_in(learned, (enum model_feature)i)) {
			log_info("model", "%.*s refuses %s, from now on %s: %s",
				 STR_ARG(refusals->id), feature_name((enum model_feature)i),
				 feature_instead((enum model_feature)i), err->message);
			return;
		}
	}
}

bool refusal_learn(struct refusals *refusals, const struct refusal_request *request,
		   const struct error *err, feature_set *learned)
{
	*learned = 0;
	for (size_t i = 0; i < ARRAY_LEN(refusal_rules); i++) {
		const struct refusal *row = &refusal_rules[i];
		enum model_feature feature;

		if (!explains(row, err))
			continue;
		feature = meant(row, request->used);
		if (feature == FEATURE_NONE)
			continue;
		if (feature_in(refusals->refused, feature))
			return true; /* another call met the same meanwhile */
		if (feature == FEATURE_OUTPUT_LIMIT) {
			if (!learn_limit(refusals, request, err))
				continue;
			*learned = feature_bit(feature);
		} else {
			*learned = row->all ? all_of(row) : feature_bit(feature);
			refusals->refused |= *learned;
		}
		tell(refusals, *learned, err);
		return true;
	}
	return false;
}
