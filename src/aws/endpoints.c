/* The endpoints of AWS services, in every partition. */
#include "aws/endpoints.h"

#include "base/log.h"
#include "base/region.h"
#include "base/utf8.h"

static const struct partition partitions[] = {
	{STR_INIT("aws"), STR_INIT("amazonaws.com"), STR_INIT("api.aws")},
	{STR_INIT("aws-cn"), STR_INIT("amazonaws.com.cn"),
	 STR_INIT("api.amazonwebservices.com.cn")},
	{STR_INIT("aws-eusc"), STR_INIT("amazonaws.eu"), STR_INIT("api.amazonwebservices.eu")},
	{STR_INIT("aws-iso"), STR_INIT("c2s.ic.gov"), STR_INIT("api.aws.ic.gov")},
	{STR_INIT("aws-iso-b"), STR_INIT("sc2s.sgov.gov"), STR_INIT("api.aws.scloud")},
	{STR_INIT("aws-iso-e"), STR_INIT("cloud.adc-e.uk"), STR_INIT("api.cloud-aws.adc-e.uk")},
	{STR_INIT("aws-iso-f"), STR_INIT("csp.hci.ic.gov"), STR_INIT("api.aws.hci.ic.gov")},
	{STR_INIT("aws-us-gov"), STR_INIT("amazonaws.com"), STR_INIT("api.aws")},
};

/* The part of a region's name before "-WORD-NUMBER", for the partitions besides "aws". */
static const struct {
	struct str area, partition;
} areas[] = {
	{STR_INIT("cn"), STR_INIT("aws-cn")},         {STR_INIT("eu-isoe"), STR_INIT("aws-iso-e")},
	{STR_INIT("eusc-de"), STR_INIT("aws-eusc")},  {STR_INIT("us-gov"), STR_INIT("aws-us-gov")},
	{STR_INIT("us-iso"), STR_INIT("aws-iso")},    {STR_INIT("us-isob"), STR_INIT("aws-iso-b")},
	{STR_INIT("us-isof"), STR_INIT("aws-iso-f")},
};

/* Regions that used the global STS endpoint before there were regional ones. */
static const struct str sts_global_regions[] = {
	STR_INIT("ap-northeast-1"), STR_INIT("ap-south-1"), STR_INIT("ap-southeast-1"),
	STR_INIT("ap-southeast-2"), STR_INIT("aws-global"), STR_INIT("ca-central-1"),
	STR_INIT("eu-central-1"),   STR_INIT("eu-north-1"), STR_INIT("eu-west-1"),
	STR_INIT("eu-west-2"),      STR_INIT("eu-west-3"),  STR_INIT("sa-east-1"),
	STR_INIT("us-east-1"),      STR_INIT("us-east-2"),  STR_INIT("us-west-1"),
	STR_INIT("us-west-2"),
};

static const struct {
	struct str host, fips_host, signing_name;
} services[] = {
	[AWS_BEDROCK] = {STR_INIT("bedrock"), STR_INIT("bedrock-fips"), STR_INIT("bedrock")},
	[AWS_BEDROCK_RUNTIME] = {STR_INIT("bedrock-runtime"), STR_INIT("bedrock-runtime-fips"),
				 STR_INIT("bedrock")},
	[AWS_STS] = {STR_INIT("sts"), STR_INIT("sts-fips"), STR_INIT("sts")},
	[AWS_SSO_PORTAL] = {STR_INIT("portal.sso"), STR_INIT("portal.sso-fips"),
			    STR_INIT("awsssoportal")},
};

static const struct partition *partition_by_id(struct str id)
{
	for (size_t i = 0; i < ARRAY_LEN(partitions); i++) {
		if (str_eq(partitions[i].id, id))
			return &partitions[i];
	}
	return &partitions[0];
}

/* "us-gov-west-1" has the area "us-gov": two parts from the end are cut off. */
static struct str area_of(struct str region)
{
	for (int i = 0; i < 2; i++) {
		ptrdiff_t dash = str_rfind_char(region, '-');

		region = str_slice(region, 0, dash < 0 ? 0 : (size_t)dash);
	}
	return region;
}

const struct partition *partition_of(struct str region)
{
	struct str area = area_of(region);

	if (str_ends(region,
		     STR("-global"))) /* "aws-cn-global": a partition's name for "anywhere" */
		return partition_by_id(str_slice(region, 0, region.len - 7));
	for (size_t i = 0; i < ARRAY_LEN(areas); i++) {
		if (str_eq(areas[i].area, area))
			return partition_by_id(areas[i].partition);
	}
	return &partitions[0];
}

static bool region_check(struct str region, struct error *err)
{
	const char *problem;

	if (region.len == 0)
		return error_set(err, ERROR_USAGE, "no AWS region is given; set %s or AWS_REGION",
				 log_setting("the input \"aws-region\"", "--region"));
	problem = region_problem(region);
	return !problem ||
	       error_set(err, ERROR_USAGE, "\"%.*s\" %s", STR_ARG(utf8_cut(region, 60)), problem);
}

static bool uses_sts_global(const struct endpoint_options *options)
{
	if (options->fips || options->dual_stack)
		return false;
	if (str_eq(options->region, STR("aws-global")))
		return true;
	for (size_t i = 0; options->sts_global && i < ARRAY_LEN(sts_global_regions); i++) {
		if (str_eq(options->region, sts_global_regions[i]))
			return true;
	}
	return false;
}

static bool resolve_custom(struct arena *arena, enum aws_service service,
			   const struct endpoint_options *options, struct endpoint *endpoint,
			   struct error *err)
{
	struct str url = options->custom_url;

	if (options->fips || options->dual_stack)
		return error_set(err, ERROR_USAGE,
				 "the endpoint \"%.*s\" is set together with %s; unset one of them",
				 STR_ARG(url),
				 options->fips ? "AWS_USE_FIPS_ENDPOINT"
					       : "AWS_USE_DUALSTACK_ENDPOINT");
	if (options->region.len && !region_check(options->region, err))
		return false;
	while (str_ends(url, STR("/")))
		url.len--;
	*endpoint = (struct endpoint){.url = arena_str(arena, url),
				      .signing_region = arena_str(arena, options->region),
				      .signing_name = services[service].signing_name};
	return true;
}

bool endpoint_resolve(struct arena *arena, enum aws_service service,
		      const struct endpoint_options *options, struct endpoint *endpoint,
		      struct error *err)
{
	const struct partition *partition = partition_of(options->region);
	struct str host = services[service].host;
	struct str suffix =
		options->dual_stack ? partition->dual_stack_dns_suffix : partition->dns_suffix;
	struct endpoint found = {.signing_name = services[service].signing_name};

	if (options->custom_url.len)
		return resolve_custom(arena, service, options, endpoint, err);
	if (!region_check(options->region, err))
		return false;
	if (service == AWS_STS && uses_sts_global(options)) {
		*endpoint = (struct endpoint){.url = STR("https://sts.amazonaws.com"),
					      .signing_region = STR("us-east-1"),
					      .signing_name = found.signing_name};
		return true;
	}
	if (options->fips)
		host = services[service].fips_host;
	/* In GovCloud the plain names of STS are FIPS endpoints; only IPv6 has separate names. */
	if (service == AWS_STS && !options->dual_stack && str_eq(partition->id, STR("aws-us-gov")))
		host = services[service].host;
	found.url = arena_printf(arena, "https://%.*s.%.*s.%.*s", STR_ARG(host),
				 STR_ARG(options->region), STR_ARG(suffix));
	found.signing_region = arena_str(arena, options->region);
	*endpoint = found;
	return true;
}
