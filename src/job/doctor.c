/* The checks of `outcrop doctor`. */
#include "job/doctor.h"

#include "base/log.h"
#include "bedrock/doctor.h"
#include "github/doctor.h"
#include "output/wrap.h"

/* ---- AWS and the models ---- */

static bool is_known(const struct aws_doctor *doctor, struct str alias)
{
	for (size_t i = 0; i < doctor->models_len; i++) {
		if (str_eq(doctor->models[i].model.alias, alias))
			return true;
	}
	return false;
}

/* Checks each model that an agent uses, once; a model that cannot be resolved is a separate check. */
static void add_model(const struct doctor_request *request, struct doctor_checks *checks,
		      struct aws_doctor *doctor, struct str name)
{
	const struct session *session = request->session;
	struct models_options options = {
		.table = &session->table,
		.config = &session->config,
		.region = session_region(session),
	};
	struct aws_doctor_model model;
	struct error err;

	if (!models_describe(&options, &checks->arena, name, &model, &err)) {
		for (size_t i = 0; i < checks->len; i++) {
			if (str_eq(checks->items[i].text, str_from(err.message)))
				return; /* another agent names it too */
		}
		doctor_checks_add(checks, &(struct doctor_check){.name = STR("model"),
								 .state = DOCTOR_WRONG,
								 .text = str_from(err.message)});
		return;
	}
	if (!is_known(doctor, model.model.alias))
		doctor->models[doctor->models_len++] = model;
}

static size_t count_names(const struct agents *agents)
{
	size_t count = 1;

	for (size_t i = 0; i < agents->len; i++)
		count += agents->items[i].models.len + 1;
	return count;
}

static void try_aws(const struct doctor_request *request, struct doctor_checks *checks)
{
	struct session *session = request->session;
	const struct agents *agents = &session->agents;
	struct aws_checks found = {0};
	struct aws_doctor doctor = {
		.http = request->runtime->http,
		.clock = &request->runtime->clock,
		.env = request->runtime->env,
		.options = session->choices->aws,
		.models = ARENA_ARRAY(&checks->arena, struct aws_doctor_model, count_names(agents)),
	};

	doctor.options.region = session_region(session);
	doctor.options.models_have_keys = config_has_keys(&session->config);
	for (size_t i = 0; i < agents->len; i++) {
		const struct strings *names = &agents->items[i].models;

		for (size_t j = 0; j < names->len; j++)
			add_model(request, checks, &doctor, names->items[j]);
		if (!names->len)
			add_model(request, checks, &doctor, session->settled.model);
	}
	aws_doctor(&doctor, &checks->arena, &found);
	for (size_t i = 0; i < found.len; i++)
		doctor_checks_add(checks, &found.items[i]);
}

void doctor_run(const struct doctor_request *request, struct doctor_checks *checks)
{
	try_aws(request, checks);
	if (request->github)
		github_doctor(request->github, request->number, checks);
}

/* ---- Showing ---- */

static const char *const state_names[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_WRONG] = "wrong",
	[DOCTOR_NOT_REACHED] = "not reached",
};

void doctor_write(struct buf *out, const struct doctor_checks *checks, size_t width)
{
	enum { INDENT = 12 };
	for (size_t i = 0; i < checks->len; i++) {
		const struct doctor_check *check = &checks->items[i];
		struct str rest = check->fix;
		struct str line;

		buf_addf(out, "%-*s", INDENT, state_names[check->state]);
		log_escape(out, check->name);
		buf_add_text(out, ": ");
		wrap_add(out, check->text,
			 &(struct wrap){.column = INDENT + check->name.len + 2,
					.indent = INDENT,
					.width = width});
		buf_add_char(out, '\n');
		while (str_next_line(&rest, &line, NULL)) {
			buf_add_many(out, ' ', INDENT);
			log_escape(out, line);
			buf_add_char(out, '\n');
		}
	}
}
