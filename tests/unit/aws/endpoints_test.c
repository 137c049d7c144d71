/* Endpoints, held to the cases that are published with the rules. */
#include "aws/endpoints.h"

#include "shared.h"
#include "unit.h"

static void run_cases(const char *path, enum aws_service service, size_t expected)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *cases;

	if (!unit_shared_data())
		return;
	cases = value_get(shared_json(&arena, path), "testCases");
	ck_assert_uint_eq(value_len(cases), expected);
	for (size_t i = 0; i < value_len(cases); i++) {
		const struct value *params = value_get(value_at(cases, i), "params");
		const struct value *wanted = value_get(value_at(cases, i), "expect");
		struct value *found = value_get(wanted, "endpoint");
		struct str url = value_get_string(found, "url");
		struct str region = value_as_string(
			value_at_pointer(found, STR("/properties/authSchemes/0/signingRegion")));
		struct endpoint_options options = {
			.region = value_get_string(params, "Region"),
			.custom_url = value_get_string(params, "Endpoint"),
			.fips = value_get_bool(params, "UseFIPS", false),
			.dual_stack = value_get_bool(params, "UseDualStack", false),
			.sts_global = value_get_bool(params, "UseGlobalEndpoint", false),
		};
		struct endpoint endpoint = {0};
		struct error err = {0};
		bool fine = endpoint_resolve(&arena, service, &options, &endpoint, &err);

		ck_assert_msg(fine == (found != NULL), "case %zu: %s", i, err.message);
		if (!fine)
			ck_assert_int_eq(err.kind, ERROR_USAGE);
		ck_assert_str_is(endpoint.url, url);
		if (region.len)
			ck_assert_str_is(endpoint.signing_region, region);
	}
}

TEST(agrees_with_the_published_cases_of_bedrock)
{
	run_cases("models/bedrock-runtime/endpoint-tests-1.json", AWS_BEDROCK_RUNTIME, 21);
}

TEST(agrees_with_the_published_cases_of_sts)
{
	run_cases("models/sts/endpoint-tests-1.json", AWS_STS, 69);
}

TEST(knows_every_region_of_every_partition)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *partitions;

	if (!unit_shared_data())
		return;
	partitions = value_get(shared_json(&arena, "models/partitions.json"), "partitions");
	for (size_t i = 0; i < value_len(partitions); i++) {
		const struct value *wanted = value_at(partitions, i);
		const struct value *outputs = value_get(wanted, "outputs");
		const struct value *regions = value_get(wanted, "regions");

		ck_assert_uint_ge(value_len(regions), 1);
		for (size_t j = 0; j < value_len(regions); j++) {
			const struct partition *found =
				partition_of(regions->object.members[j].name);

			ck_assert_str_is(found->id, value_get_string(wanted, "id"));
			ck_assert_str_is(found->dns_suffix, value_get_string(outputs, "dnsSuffix"));
			ck_assert_str_is(found->dual_stack_dns_suffix,
					 value_get_string(outputs, "dualStackDnsSuffix"));
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
