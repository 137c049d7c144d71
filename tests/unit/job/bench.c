/* A job against the emulator's GitHub and a scripted model, without AWS. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "value/json.h"

const char *const bench_files[] = {"src/a.c", "first line\nsecond line\nthird line\n", NULL};

/* ---- The model ---- */

static bool answer(void *ctx, const struct chat *chat, const struct watch *watch,
		   struct reply *reply, struct error *err)
{
	struct bench *bench = ctx;
	struct block *block;

	(void)watch;
	bench->model_calls++;
	if (!bench->report)
		return error_set(err, ERROR_DENIED, "the script has no answer");
	*reply = (struct reply){.stop = STOP_TOOL_USE,
				.model = STR("scripted"),
				.message.role = ROLE_ASSISTANT,
				.usage = {.input = 100, .output = 10}};
	block = message_add(chat->arena, &reply->message, BLOCK_TOOL_USE);
	block->id = STR("t1");
	block->name = STR("report_findings");
	block->input = json_read(chat->arena, str_from(bench->report), 0, err);
	return block->input != NULL;
}

static const struct model *find_model(void *ctx, struct str name, struct error *err)
{
	static const struct model_ops ops = {.ask = answer};
	static struct model model;

	(void)err;
	model = (struct model){.alias = name,
			       .id = STR("scripted"),
			       .region = STR("us-east-1"),
			       .traits = MODEL_TRAITS_UNKNOWN,
			       .price = {.input = 3, .output = 15},
			       .ops = &ops,
			       .ctx = ctx};
	return &model;
}

/* ---- The run ---- */

void bench_start(struct bench *bench)
{
	if (!bench->github.files)
		bench->github.files = bench_files;
	local_hub_start(&bench->github);
	buf_init(&bench->log, 1 << 20);
	env_put(&bench->env, STR("GITHUB_API_URL"), bench->github.url);
	env_put(&bench->env, STR("GITHUB_GRAPHQL_URL"),
		arena_printf(&bench->arena, "%.*s/graphql", STR_ARG(bench->github.url)));
	secret_set(&bench->token, STR(LOCAL_TOKEN));
	bench->perform = job_review;
	bench->report = "{\"findings\":[],\"summary\":\"None.\"}";
	bench->request = (struct job_request){
		.change = {.kind = CHANGE_PULL, .number = 1},
		.forge = {.repository = STR("o/r"), .token = &bench->token},
		.choices = job_choices_none(),
		.publish = {.on = true, .summary = true, .review = true},
		.models = find_model,
		.models_ctx = bench,
	};
}

void bench_stop(struct bench *bench)
{
	if (bench->event)
		unlink(bench->event);
	local_hub_stop(&bench->github);
	secret_release(&bench->token);
	buf_release(&bench->log);
	env_release(&bench->env);
	arena_release(&bench->arena);
}

void bench_comment(struct bench *bench, const char *author, const char *body)
{
	char path[] = "/tmp/outcrop-job-XXXXXX";
	int number = mkstemp(path);
	struct str text = arena_printf(
		&bench->arena,
		"{\"action\":\"created\",\"repository\":{\"full_name\":\"o/r\"},"
		"\"issue\":{\"number\":1,\"state\":\"open\",\"title\":\"t\",\"user\":{\"login\":\"ann\"},"
		"\"pull_request\":{\"url\":\"u\"}},"
		"\"comment\":{\"id\":%lld,\"body\":\"%s\",\"user\":{\"login\":\"%s\",\"type\":\"User\"}},"
		"\"sender\":{\"login\":\"%s\",\"type\":\"User\"}}",
		(long long)local_hub_comment(&bench->github, author, body, NULL, 0)->id, body,
		author, author);

	ck_assert_int_ge(number, 0);
	ck_assert_int_eq(write(number, text.ptr, text.len), (ssize_t)text.len);
	close(number);
	bench->event = arena_str(&bench->arena, str_from(path)).ptr;
	env_put(&bench->env, STR("GITHUB_EVENT_NAME"), STR("issue_comment"));
	env_put(&bench->env, STR("GITHUB_EVENT_PATH"), str_from(bench->event));
	env_put(&bench->env, STR("GITHUB_REPOSITORY"), STR("o/r"));
	bench->request.change = (struct change_request){.kind = CHANGE_EVENT};
}

static enum exit_status run_job(struct runtime *runtime, void *arg)
{
	struct bench *bench = arg;
	SCOPED(job) struct job job = {0};

	job_init(&job, runtime, &bench->request);
	bench->outcome = bench->perform(&job, &bench->error);
	bench->posted = job.published.posted;
	bench->planned = job.published.planned;
	bench->warnings = job.published.warnings.len;
	bench->findings = job.result.findings.len;
	bench->conclusion = job_view(&job).conclusion;
	snprintf(bench->reason, sizeof(bench->reason), "%.*s", STR_ARG(job.reason));
	return job_status(&job, bench->outcome, &bench->error);
}

void bench_run(struct bench *bench)
{
	struct clock clock;
	struct runtime_options options = {.env = &bench->env,
					  .arena = &bench->arena,
					  .connections = 4,
					  .allow_http = true,
					  .clock = bench->real_time ? NULL : &clock};
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	char piece[4096];
	size_t len;

	clock_init_virtual(&clock, 1795000000000);
	bench->error = (struct error){0};
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	local_hub_settle(&bench->github);
	ck_assert(runtime_run(&options, run_job, bench, &bench->status, &bench->error));
	local_hub_settle(&bench->github);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	while ((len = fread(piece, 1, sizeof(piece), file)))
		buf_add(&bench->log, str_of(piece, len));
	fclose(file);
}
