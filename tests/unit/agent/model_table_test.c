/* From names to models. */
#include "agent/model_table.h"

#include <string.h>

#include "agent/config.h"
#include "unit.h"

/* Resolves a name; gives the error's text or nothing. */
static struct str resolve(struct arena *arena, const struct config *config, const char *name,
			  const char *region, struct model_choice *choice)
{
	struct model_table table;
	struct model_request req = {
		.table = &table,
		.config = config,
		.name = str_from(name),
		.region = str_from(region),
	};
	struct error err = {0};

	model_table_read(arena, &table);
	if (model_resolve(&req, arena, choice, &err))
		return STR_EMPTY;
	ck_assert_int_eq(err.kind, ERROR_CONFIG);
	return arena_str(arena, str_from(err.message));
}

TEST(picks_the_profile_of_the_region)
{
	static const struct {
		const char *alias, *region, *id, *previous;
	} rows[] = {
		{"sonnet", "us-east-1", "us.anthropic.claude-sonnet-5-5",
		 "us.anthropic.claude-sonnet-5"},
		{"sonnet", "eu-central-1", "eu.anthropic.claude-sonnet-5-5",
		 "eu.anthropic.claude-sonnet-5"},
		{"sonnet", "ap-northeast-1", "jp.anthropic.claude-sonnet-5-5",
		 "jp.anthropic.claude-sonnet-5"},
		{"haiku", "ap-southeast-2", "au.anthropic.claude-haiku-5-5",
		 "au.anthropic.claude-haiku-4-5-20251001-v1:0"},
		{"haiku", "ap-south-1", "global.anthropic.claude-haiku-5-5",
		 "in.anthropic.claude-haiku-4-5-20251001-v1:0"},
		{"opus", "ap-northeast-1", "jp.anthropic.claude-opus-5-5",
		 "jp.anthropic.claude-opus-5"},
		{"sonnet", "us-gov-west-1", "us-gov.anthropic.claude-sonnet-5-5",
		 "us-gov.anthropic.claude-sonnet-5"},
		{"haiku", "us-gov-west-1", "us-gov.anthropic.claude-haiku-5-5", ""},
		{"sonnet", "sa-east-1", "global.anthropic.claude-sonnet-5-5",
		 "global.anthropic.claude-sonnet-5"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct model_choice choice;

		ck_assert_str_is(resolve(&arena, NULL, rows[i].alias, rows[i].region, &choice),
				 STR(""));
		ck_assert_str_is(choice.model.id, str_from(rows[i].id));
		ck_assert_str_is(choice.model.alias, str_from(rows[i].alias));
		ck_assert_str_is(choice.model.traits.family, STR("claude"));
		ck_assert(choice.model.cache && choice.model.stream);
		ck_assert_int_eq((int)choice.model.inference.max_tokens, 16000);
		ck_assert_str_is(choice.previous, str_from(rows[i].previous));
	}
}

TEST(says_which_regions_there_are)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_choice choice;
	struct str said = resolve(&arena, NULL, "opus", "eusc-de-east-1", &choice);

	ck_assert_msg(
		str_starts(
			said,
			STR("model \"opus\": no inference profile for region \"eusc-de-east-1\"; there is one for: us-gov-*, us-*, ca-*, eu-*, ap-northeast-1, ")),
		"%.*s", STR_ARG(said));
	said = resolve(&arena, NULL, "sonnet", "cn-north-1", &choice);
	ck_assert(str_contains(said, STR("us-gov-*, us-*")));
	said = resolve(&arena, NULL, "sonnet", "", &choice);
	ck_assert(str_contains(said, STR("set --region or AWS_REGION")));
	said = resolve(&arena, NULL, "sonnet", "US East", &choice);
	ck_assert(str_contains(said, STR("is not an AWS region")));
	said = resolve(&arena, NULL, "sonett", "us-east-1", &choice);
	ck_assert_str_is(said, STR("unknown model \"sonett\"; did you mean \"sonnet\"?"));
	said = resolve(&arena, NULL, "gpt", "us-east-1", &choice);
	ck_assert(str_contains(said, STR("neither an alias (haiku, sonnet, opus) nor a model id")));
}

/* These refuse text beside tool calls in one message ("cannot be provided in the same turn"). */
static bool mixes(const char *family)
{
	return strcmp(family, "llama") != 0 && strcmp(family, "mistral") != 0;
}

TEST(knows_families_by_id_profile_and_arn)
{
	static const struct {
		const char *id, *family;
		enum tool_support tools;
		bool streaming_tools, system_text;
		int64_t cache_min;
		enum thinking_kind thinking;
	} rows[] = {
		{"anthropic.claude-3-haiku-20240307-v1:0", "claude", TOOLS_FORCED, true, true, 4096,
		 THINKING_ADAPTIVE},
		{"global.anthropic.claude-opus-9", "claude", TOOLS_FORCED, true, true, 4096,
		 THINKING_ADAPTIVE},
		{"us.anthropic.claude-opus-5-5", "claude", TOOLS_PLAIN, true, true, 512,
		 THINKING_ADAPTIVE},
		{"us.anthropic.claude-opus-4-5-20251101-v1:0", "claude", TOOLS_FORCED, true, true,
		 4096, THINKING_BUDGET},
		{"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
		 "nova", TOOLS_FORCED, true, true, 1024, THINKING_OFF},
		{"us.meta.llama3-3-70b-instruct-v1:0", "llama", TOOLS_PLAIN, false, true, 0,
		 THINKING_OFF},
		{"meta.llama3-8b-instruct-v1:0", "llama", TOOLS_NONE, false, true, 0, THINKING_OFF},
		{"mistral.mistral-7b-instruct-v0:2", "mistral", TOOLS_NONE, true, false, 0,
		 THINKING_OFF},
		{"mistral.mistral-large-3-675b-instruct", "mistral", TOOLS_ANY, true, true, 0,
		 THINKING_OFF},
		{"amazon.titan-text-express-v1", "titan", TOOLS_NONE, true, false, 0, THINKING_OFF},
		{"us.openai.gpt-6.1-sol", "gpt", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"openai.gpt-oss-120b-1:0", "gpt-oss", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"global.moonshotai.kimi-k3.1", "kimi", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"us.zai.glm-5.3", "glm", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"us.xai.grok-4.7", "grok", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"qwen.qwen3-coder-next", "qwen", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"us.deepseek.v3.2", "deepseek", TOOLS_ANY, true, true, 0, THINKING_OFF},
		{"minimax.minimax-m2.5", "minimax", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"google.gemma-3-27b-it", "gemma", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"nvidia.nemotron-super-3-120b", "nemotron", TOOLS_FORCED, true, true, 0,
		 THINKING_OFF},
		{"newvendor.model-1", "", TOOLS_FORCED, true, true, 0, THINKING_OFF},
		{"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", "",
		 TOOLS_FORCED, true, true, 0, THINKING_OFF},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct model_choice choice;
		const struct model_traits *traits = &choice.model.traits;

		ck_assert_str_is(resolve(&arena, NULL, rows[i].id, "us-east-1", &choice), STR(""));
		ck_assert_str_is(choice.model.id, str_from(rows[i].id));
		ck_assert_str_is(traits->family, str_from(rows[i].family));
		ck_assert_msg(traits->tools == rows[i].tools &&
				      traits->streaming_tools == rows[i].streaming_tools &&
				      traits->system_text == rows[i].system_text &&
				      traits->mixed_turns == mixes(rows[i].family) &&
				      traits->cache_tokens_min == rows[i].cache_min &&
				      traits->thinking == rows[i].thinking,
			      "%s", rows[i].id);
		ck_assert(traits->context_tokens > 0);
	}
}

TEST(takes_ids_as_other_tools_and_folded_yaml_write_them)
{
	static const struct {
		const char *name, *id, *region;
	} rows[] = {
		{"us.anthropic.x-v1:0\n", "us.anthropic.x-v1:0", ""},
		{"bedrock/us.anthropic.x-v1:0", "us.anthropic.x-v1:0", ""},
		{"bedrock/converse/us.anthropic.x-v1:0", "us.anthropic.x-v1:0", ""},
		{"bedrock/invoke/x.y", "x.y", ""},
		{"bedrock/eu-west-1/anthropic.x-v1:0", "anthropic.x-v1:0", "eu-west-1"},
		{"bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/us.x",
		 "arn:aws:bedrock:us-east-1:1:inference-profile/us.x", ""},
		{"arn:aws:bedrock:us-east-1:1:inference-profile/us.x",
		 "arn:aws:bedrock:us-east-1:1:inference-profile/us.x", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str region;

		ck_assert_str_is(model_plain_id(str_from(rows[i].name), &region),
				 str_from(rows[i].id));
		ck_assert_str_is(region, str_from(rows[i].region));
	}
}

TEST(takes_the_region_of_an_arn)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_choice choice;

	ck_assert_str_is(resolve(&arena, NULL,
				 "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.x.y",
				 "us-east-1", &choice),
			 STR(""));
	ck_assert_str_is(choice.model.region, STR("eu-west-1"));
}

static struct price price_in(struct arena *arena, const char *name, const char *region)
{
	struct model_choice choice;

	ck_assert_str_is(resolve(arena, NULL, name, region, &choice), STR(""));
	return choice.model.price;
}

TEST(prices_what_the_table_prices_and_nothing_else)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct price haiku = price_in(&arena, "haiku", "us-east-1");

	ck_assert_double_eq(price_in(&arena, "sonnet", "us-east-1").input, 2.20);
	ck_assert_double_eq(price_in(&arena, "sonnet", "sa-east-1").input, 2.00);
	ck_assert_double_eq(price_in(&arena, "sonnet", "us-gov-west-1").input, 2.40);
	ck_assert_double_eq(price_in(&arena, "sonnet", "us-east-1").cache_read, 0.22);
	ck_assert_double_eq(price_in(&arena, "eu.amazon.nova-pro-v1:0", "eu-west-1").input, 1.05);
	ck_assert(price_in(&arena, "us.anthropic.claude-opus-9", "us-east-1").output < 0);
	ck_assert(price_in(&arena, "us-gov.amazon.nova-pro-v1:0", "us-gov-west-1").output < 0);
	ck_assert(haiku.long_tokens == 100000 && haiku.long_input > 4.9);
}

TEST(lets_the_configuration_decide)
{
	struct model_config entries[] = {
		{
			.alias = STR("sonnet"),
			.max_tokens = 9000,
			.thinking = THINKING_BUDGET,
			.thinking_budget = 2000,
			.price = {1, -1, -1, -1},
			.temperature = -1,
			.top_p = -1,
			.top_k = -1,
		},
		{
			.alias = STR("mine"),
			.model = STR("arn:aws:bedrock:us-east-1:1:application-inference-profile/x"),
			.region = STR("eu-west-3"),
			.family = STR("claude"),
			.cache = CACHE_OFF,
			.stream = false,
			.has_stream = true,
			.thinking = THINKING_BUDGET,
			.thinking_budget = 3000,
			.price = {-1, -1, -1, -1},
			.temperature = -1,
			.top_p = -1,
			.top_k = -1,
		},
	};
	struct config config = {.models = entries, .models_len = ARRAY_LEN(entries)};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_choice choice;

	ck_assert_str_is(resolve(&arena, &config, "sonnet", "us-east-1", &choice), STR(""));
	ck_assert_str_is(choice.model.id, STR("us.anthropic.claude-sonnet-5-5"));
	ck_assert(choice.config == &entries[0] && choice.model.inference.max_tokens == 9000);
	ck_assert_double_eq(choice.model.price.input, 1);
	ck_assert_double_eq(choice.model.price.output, 11);
	ck_assert_str_is(resolve(&arena, &config, "mine", "us-east-1", &choice), STR(""));
	ck_assert_str_is(choice.model.region, STR("eu-west-3"));
	ck_assert_str_is(choice.model.traits.family, STR("claude"));
	ck_assert(!choice.model.cache && !choice.model.stream && choice.model.price.input < 0);
	ck_assert_int_eq((int)choice.model.inference.max_tokens, 7000);
}

TEST(resolves_embedders)
{
	struct embedder_config entries[] = {
		{.alias = STR("titan"),
		 .model = STR("amazon.titan-embed-text-v2:0"),
		 .dimensions = 512},
	};
	struct config config = {.embedders = entries, .embedders_len = 1};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_table table;
	struct model_request req = {.table = &table,
				    .config = &config,
				    .name = STR("titan"),
				    .region = STR("us-east-1")};
	struct model_choice choice;
	struct error err;

	model_table_read(&arena, &table);
	ck_assert(model_resolve_embedder(&req, &arena, &choice, &err));
	ck_assert_str_is(choice.model.id, STR("amazon.titan-embed-text-v2:0"));
	ck_assert_double_eq(choice.model.price.input, 0.02);
	ck_assert_ptr_eq(choice.embedder, &entries[0]);
	req.name = STR("nothing");
	ck_assert(!model_resolve_embedder(&req, &arena, &choice, &err));
}

TEST(has_a_table_that_is_whole)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_table table;

	model_table_read(&arena, &table);
	ck_assert_uint_eq(table.date.len, 10);
	ck_assert_uint_eq(table.aliases_len, 3);
	for (size_t i = 0; i < table.rows_len; i++) {
		const struct model_row *row = &table.rows[i];

		ck_assert((row->traits.cache_tokens_min > 0) == (row->traits.cache_points_max > 0));
		for (size_t j = 0; j < i; j++)
			ck_assert(!str_eq(row->match, table.rows[j].match));
	}
	for (size_t i = 0; i < table.families_len; i++) {
		const struct model_row *row = model_table_row(&table, table.families[i].match);

		ck_assert(row && str_eq(row->traits.family, table.families[i].family));
	}
}

static bool has_source(const struct model_table *table, struct str name)
{
	for (size_t i = 0; i < table->sources_len; i++)
		if (str_eq(table->sources[i].name, name))
			return table->sources[i].date.len == 10;
	return false;
}

TEST(has_a_source_with_a_date_for_each_price)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_table table;

	model_table_read(&arena, &table);
	for (size_t i = 0; i < table.rows_len; i++) {
		const struct model_row *row = &table.rows[i];

		ck_assert_msg(!row->prices_len || has_source(&table, row->source), "%.*s",
			      STR_ARG(row->match));
	}
}

/* Days of a date as if all months had 31: far enough for "within 90 days". */
static int64_t days_of(struct str date)
{
	int64_t year = 0, month = 0, day = 0;

	ck_assert(str_to_int64(str_slice(date, 0, 4), &year) &&
		  str_to_int64(str_slice(date, 5, 2), &month) &&
		  str_to_int64(str_slice(date, 8, 2), &day));
	return (year * 12 + month) * 31 + day;
}

TEST(has_no_alias_of_a_model_that_ends_soon)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_table table;

	model_table_read(&arena, &table);
	for (size_t i = 0; i < table.aliases_len; i++) {
		const struct model_alias *alias = &table.aliases[i];
		struct str ids[] = {alias->newest.id, alias->previous.id};

		for (size_t j = 0; j < ARRAY_LEN(ids); j++) {
			const struct model_row *row = model_table_row(&table, ids[j]);

			ck_assert(row && row->prices_len);
			ck_assert_msg(!row->end_of_life.len ||
					      days_of(row->end_of_life) > days_of(table.date) + 93,
				      "%.*s", STR_ARG(ids[j]));
		}
	}
}

TEST(has_a_profile_of_each_alias_in_each_region)
{
	static const char *const regions[] = {"us-east-1",      "us-west-2",  "ca-central-1",
					      "eu-west-1",      "eu-north-1", "ap-northeast-1",
					      "ap-southeast-2", "ap-south-1", "ap-southeast-1",
					      "sa-east-1",      "sa-west-1",  "me-west-1",
					      "il-central-1",   "af-south-1", "mx-central-1",
					      "us-gov-east-1"};
	static const char *const aliases[] = {"haiku", "sonnet", "opus"};

	for (size_t i = 0; i < ARRAY_LEN(regions); i++) {
		for (size_t j = 0; j < ARRAY_LEN(aliases); j++) {
			SCOPED(arena) struct arena arena = ARENA_INIT;

			ck_assert(price_known(
				&(struct price[]){price_in(&arena, aliases[j], regions[i])}[0]));
		}
	}
}
