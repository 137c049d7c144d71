/* A pull request on the emulator's GitHub, reviewed several times. */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

#include "http/http.h"
#include "task/task.h"

const struct spec two_findings[] = {
	{"src/a.c", 2, 0, SEVERITY_HIGH, "Lock is never released", "It waits forever."},
	{"src/b.c", 3, 5, SEVERITY_LOW, "Name says nothing", "Call it what it is."},
	{NULL},
};
const struct spec nothing[] = {{NULL}};

const char *const head_without_lock[] = {
	"src/a.c", "a one\na four\n", "src/b.c", B_TEXT, NULL,
};

#define FILE_DIFF(name, word)                                                                      \
	"diff --git a/" name " b/" name "\nnew file mode 100644\n--- /dev/null\n+++ b/" name       \
	"\n@@ -0,0 +1,8 @@\n"                                                                      \
	"+" word " one\n+" word " two\n+" word " three\n+" word " four\n+" word " five\n"          \
	"+" word " six\n+" word " seven\n+" word " eight\n"

const char scenario_diff[] =
	FILE_DIFF("src/a.c", "a") FILE_DIFF("src/b.c", "b") FILE_DIFF("src/c.c", "c");

#define FILE_TEXT(word)                                                                            \
	word " one\n" word " two\n" word " three\n" word " four\n" word " five\n" word             \
	     " six\n" word " seven\n" word " eight\n"

const char *const scenario_head[] = {
	"src/a.c", FILE_TEXT("a"), "src/b.c", FILE_TEXT("b"), "src/c.c", FILE_TEXT("c"), NULL,
};

/* ---- Files at the head commit, from a list. ---- */

static bool head_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	const char *const *files = ctx;
	size_t count = 0;

	(void)err;
	while (files[2 * count])
		count++;
	*tree = (struct source_tree){.files = ARENA_ARRAY(arena, struct source_file, count)};
	for (size_t i = 0; i < count; i++)
		tree->files[tree->len++] = (struct source_file){
			.path = str_from(files[2 * i]),
			.id = str_from(files[2 * i]),
			.size = -1,
		};
	return true;
}

static bool head_blob(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err)
{
	const char *const *files = ctx;

	(void)size_max;
	for (size_t i = 0; files[2 * i]; i++) {
		if (!str_eq(str_from(files[2 * i]), id))
			continue;
		buf_add_text(out, files[2 * i + 1]);
		return true;
	}
	return error_set(err, ERROR_NOT_FOUND, "no such blob");
}

static const struct source_ops head_ops = {.tree = head_tree, .blob = head_blob};

/* ---- Findings ---- */

static struct str quote(struct arena *arena, const struct diff *diff, const struct spec *spec)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct diff_file *file = diff_find(diff, str_from(spec->path));

	for (uint32_t line = spec->line; line && line <= MAX_OF(spec->end_line, spec->line);
	     line++) {
		const struct diff_line *at = diff_line_at(file, SIDE_RIGHT, line, NULL);

		ck_assert_ptr_nonnull(at);
		buf_add(&text, at->text);
		buf_add_char(&text, '\n');
	}
	return arena_str(arena, buf_str(&text));
}

static void add_finding(struct findings *findings, const struct diff *diff, const struct spec *spec)
{
	struct arena *arena = &findings->arena;
	struct finding finding = {
		.path = str_from(spec->path),
		.line = spec->line,
		.end_line = MAX_OF(spec->end_line, spec->line),
		.severity = spec->severity,
		.category = STR("bug"),
		.title = str_from(spec->title),
		.body = str_from(spec->body ? spec->body : "why"),
		.confidence = -1,
		.quoted = quote(arena, diff, spec),
		.placement = spec->line ? PLACEMENT_INLINE : PLACEMENT_SUMMARY,
		.sources = ARENA_NEW(arena, struct finding_source),
		.sources_len = 1,
		.votes = 1,
	};

	finding.sources[0] = (struct finding_source){
		.agent = spec->agent ? str_from(spec->agent) : STR("tester"),
		.model = STR("m"),
	};
	finding.id = finding_fingerprint(arena, finding.path, finding.quoted);
	VEC_PUSH(findings, finding);
}

static enum agent_status agent_status(const struct publish_scenario *scenario)
{
	if (scenario->nothing_reviewed)
		return AGENT_SKIPPED;
	return scenario->agent_failed ? AGENT_FAILED : AGENT_DONE;
}

static void make_result(const struct publish_scenario *scenario, const struct diff *diff,
			struct review_result *result)
{
	*result = (struct review_result){
		.cost_usd = -1,
		.coverage = {.files = (int64_t)diff->len, .reviewed = (int64_t)diff->len},
	};
	VEC_PUSH(&result->agents, (struct agent_result){
					  .agent = STR("tester"),
					  .model = STR("m"),
					  .status = agent_status(scenario),
					  .required = true,
					  .units = 1,
					  .units_done = 1,
					  .cost_usd = -1,
				  });
	for (const struct spec *spec = scenario->specs; spec->path; spec++)
		add_finding(&result->findings, diff, spec);
	for (size_t left = scenario->notice_size; left; left -= MIN_OF(left, (size_t)1000))
		review_result_notice(result, "%zu %s", left, scenario_diff);
}

static void keep_results(struct publish_scenario *scenario, const struct review_result *result,
			 const struct publish_report *report)
{
	scenario->planned = report->planned;
	scenario->posted = report->posted;
	scenario->unchanged = report->unchanged;
	scenario->failed = report->failed;
	scenario->resolved = report->resolved;
	scenario->would_post = report->would_post;
	scenario->error = report->error;
	scenario->findings_len = result->findings.len;
	ck_assert_int_eq(report->planned, report->posted + report->unchanged + report->failed);
	for (size_t i = 0; i < result->findings.len && i < 64; i++) {
		scenario->placements[i] = result->findings.items[i].placement;
		scenario->severities[i] = result->findings.items[i].severity;
		snprintf(scenario->notes[i], sizeof(scenario->notes[i]), "%.*s",
			 STR_ARG(result->findings.items[i].publish_note));
		scenario->carried[i] = result->findings.items[i].carried;
		scenario->dismissed[i] = result->findings.items[i].dismissed;
	}
	if (result->findings.len)
		memcpy(scenario->last_id, result->findings.items[0].id.ptr, 16);
}

static void post(struct publish_scenario *scenario, struct github *github,
		 struct previous *previous)
{
	SCOPED(review_result) struct review_result result;
	SCOPED(publish_report) struct publish_report report = {0};
	SCOPED(diff) struct diff diff = {0};
	struct error err = {0};
	const struct pull pull = {
		.number = 1,
		.head_commit = scenario->head,
		.base_commit = scenario->github.hub->base_commit,
	};
	const char *const *head_files = scenario->head_files ? scenario->head_files : scenario_head;
	const struct source head = {
		.ops = &head_ops,
		.ctx = (void *)(uintptr_t)head_files,
	};
	const struct diff none = {0};
	struct publish_options options = {
		.github = github,
		.pull = &pull,
		.diff = &diff,
		.reviewed = scenario->nothing_reviewed ? &none : NULL,
		.head = &head,
		.run_id = STR("run-1"),
		.summary = !scenario->no_summary,
		.review = !scenario->no_review,
		.check = scenario->check,
		.sarif = str_from(scenario->sarif),
		.floor = {.severity = scenario->min_severity},
		.has_fail_on = scenario->has_fail_on,
		.fail_on = (enum severity)scenario->fail_on,
		.inline_severity = SEVERITY_INFO,
		.max_inline_comments = scenario->max_inline,
		.view = {.version = STR("0"), .repository = STR("o/r"), .number = 1},
	};

	ck_assert_msg(diff_parse(str_from(scenario->diff_text), &diff, &err), "%s", err.message);
	make_result(scenario, &diff, &result);
	publish_run(&options, previous, &result, &report);
	keep_results(scenario, &result, &report);
}

static void post_meanwhile(struct publish_scenario *scenario, struct github *github)
{
	SCOPED(previous) struct previous previous = {0};
	const struct spec *specs = scenario->specs;
	const struct previous_request request = {
		.number = 1,
		.name = str_from(scenario->name),
	};
	struct error err = {0};

	ck_assert(previous_read(github, &request, &previous, &err));
	scenario->specs = scenario->race;
	post(scenario, github, &previous);
	scenario->specs = specs;
}

static void run_task(void *arg)
{
	struct publish_scenario *scenario = arg;
	SCOPED(previous) struct previous previous = {0};
	struct http_options http_options = {.user_agent = STR("test")};
	struct error err = {0};
	OWNED(http) struct http *http = http_new(loop_current(), &http_options, &err);
	SCOPED(secret) struct secret token = {0};
	OWNED(github) struct github *github = NULL;
	const struct previous_request request = {
		.number = 1,
		.name = str_from(scenario->name),
	};
	const struct github_options options = {
		.http = http,
		.token = &token,
		.api_url = scenario->github.url,
		.repository = STR("o/r"),
		.dry_run = scenario->dry_run,
	};

	ck_assert_ptr_nonnull(http);
	secret_set(&token, STR(LOCAL_TOKEN));
	github = github_new(&options);
	scenario->read_failed = !previous_read(github, &request, &previous, &err);
	if (scenario->read_failed) {
		scenario->error = err;
		return;
	}
	if (scenario->dismiss_id) {
		const struct publish_dismissal dismissal = {
			.github = github,
			.number = 1,
			.id = str_from(scenario->dismiss_id),
			.by = STR("ann"),
			.reason = str_from(scenario->dismiss_reason),
		};

		scenario->dismiss_failed = !publish_dismiss(&dismissal, &previous, &err);
		return;
	}
	if (scenario->race)
		post_meanwhile(scenario, github);
	post(scenario, github, &previous);
}

void scenario_start(struct publish_scenario *scenario)
{
	clock_init_virtual(&scenario->clock, 1795000000000);
	scenario->github.files = scenario_head;
	local_hub_start(&scenario->github);
	scenario->head = scenario->github.hub->head_commit;
	scenario->diff_text = scenario_diff;
	scenario->max_inline = 25;
	scenario->min_severity = SEVERITY_INFO;
}

void scenario_stop(struct publish_scenario *scenario)
{
	local_hub_stop(&scenario->github);
}

void scenario_run(struct publish_scenario *scenario, const struct spec *specs)
{
	struct loop *loop = loop_new(&scenario->clock);

	scenario->specs = specs;
	local_hub_settle(&scenario->github);
	loop_run(loop, run_task, scenario);
	local_hub_settle(&scenario->github);
	loop_free(loop);
}
