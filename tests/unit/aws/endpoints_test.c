/* Endpoints, held to what botocore makes of the published rules. */
#include "aws/endpoints.h"

#include "unit.h"
#include "value/json.h"
#include "vectors.h"

static void check_case(const struct value *item)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *params = value_get(item, "params");
	bool sts = str_eq(value_get_string(item, "service"), STR("sts"));
	bool refused = value_get(item, "error") != NULL;
	struct str region = value_get_string(item, "signing_region");
	struct endpoint_options options = {
		.region = value_get_string(params, "Region"),
		.custom_url = value_get_string(params, "Endpoint"),
		.fips = value_get_bool(params, "UseFIPS", false),
		.dual_stack = value_get_bool(params, "UseDualStack", false),
		.sts_global = value_get_bool(params, "UseGlobalEndpoint", false),
	};
	struct endpoint endpoint = {0};
	struct error err = {0};
	SCOPED(buf) struct buf shown = BUF_INIT;
	bool ok = endpoint_resolve(&arena, sts ? AWS_STS : AWS_BEDROCK_RUNTIME, &options, &endpoint,
				   &err);

	json_write(&shown, item, JSON_COMPACT);
	ck_assert_msg(ok != refused, "%s: %s", shown.ptr, ok ? "accepted" : err.message);
	if (!ok)
		ck_assert_int_eq(err.kind, ERROR_USAGE);
	ck_assert_msg(str_eq(endpoint.url, value_get_string(item, "url")), "%s: %.*s", shown.ptr,
		      STR_ARG(endpoint.url));
	if (region.len)
		ck_assert_str_is(endpoint.signing_region, region);
}

TEST(resolves_endpoints_as_botocore_does)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *cases = value_get(vectors_json(&arena, "endpoints.json"), "cases");

	ck_assert_uint_ge(value_len(cases), 250);
	for (size_t i = 0; i < value_len(cases); i++)
		check_case(value_at(cases, i));
}

/* Its rule set has these four forms. */
TEST(knows_where_bedrock_is_besides_its_runtime)
{
	static const struct {
		struct endpoint_options options;
		const char *url;
	} cases[] = {
		{{.region = STR_INIT("us-east-1")}, "https://bedrock.us-east-1.amazonaws.com"},
		{{.region = STR_INIT("us-gov-west-1"), .fips = true},
		 "https://bedrock-fips.us-gov-west-1.amazonaws.com"},
		{{.region = STR_INIT("eu-west-1"), .dual_stack = true},
		 "https://bedrock.eu-west-1.api.aws"},
		{{.region = STR_INIT("us-east-1"), .custom_url = STR_INIT("http://127.0.0.1:1/")},
		 "http://127.0.0.1:1"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct endpoint endpoint = {0};
		struct error err = {0};

		ck_assert_msg(endpoint_resolve(&arena, AWS_BEDROCK, &cases[i].options, &endpoint,
					       &err),
			      "%s", err.message);
		ck_assert_str_is(endpoint.url, str_from(cases[i].url));
		ck_assert_str_is(endpoint.signing_name, STR("bedrock"));
	}
}

TEST(knows_every_region_of_every_partition)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *partitions =
		value_get(vectors_json(&arena, "endpoints.json"), "partitions");

	ck_assert_uint_ge(value_len(partitions), 7);
	for (size_t i = 0; i < value_len(partitions); i++) {
		const struct value *wanted = value_at(partitions, i);
		const struct value *regions = value_get(wanted, "regions");

		for (size_t j = 0; j < value_len(regions); j++) {
			const struct partition *found =
				partition_of(value_as_string(value_at(regions, j)));

			ck_assert_str_is(found->id, value_get_string(wanted, "id"));
			ck_assert_str_is(found->dns_suffix, value_get_string(wanted, "dns_suffix"));
			ck_assert_str_is(found->dual_stack_dns_suffix,
					 value_get_string(wanted, "dual_stack_dns_suffix"));
		}
	}
}

TEST(refuses_a_region_that_would_change_the_host)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct endpoint_options options = {.region = STR("us-east-1.evil.example/")};
	struct endpoint endpoint;
	struct error err = {0};

	ck_assert(!endpoint_resolve(&arena, AWS_STS, &options, &endpoint, &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
}

TEST(takes_the_slash_off_a_custom_url)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct endpoint_options options = {.region = STR("eu-west-1"),
					   .custom_url = STR("http://127.0.0.1:8080/bedrock/")};
	struct endpoint endpoint;
	struct error err = {0};

	ck_assert(endpoint_resolve(&arena, AWS_BEDROCK_RUNTIME, &options, &endpoint, &err));
	ck_assert_str_is(endpoint.url, STR("http://127.0.0.1:8080/bedrock"));
	ck_assert_str_is(endpoint.signing_region, STR("eu-west-1"));
	ck_assert_str_is(endpoint.signing_name, STR("bedrock"));
}
