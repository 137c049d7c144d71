/* A review with everything that pages show, for golden files. */
#include "sample.h"

static struct finding_source security_sonnet[] = {{STR_INIT("security"), STR_INIT("sonnet")}};
static struct finding_source quality_haiku[] = {{STR_INIT("code-quality"), STR_INIT("haiku")}};
static struct finding_source both[] = {{STR_INIT("security"), STR_INIT("sonnet")},
				       {STR_INIT("code-quality"), STR_INIT("haiku")}};

static const struct finding sample_findings[] = {
	{
		.path = STR_INIT("api/users.py"),
		.line = 41,
		.end_line = 43,
		.severity = SEVERITY_CRITICAL,
		.category = STR_INIT("security"),
		.title = STR_INIT("User name is put into the SQL query as it is"),
		.body = STR_INIT(
			"`name` comes from the query string and is formatted into the statement, so `?name=' OR 1=1 --` returns every user.\n\n"
			"Bind it as a parameter instead; the driver then quotes it."),
		.suggestion = STR_INIT("    rows = db.execute(\n"
				       "        \"SELECT id, name FROM users WHERE name = ?\",\n"
				       "        (name,),\n"
				       "    )"),
		.has_suggestion = true,
		.confidence = 0.95,
		.id = STR_INIT("3f2a9c41d07be586"),
		.placement = PLACEMENT_INLINE,
		.sources = both,
		.sources_len = 2,
		.votes = 2,
		.published = PUBLISHED_POSTED,
	},
	{
		.path = STR_INIT("src/pool.c"),
		.line = 118,
		.end_line = 118,
		.severity = SEVERITY_HIGH,
		.category = STR_INIT("concurrency"),
		.title = STR_INIT("The lock is not released when `pool_grow` fails"),
		.body = STR_INIT(
			"The early return leaves `pool->mutex` locked, and the next caller waits forever:\n\n"
			"```c\nif (!pool_grow(pool))\n\treturn -1;\n```\n\n"
			"- unlock before returning, or\n- take the lock below the check\n\n"
			"cc @octocat <!-- outcrop:finding id=0 --> ![x](https://evil.example/p.png)"),
		.confidence = 0.8,
		.id = STR_INIT("77b0c2d9e1f34a60"),
		.placement = PLACEMENT_MOVED,
		.placement_reason = STR_INIT("line found by the quoted code"),
		.sources = quality_haiku,
		.sources_len = 1,
		.votes = 1,
		.published = PUBLISHED_POSTED,
	},
	{
		.path = STR_INIT("web/src/cache|store.ts"),
		.line = 12,
		.end_line = 12,
		.side = SIDE_LEFT,
		.severity = SEVERITY_MEDIUM,
		.category = STR_INIT("correctness"),
		.title = STR_INIT("The deleted check | was the only guard against an empty key"),
		.body = STR_INIT("Without it `store(\"\")` writes to the root entry."),
		.confidence = -1,
		.id = STR_INIT("0a1b2c3d4e5f6071"),
		.placement = PLACEMENT_INLINE,
		.sources = quality_haiku,
		.sources_len = 1,
		.votes = 1,
		.published = PUBLISHED_UNCHANGED,
		.carried = true,
	},
	{
		.path = STR_INIT("deploy/values.yaml"),
		.severity = SEVERITY_LOW,
		.category = STR_INIT("operations"),
		.title = STR_INIT("No memory limit for the new worker"),
		.body = STR_INIT("A leak in one worker would take the node down with it."),
		.suggestion = STR_INIT("resources:\n  limits: { memory: 512Mi }"),
		.has_suggestion = true,
		.confidence = 0.6,
		.id = STR_INIT("99887766554433aa"),
		.placement = PLACEMENT_SUMMARY,
		.placement_reason = STR_INIT("it is about the file as a whole"),
		.sources = security_sonnet,
		.sources_len = 1,
		.votes = 1,
		.published = PUBLISHED_POSTED,
	},
	{
		.path = STR_INIT("src/old.c"),
		.line = 3,
		.end_line = 3,
		.severity = SEVERITY_INFO,
		.title = STR_INIT("This one was dismissed and is not shown"),
		.body = STR_INIT("Nobody reads this."),
		.confidence = -1,
		.id = STR_INIT("1111111111111111"),
		.placement = PLACEMENT_INLINE,
		.sources = security_sonnet,
		.sources_len = 1,
		.votes = 1,
		.dismissed = true,
	},
};

static const struct agent_result sample_agents[] = {
	{
		.agent = STR_INIT("code-quality"),
		.model = STR_INIT("haiku"),
		.model_id = STR_INIT("us.anthropic.claude-haiku-4-5-20251001-v1:0"),
		.status = AGENT_DONE,
		.required = true,
		.files = 8,
		.files_seen = 8,
		.units = 3,
		.units_done = 3,
		.started_ms = 310,
		.ended_ms = 12480,
		.usage = {.input = 1310, .output = 2241, .cache_read = 41203, .cache_write = 0},
		.cost_usd = 0.0217,
		.calls = 4,
		.attempts = 4,
		.findings = 5,
		.summary = STR_INIT("Solid change; the error paths of the pool need another look."),
	},
	{
		.agent = STR_INIT("security"),
		.model = STR_INIT("sonnet"),
		.status = AGENT_FAILED,
		.required = true,
		.error =
			{.kind = ERROR_THROTTLED,
			 .message =
				 "model \"sonnet\": throttled until the time of the agent was over"},
		.files = 8,
		.files_seen = 6,
		.units = 3,
		.units_done = 2,
		.started_ms = 305,
		.ended_ms = 96020,
		.usage = {.input = 2044, .output = 1805, .cache_read = 27468, .cache_write = 13734},
		.cost_usd = -1,
		.calls = 9,
		.attempts = 14,
		.findings = 3,
	},
	{
		.agent = STR_INIT("call-graph"),
		.model = STR_INIT("haiku"),
		.status = AGENT_DONE,
		.files = 8,
		.files_seen = 8,
		.units = 1,
		.units_done = 1,
		.started_ms = 12500,
		.ended_ms = 15250,
		.usage = {.input = 14020, .output = 310},
		.cost_usd = 0.0141,
		.calls = 1,
		.attempts = 1,
		.text = STR_INIT("The new worker calls `store` from two threads:\n\n"
				 "| caller | thread |\n|---|---|\n| `poll` | main |\n"
				 "| `flush` | worker |"),
	},
	{
		.agent = STR_INIT("tests"),
		.model = STR_INIT("haiku"),
		.status = AGENT_SKIPPED,
		.cost_usd = 0,
	},
};

void sample_fill(struct review_result *result)
{
	struct arena *arena = &result->findings.arena;

	for (size_t i = 0; i < ARRAY_LEN(sample_findings); i++)
		VEC_PUSH(&result->findings, sample_findings[i]);
	for (size_t i = 0; i < ARRAY_LEN(sample_agents); i++)
		VEC_PUSH(&result->agents, sample_agents[i]);
	VEC_PUSH(&result->dropped, (struct dropped){.finding = sample_findings[1],
						    .reason = STR("reported by 1 of 2 models")});
	result->coverage.files = 9;
	result->coverage.reviewed = 6;
	coverage_skip(arena, &result->coverage, STR("web/package-lock.json"), STR("lockfile"),
		      true);
	coverage_skip(arena, &result->coverage, STR("logo.png"), STR("binary"), true);
	coverage_skip(arena, &result->coverage, STR("src/gen.c"),
		      STR("agent \"security\" did not finish"), false);
	review_result_notice(
		result,
		"this change edits the agents or their configuration; it was reviewed with those of the base commit");
	result->usage = (struct usage){
		.input = 17374, .output = 4356, .cache_read = 68671, .cache_write = 13734};
	result->cost_usd = -1;
	result->seconds_ms = 97250;
	result->secrets_redacted = 2;
	result->incomplete = true;
}

void sample_fill_clean(struct review_result *result)
{
	VEC_PUSH(&result->agents, sample_agents[0]);
	result->agents.items[0].findings = 0;
	result->coverage.files = result->coverage.reviewed = 4;
	result->usage = sample_agents[0].usage;
	result->cost_usd = 0.0217;
	result->seconds_ms = 12900;
}

struct review_view sample_view(const struct review_result *result)
{
	return (struct review_view){
		.result = result,
		.conclusion = review_conclude(result),
		.name = STR("outcrop"),
		.version = STR("1.2.3"),
		.repository = STR("acme/shop"),
		.server_url = STR("https://github.com"),
		.number = 42,
		.base_commit = STR("1111111111111111111111111111111111111111"),
		.head_commit = STR("2222222222222222222222222222222222222222"),
		.run_url = STR("https://github.com/acme/shop/actions/runs/77"),
	};
}
