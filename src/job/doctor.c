/* What `outcrop doctor` looks at. */
#include "job/doctor.h"

#include <string.h>

#include "base/log.h"

void doctor_checks_release(struct doctor_checks *checks)
{
	if (!checks)
		return;
	VEC_RELEASE(checks);
	arena_release(&checks->arena);
}

static void add(struct doctor_checks *checks, const char *name, enum aws_check_state state,
		struct str text, struct str fix)
{
	VEC_PUSH(checks, (struct aws_check){str_from(name), state, arena_str(&checks->arena, text),
					    arena_str(&checks->arena, fix)});
}

/* ---- AWS and the models ---- */

static bool is_known(const struct aws_doctor *doctor, struct str alias)
{
	for (size_t i = 0; i < doctor->models_len; i++) {
		if (str_eq(doctor->models[i].model.alias, alias))
			return true;
	}
	return false;
}

/* Each model that an agent uses, once; one that cannot be resolved is a check of its own. */
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
		add(checks, "model", AWS_CHECK_WRONG, str_from(err.message), STR_EMPTY);
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

static void look_at_aws(const struct doctor_request *request, struct doctor_checks *checks)
{
	struct session *session = request->session;
	const struct agents *agents = &session->agents;
	struct aws_checks found = {0};
	struct aws_doctor doctor = {
		.http = request->run->http,
		.clock = &request->run->clock,
		.env = request->run->env,
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
			add_model(request, checks, &doctor, session->default_model);
	}
	aws_doctor(&doctor, &checks->arena, &found);
	for (size_t i = 0; i < found.len; i++)
		VEC_PUSH(checks, found.items[i]);
}

/* ---- GitHub ---- */

static struct str permission_fix(const struct error *err, const char *permission)
{
	if (err->kind == ERROR_DENIED || err->kind == ERROR_NOT_FOUND)
		return str_from(permission);
	return STR_EMPTY;
}

/* One request to GitHub, and what the workflow lacks when it is refused. */
struct probe {
	const char *name, *method;
	struct str path;
	const char *good, *permission;
};

/* True when GitHub took it. */
static bool look_at(const struct doctor_request *request, struct doctor_checks *checks,
		    const struct probe *probe)
{
	bool is_read = strcmp(probe->method, "GET") == 0;
	struct github_call call = {.method = probe->method,
				   .path = probe->path,
				   .body = is_read ? NULL : value_object(&checks->arena),
				   .repeat = GITHUB_REPEAT_SAFE};
	struct github_answer answer = {0};
	struct error err = {0};

	if (github_send(request->github, &call, &checks->arena, &answer, &err)) {
		add(checks, probe->name, AWS_CHECK_OK, str_from(probe->good), STR_EMPTY);
		return true;
	}
	if (strcmp(err.code, GITHUB_CODE_DRY_RUN) == 0)
		add(checks, probe->name, AWS_CHECK_OK, STR("not tried in a dry run"), STR_EMPTY);
	else
		add(checks, probe->name, AWS_CHECK_WRONG, str_from(err.message),
		    permission_fix(&err, probe->permission));
	return false;
}

static void look_at_github(const struct doctor_request *request, struct doctor_checks *checks)
{
	static const char posting[] = "add to the workflow's permissions:\n  pull-requests: write";
	struct str repository = github_repository(request->github);
	struct arena *arena = &checks->arena;
	struct probe code = {.name = "repository",
			     .method = "GET",
			     .path = arena_printf(arena, "/repos/%.*s/commits/HEAD",
						  STR_ARG(repository)),
			     .good = "can be read",
			     .permission = "add to the workflow's permissions:\n  contents: read\n"
					   "and give the token of this repository as github-token"};
	struct probe pull = {.name = "pull request",
			     .method = "GET",
			     .path = arena_printf(arena, "/repos/%.*s/pulls/%lld",
						  STR_ARG(repository), (long long)request->number),
			     .good = "can be read",
			     .permission = posting};
	struct probe comments = {
		.name = "comments",
		.method = "GET",
		.path = arena_printf(arena, "/repos/%.*s/issues/%lld/comments?per_page=1",
				     STR_ARG(repository), (long long)request->number),
		.good = "can be read",
		.permission = posting};
	/* A change of nothing is refused to whoever may not change anything. */
	struct probe writing = {.name = "posting",
				.method = "PATCH",
				.path = pull.path,
				.good = "is allowed",
				.permission = posting};

	if (!look_at(request, checks, &code) || !request->number ||
	    !look_at(request, checks, &pull))
		return;
	(void)look_at(request, checks, &comments);
	(void)look_at(request, checks, &writing);
}

void doctor_run(const struct doctor_request *request, struct doctor_checks *checks)
{
	look_at_aws(request, checks);
	if (request->github)
		look_at_github(request, checks);
}

/* ---- Showing ---- */

static const char *const state_names[] = {
	[AWS_CHECK_OK] = "ok",
	[AWS_CHECK_WRONG] = "wrong",
	[AWS_CHECK_NOT_REACHED] = "not reached",
};

bool doctor_add(struct buf *out, const struct doctor_checks *checks)
{
	bool good = true;

	for (size_t i = 0; i < checks->len; i++) {
		const struct aws_check *check = &checks->items[i];
		struct str rest = check->fix;
		struct str line;

		good = good && check->state == AWS_CHECK_OK;
		buf_addf(out, "%-12s", state_names[check->state]);
		log_escape(out, check->name);
		buf_add_text(out, ": ");
		log_escape(out, check->text);
		buf_add_char(out, '\n');
		while (str_next_line(&rest, &line, NULL)) {
			buf_add_many(out, ' ', 12);
			log_escape(out, line);
			buf_add_char(out, '\n');
		}
	}
	return good;
}
