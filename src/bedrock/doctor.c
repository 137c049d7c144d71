/* The checks of `outcrop doctor` on the side of AWS. */
#include "bedrock/doctor.h"

#include "base/log.h"
#include "bedrock/lifecycle.h"
#include "bedrock/policies.h"
#include "credentials/sign_in.h"

/* Tokens that a model gets to say "OK" with. */
enum { ANSWER_TOKENS = 16, STEPS_MAX = 8 };

static const char permission_fix[] = "Let the job ask for identity tokens:\n"
				     "  permissions:\n"
				     "    contents: read\n"
				     "    pull-requests: write\n"
				     "    id-token: write\n"
				     "Pull requests from forks never may.";

/* A visit: what is known so far. */
struct visit {
	const struct aws_doctor *doctor;
	struct arena *arena;
	struct aws_checks *checks;
	struct aws_session *session; /* NULL until credentials are found */
	struct oidc_claims claims;   /* of the job's token, when one was given */
	struct str account;
	bool reached; /* nothing so far prevents the next check */
};

static struct doctor_check *add(struct visit *visit, struct str name, enum doctor_state state,
				struct str text)
{
	struct doctor_check *check = &visit->checks->items[visit->checks->len++];

	*check = (struct doctor_check){
		.name = name, .state = state, .text = arena_str(visit->arena, text)};
	return check;
}

static struct doctor_check *add_wrong(struct visit *visit, struct str name, const struct error *err)
{
	return add(visit, name, DOCTOR_WRONG, str_from(err->message));
}

/* ---- The steps ---- */

static void check_inputs(struct visit *visit)
{
	struct error err = {0};

	visit->reached = aws_options_check(&visit->doctor->options, &err);
	if (!visit->reached)
		add_wrong(visit, STR("inputs"), &err);
}

static struct str audience(const struct visit *visit)
{
	const struct aws_doctor *doctor = visit->doctor;
	struct str region = doctor->options.region;

	return aws_session_audience(&doctor->options,
				    region.len ? region : env_get(doctor->env, "AWS_REGION"));
}

/* Only if a role is assumed with GitHub's token. */
static void check_token(struct visit *visit)
{
	static const struct str name = STR_INIT("identity token");
	const struct aws_doctor *doctor = visit->doctor;
	SCOPED(secret) struct secret token = {0};
	struct oidc oidc;
	struct error err = {0};

	if (!visit->reached || doctor->options.roles.len == 0 ||
	    (doctor->options.local && !oidc_available(doctor->env)))
		return;
	if (!oidc_init(&oidc, doctor->http, doctor->env, audience(visit), &err)) {
		add_wrong(visit, name, &err)->fix = str_from(permission_fix);
		visit->reached = false;
		return;
	}
	if (!oidc_fetch(&oidc, &token, &err)) {
		add_wrong(visit, name, &err);
		visit->reached = false;
		return;
	}
	visit->claims = oidc_read_claims(visit->arena, secret_str(&token));
	add(visit, name, DOCTOR_OK,
	    arena_printf(visit->arena, "sub \"%.*s\", aud \"%.*s\"", STR_ARG(visit->claims.sub),
			 STR_ARG(visit->claims.aud)));
}

/* The role's trust policy fixes a rejected token, so it is printed. */
static struct str trust_fix(struct visit *visit)
{
	const struct aws_options *options = &visit->doctor->options;
	struct str policy;

	if (options->roles.len == 0)
		return STR_EMPTY;
	policy = policy_trust(visit->arena, &visit->claims, options->roles.items[0]);
	if (policy.len == 0)
		return STR_EMPTY;
	return arena_printf(
		visit->arena,
		"Give the role %.*s this trust policy (jobs of other events have another sub: add theirs), and check that the identity provider exists in its account:\n%.*s",
		STR_ARG(options->roles.items[0]), STR_ARG(policy));
}

static void check_credentials(struct visit *visit)
{
	const struct aws_doctor *doctor = visit->doctor;
	struct str name = doctor->options.roles.len ? STR("role") : STR("credentials");
	struct error err = {0};

	if (!visit->reached) {
		add(visit, name, DOCTOR_NOT_REACHED, STR("an earlier check failed"));
		return;
	}
	visit->session =
		aws_session_new(doctor->http, doctor->clock, doctor->env, &doctor->options, &err);
	if (visit->session && aws_session_sign_in(visit->session, &err)) {
		add(visit, name, DOCTOR_OK, aws_session_source(visit->session));
		return;
	}
	add_wrong(visit, name, &err)->fix = trust_fix(visit);
	visit->reached = false;
}

static void check_account(struct visit *visit)
{
	static const struct str name = STR_INIT("account");
	const struct credentials *credentials;
	struct identity identity;
	struct error err = {0};
	struct sts sts;

	if (!visit->reached || !visit->session->provider)
		return;
	if (!provider_get(visit->session->provider, &credentials, &err) ||
	    !aws_session_sts(visit->session, &sts, &err) ||
	    !sts_identity(&sts, credentials, visit->arena, &identity, &err)) {
		add_wrong(visit, name, &err);
		/* Keys that STS does not know are not valid anywhere. */
		visit->reached = err.kind != ERROR_CREDENTIALS;
		return;
	}
	visit->account = identity.account;
	add(visit, name, DOCTOR_OK,
	    arena_printf(visit->arena, "%.*s, as %.*s", STR_ARG(identity.account),
			 STR_ARG(identity.arn)));
}

static struct str model_fix(struct visit *visit, const struct aws_doctor_model *item,
			    const struct error *err)
{
	struct policy_model model = {.id = item->model.id,
				     .region = item->model.region,
				     .account = visit->account,
				     .guardrail_id = item->settings.guardrail_id,
				     .project = item->settings.project};

	/* No policy of the role changes how the account keeps data. */
	if (err->kind != ERROR_DENIED ||
	    str_contains(str_from(err->message), STR("data retention")))
		return STR_EMPTY;
	return arena_printf(visit->arena,
			    "If it is the role's permissions, this policy is enough:\n%.*s",
			    STR_ARG(policy_model(visit->arena, &model)));
}

/* One word, so that it costs almost nothing; the content does not matter. */
static bool ask_word(struct visit *visit, struct aws_doctor_model *item, struct reply *reply,
		     struct error *err)
{
	struct chat chat = {
		.arena = visit->arena,
		.inference = {.max_tokens = ANSWER_TOKENS,
			      .temperature = -1,
			      .top_p = -1,
			      .top_k = -1},
		.origin = {.agent = STR("doctor")},
	};

	if (!bedrock_model_init(visit->session, &item->model, &item->settings, err))
		return false;
	message_add_text(visit->arena, chat_add(&chat, ROLE_USER), STR("Say OK."));
	return model_ask(&item->model, &chat, NULL, reply, err);
}

/* What to use instead of a model that retires: the alias that names the newest one of its kind. */
static const char *successor_of(const struct model *model)
{
	static const struct {
		struct str name;
		const char *advice;
	} kinds[] = {
		{STR_INIT("haiku"), "use haiku"},
		{STR_INIT("opus"), "use opus"},
		{STR_INIT("sonnet"), "use sonnet"},
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!str_contains(model->id, kinds[i].name))
			continue;
		/* The configuration gives the alias another meaning. */
		return str_eq(model->alias, kinds[i].name) ? "choose a newer model"
							   : kinds[i].advice;
	}
	return "use haiku, sonnet or opus";
}

/* The date when the model retires: from the service, else from the table; empty: unknown. */
static struct str retirement(struct visit *visit, const struct aws_doctor_model *item)
{
	struct model_lifecycle lifecycle = {0};
	struct error err = {0};
	bool known = lifecycle_can_read(visit->session) &&
		     lifecycle_read(item->model.ctx, visit->arena, &lifecycle, &err);
	struct str day = lifecycle.end_of_life.len ? lifecycle.end_of_life : item->end_of_life;

	if (!known && err.kind)
		log_debug("doctor", "%.*s: %s", STR_ARG(item->model.id), err.message);
	if (day.len)
		return arena_printf(visit->arena, "; it retires on %.*s: %s", STR_ARG(day),
				    successor_of(&item->model));
	if (lifecycle.legacy)
		return arena_printf(visit->arena, "; it is a legacy model and will retire: %s",
				    successor_of(&item->model));
	if (err.kind == ERROR_DENIED)
		return STR(
			"; when it retires is not known: allow bedrock:GetFoundationModel to see it");
	return STR_EMPTY;
}

static void check_model(struct visit *visit, const struct aws_doctor_model *given)
{
	struct aws_doctor_model item = *given;
	struct str name =
		arena_printf(visit->arena, "model %.*s",
			     STR_ARG(item.model.alias.len ? item.model.alias : item.model.id));
	struct reply reply = {0};
	struct error err = {0};
	struct str ending;

	if (!visit->reached) {
		add(visit, name, DOCTOR_NOT_REACHED, STR("an earlier check failed"));
		return;
	}
	if (!ask_word(visit, &item, &reply, &err)) {
		add_wrong(visit, name, &err)->fix = model_fix(visit, &item, &err);
		return;
	}
	ending = retirement(visit, &item);
	add(visit, name, DOCTOR_OK,
	    arena_printf(visit->arena, "%.*s in %.*s answered within %lld ms%.*s",
			 STR_ARG(item.model.id), STR_ARG(item.model.region),
			 (long long)reply.latency_ms, STR_ARG(ending)));
}

void aws_doctor(const struct aws_doctor *doctor, struct arena *arena, struct aws_checks *checks)
{
	struct visit visit = {.doctor = doctor, .arena = arena, .checks = checks};

	*checks = (struct aws_checks){
		.items = ARENA_ARRAY(arena, struct doctor_check, STEPS_MAX + doctor->models_len)};
	check_inputs(&visit);
	check_token(&visit);
	check_credentials(&visit);
	check_account(&visit);
	for (size_t i = 0; i < doctor->models_len; i++)
		check_model(&visit, &doctor->models[i]);
	aws_session_free(visit.session);
}
