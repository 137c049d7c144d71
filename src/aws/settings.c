/* The user's settings for AWS, checked before the first call. */
#include "aws/settings.h"

#include "base/ascii.h"
#include "value/json.h"

enum {
	DURATION_MIN = 900,
	DURATION_MAX = 43200,
	CHAINED_DURATION_MAX = 3600,
	SESSION_NAME_MIN = 2,
	ROLES_MAX = 5,
	MANAGED_POLICIES_MAX = 10,
	SESSION_POLICY_MAX = 2048,
	ACCOUNT_DIGITS = 12,
	ATTEMPTS_MAX = 100,
};

static bool is_account(struct str text)
{
	if (text.len != ACCOUNT_DIGITS)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return true;
}

/* arn:PARTITION:iam::ACCOUNT:KIND/NAME, where ACCOUNT may be "aws" for AWS's own policies. */
static bool is_iam_arn(struct str arn, const char *kind, bool allow_aws)
{
	struct str rest = arn, part;
	const struct str wanted[] = {STR("arn"), STR_EMPTY, STR("iam"), STR("")};

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (!str_next_part(&rest, ':', &part))
			return false;
		if (i == 1 ? !str_starts(part, STR("aws")) : !str_eq(part, wanted[i]))
			return false;
	}
	if (!str_next_part(&rest, ':', &part))
		return false;
	if (!is_account(part) && !(allow_aws && str_eq(part, STR("aws"))))
		return false;
	return str_starts(rest, str_from(kind)) && rest.len > str_from(kind).len;
}

static bool check_roles(const struct aws_options *options, struct error *err)
{
	if (options->roles.len > ROLES_MAX)
		return error_set(err, ERROR_USAGE,
				 "role-to-assume: %zu roles: a chain has at most %d",
				 options->roles.len, ROLES_MAX);
	for (size_t i = 0; i < options->roles.len; i++) {
		if (!is_iam_arn(options->roles.items[i], "role/", false))
			return error_set(
				err, ERROR_USAGE,
				"role-to-assume: \"%.*s\" is not a role ARN: use the whole ARN: arn:aws:iam::123456789012:role/NAME",
				STR_ARG(options->roles.items[i]));
	}
	return true;
}

static bool check_session(const struct aws_options *options, struct error *err)
{
	struct str name = options->session_name;
	int64_t duration = options->duration_seconds;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!ascii_is_word(c) && str_find_char(STR("+=,.@-"), c, 0) < 0)
			return error_set(
				err, ERROR_USAGE,
				"role-session-name: \"%.*s\" has a character other than letters, digits and _+=,.@-",
				STR_ARG(name));
	}
	if (name.len && (name.len < SESSION_NAME_MIN || name.len > AWS_SESSION_NAME_MAX))
		return error_set(err, ERROR_USAGE,
				 "role-session-name: %zu characters: it needs %d to %d", name.len,
				 SESSION_NAME_MIN, AWS_SESSION_NAME_MAX);
	if (duration && (duration < DURATION_MIN || duration > DURATION_MAX))
		return error_set(err, ERROR_USAGE,
				 "role-duration-seconds: %lld is not between %d and %d",
				 (long long)duration, DURATION_MIN, DURATION_MAX);
	if (options->roles.len > 1 && duration > CHAINED_DURATION_MAX)
		return error_set(
			err, ERROR_USAGE,
			"role-duration-seconds: %lld: a role that is assumed by another role lasts at most %d seconds",
			(long long)duration, CHAINED_DURATION_MAX);
	return true;
}

static bool check_policies(const struct aws_options *options, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str policy = options->session_policy;
	const struct value *root;

	if (options->managed_policies.len > MANAGED_POLICIES_MAX)
		return error_set(err, ERROR_USAGE,
				 "managed-session-policies: %zu policies: at most %d are allowed",
				 options->managed_policies.len, MANAGED_POLICIES_MAX);
	for (size_t i = 0; i < options->managed_policies.len; i++) {
		if (!is_iam_arn(options->managed_policies.items[i], "policy/", true))
			return error_set(err, ERROR_USAGE,
					 "managed-session-policies: \"%.*s\" is not a policy ARN",
					 STR_ARG(options->managed_policies.items[i]));
	}
	if (policy.len == 0 || str_eq(policy, STR("none")))
		return true;
	if (policy.len > SESSION_POLICY_MAX)
		return error_set(err, ERROR_USAGE,
				 "inline-session-policy: %zu characters: at most %d are allowed",
				 policy.len, SESSION_POLICY_MAX);
	root = json_read(&arena, policy, 0, err);
	if (root && value_is(root, VALUE_OBJECT) && value_get(root, "Statement"))
		return true;
	if (root)
		error_set(err, ERROR_USAGE, "it has no \"Statement\"");
	err->kind = ERROR_USAGE;
	return error_wrap(err, "inline-session-policy: neither an IAM policy in JSON nor \"none\"");
}

bool aws_options_check(const struct aws_options *options, struct error *err)
{
	if (!check_roles(options, err) || !check_session(options, err) ||
	    !check_policies(options, err))
		return false;
	for (size_t i = 0; i < options->allowed_accounts.len; i++) {
		if (!is_account(options->allowed_accounts.items[i]))
			return error_set(
				err, ERROR_USAGE,
				"allowed-account-ids: \"%.*s\" is not an account id: one has %d digits",
				STR_ARG(options->allowed_accounts.items[i]), ACCOUNT_DIGITS);
	}
	return true;
}

bool aws_attempts_read(const struct env *env, int *attempts_max, struct error *err)
{
	struct str text = str_trim(env_get(env, "AWS_MAX_ATTEMPTS"));
	int64_t number = 0;

	if (text.len && (!str_to_int64(text, &number) || number < 1 || number > ATTEMPTS_MAX))
		return error_set(err, ERROR_USAGE,
				 "AWS_MAX_ATTEMPTS \"%.*s\": must be a whole number from 1 to %d",
				 STR_ARG(text), ATTEMPTS_MAX);
	*attempts_max = (int)number;
	return true;
}
