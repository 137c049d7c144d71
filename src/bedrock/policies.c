/* IAM policies that outcrop prints for the person who sets it up. */
#include "bedrock/policies.h"

#include "aws/endpoints.h"
#include "bedrock/model_id.h"
#include "value/json.h"
#include "value/put.h"

/* A policy of one statement, to be filled. */
static struct value *new_policy(struct arena *arena, struct value **statements)
{
	struct value *policy = value_object(arena);

	put_text(arena, policy, "Version", STR("2012-10-17"));
	*statements = put_array(arena, policy, "Statement");
	return policy;
}

static struct str pretty(struct arena *arena, const struct value *policy)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, policy, JSON_PRETTY);
	return arena_str(arena, str_trim(buf_str(&text)));
}

/* The n-th part of "arn:partition:service:region:account:resource". */
static struct str arn_part(struct str arn, int idx)
{
	struct str part = STR_EMPTY;

	for (int i = 0; i <= idx; i++) {
		if (!str_next_part(&arn, ':', &part))
			return STR_EMPTY;
	}
	return part;
}

struct str policy_trust(struct arena *arena, const struct oidc_claims *claims, struct str role_arn)
{
	struct value *statements, *statement, *equals;
	struct value *policy = new_policy(arena, &statements);
	struct str issuer = claims->iss;
	struct str partition = arn_part(role_arn, 1), account = arn_part(role_arn, 4);

	if (str_starts(issuer, STR("https://")))
		issuer = str_skip(issuer, 8);
	if (issuer.len == 0 || claims->sub.len == 0 || account.len == 0)
		return STR_EMPTY;
	statement = append_object(arena, statements);
	put_text(arena, statement, "Effect", STR("Allow"));
	put_text(arena, put_object(arena, statement, "Principal"), "Federated",
		 arena_printf(arena, "arn:%.*s:iam::%.*s:oidc-provider/%.*s", STR_ARG(partition),
			      STR_ARG(account), STR_ARG(issuer)));
	put_text(arena, statement, "Action", STR("sts:AssumeRoleWithWebIdentity"));
	equals = put_object(arena, put_object(arena, statement, "Condition"), "StringEquals");
	value_set_str(arena, equals, arena_printf(arena, "%.*s:aud", STR_ARG(issuer)),
		      value_string(arena, claims->aud));
	value_set_str(arena, equals, arena_printf(arena, "%.*s:sub", STR_ARG(issuer)),
		      value_string(arena, claims->sub));
	/* The id stays the same when the repository is renamed or transferred. */
	if (claims->repository_id.len && str_contains(issuer, STR("token.actions.")))
		value_set_str(arena, equals,
			      arena_printf(arena, "%.*s:repository_id", STR_ARG(issuer)),
			      value_string(arena, claims->repository_id));
	return pretty(arena, policy);
}

static void append_text(struct arena *arena, struct value *list, struct str text)
{
	value_append(arena, list, value_string(arena, text));
}

static void add_model_arns(struct arena *arena, struct value *list,
			   const struct policy_model *model)
{
	struct str partition = partition_of(model->region)->id;
	struct str account = model->account.len ? model->account : STR("*");
	bool is_arn = str_starts(model->id, STR("arn:"));
	bool is_profile = model_id_is_profile(model->id) ||
			  str_contains(model->id, STR("inference-profile/"));
	struct str base = model_id_base(model->id);

	if (is_arn)
		append_text(arena, list, model->id);
	else if (is_profile)
		append_text(arena, list,
			    arena_printf(arena, "arn:%.*s:bedrock:%.*s:%.*s:inference-profile/%.*s",
					 STR_ARG(partition), STR_ARG(model->region),
					 STR_ARG(account), STR_ARG(model->id)));
	if (is_arn && !is_profile)
		return;
	/* A profile routes to other regions; an application's profile hides its model. */
	append_text(arena, list,
		    arena_printf(arena, "arn:%.*s:bedrock:%.*s::foundation-model/%.*s",
				 STR_ARG(partition), STR_ARG(is_profile ? STR("*") : model->region),
				 STR_ARG(str_starts(base, STR("arn:")) ? STR("*") : base)));
}

/* Calls belong to a project, which can be the account's default one, and need permission for it too. */
static void add_project_arn(struct arena *arena, struct value *list,
			    const struct policy_model *model)
{
	struct str arn = model->project;

	if (!str_starts(arn, STR("arn:")))
		arn = arena_printf(arena, "arn:%.*s:bedrock:%.*s:%.*s:project/%.*s",
				   STR_ARG(partition_of(model->region)->id), STR_ARG(model->region),
				   STR_ARG(model->account.len ? model->account : STR("*")),
				   STR_ARG(arn.len ? arn : STR("*")));
	append_text(arena, list, arn);
}

/* Only `doctor` reads when a model retires; an application inference profile hides its model. */
static void add_lifecycle(struct arena *arena, struct value *statements,
			  const struct policy_model *model)
{
	struct str base = model_id_base(model->id);
	struct value *statement;

	if (str_starts(base, STR("arn:")))
		return;
	statement = append_object(arena, statements);
	put_text(arena, statement, "Effect", STR("Allow"));
	put_text(arena, statement, "Action", STR("bedrock:GetFoundationModel"));
	put_text(arena, statement, "Resource",
		 arena_printf(arena, "arn:%.*s:bedrock:%.*s::foundation-model/%.*s",
			      STR_ARG(partition_of(model->region)->id), STR_ARG(model->region),
			      STR_ARG(base)));
}

static void add_guardrail(struct arena *arena, struct value *statements,
			  const struct policy_model *model)
{
	struct value *statement = append_object(arena, statements);
	struct str arn = model->guardrail_id;

	if (!str_starts(arn, STR("arn:")))
		arn = arena_printf(arena, "arn:%.*s:bedrock:%.*s:%.*s:guardrail/%.*s",
				   STR_ARG(partition_of(model->region)->id), STR_ARG(model->region),
				   STR_ARG(model->account.len ? model->account : STR("*")),
				   STR_ARG(arn));
	put_text(arena, statement, "Effect", STR("Allow"));
	put_text(arena, statement, "Action", STR("bedrock:ApplyGuardrail"));
	put_text(arena, statement, "Resource", arn);
}

struct str policy_model(struct arena *arena, const struct policy_model *model)
{
	struct value *statements, *statement, *actions;
	struct value *policy = new_policy(arena, &statements);

	statement = append_object(arena, statements);
	put_text(arena, statement, "Effect", STR("Allow"));
	actions = put_array(arena, statement, "Action");
	append_text(arena, actions, STR("bedrock:InvokeModel"));
	append_text(arena, actions, STR("bedrock:InvokeModelWithResponseStream"));
	add_model_arns(arena, put_array(arena, statement, "Resource"), model);
	add_project_arn(arena, value_get(statement, "Resource"), model);
	add_lifecycle(arena, statements, model);
	if (model->guardrail_id.len)
		add_guardrail(arena, statements, model);
	return pretty(arena, policy);
}
