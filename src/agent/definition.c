/* Agent definitions: one table reads them, checks them and describes them. */
#include "agent/definition.h"

#include <stdlib.h>
#include <string.h>

#include "agent/builtin.h"
#include "agent/definition_fields.h"
#include "agent/field_checks.h"
#include "agent/tools.h"
#include "base/hash.h"
#include "finding/report_input.h"
#include "value/json.h"
#include "value/schema.h"
#include "value/yaml.h"

enum { TURNS_MAX = 100, SECONDS_MAX = 6 * 3600, TOP_K_MAX = 50, VOTES_MAX = 16 };

/* ---- The table ---- */

#define AT(member) .offset = offsetof(struct agent, member)

static const struct field inference_items[] = {
	{.name = "effort",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct agent_inference, effort),
	 .choices = effort_names,
	 .help = "How much the model thinks and writes. Default: the value of the model's entry."},
	{.name = "max_tokens",
	 .type = FIELD_INT,
	 .offset = offsetof(struct agent_inference, max_tokens),
	 .min = 1,
	 .max = 1000000,
	 .help = "Maximum length of an answer in tokens, including thinking. Default: the value of the model's entry."},
	{.name = "temperature",
	 .type = FIELD_NUMBER,
	 .offset = offsetof(struct agent_inference, temperature),
	 .min = 0,
	 .max = 1,
	 .help = "Only for models that support it; newer Claude models reject it."},
	{.name = "top_p",
	 .type = FIELD_NUMBER,
	 .offset = offsetof(struct agent_inference, top_p),
	 .min = 0,
	 .max = 1,
	 .help = "Only for models that support it; never together with temperature."},
	{.name = "stop",
	 .type = FIELD_STRINGS,
	 .offset = offsetof(struct agent_inference, stop),
	 .or_one = true,
	 .check = check_no_repeats,
	 .help = "Texts at which the model stops."},
};
static const struct fields inference_fields = {
	.title = "inference",
	.items = inference_items,
	.len = ARRAY_LEN(inference_items),
	.size = sizeof(struct agent_inference),
};

static const struct field retrieve_items[] = {
	{.name = "paths",
	 .type = FIELD_STRINGS,
	 .offset = offsetof(struct agent_retrieve, paths),
	 .required = true,
	 .or_one = true,
	 .check = check_globs,
	 .help = "Globs of the documents to search, at the base commit."},
	{.name = "embedder",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct agent_retrieve, embedder),
	 .required = true,
	 .help = "A name from `embedders:` in the configuration."},
	{.name = "top_k",
	 .type = FIELD_INT,
	 .offset = offsetof(struct agent_retrieve, top_k),
	 .min = 1,
	 .max = TOP_K_MAX,
	 .help = "Number of paragraphs to add. Default 6."},
};
static const struct fields retrieve_fields = {
	.title = "context.retrieve",
	.items = retrieve_items,
	.len = ARRAY_LEN(retrieve_items),
	.size = sizeof(struct agent_retrieve),
};

/* Its fields are in the agent itself, so it is decoded at offset 0. */
static const struct field context_items[] = {
	{.name = "files",
	 .type = FIELD_STRINGS,
	 AT(context_files),
	 .or_one = true,
	 .check = check_globs,
	 .help = "Globs of files that the agent gets in full, from the base commit."},
	{.name = "retrieve",
	 .type = FIELD_OBJECT,
	 AT(retrieve),
	 .fields = &retrieve_fields,
	 .present = offsetof(struct agent, has_retrieve),
	 .help = "Adds the paragraphs of some documents that are nearest to the change."},
};
static const struct fields context_fields = {
	.title = "context",
	.items = context_items,
	.len = ARRAY_LEN(context_items),
	.size = sizeof(struct agent),
};

static const struct field limits_items[] = {
	{.name = "turns",
	 .type = FIELD_INT,
	 .offset = offsetof(struct agent_limits, turns),
	 .min = 1,
	 .max = TURNS_MAX,
	 .help = "Maximum number of model calls for one part of the change. Default 12."},
	{.name = "seconds",
	 .type = FIELD_INT,
	 .offset = offsetof(struct agent_limits, seconds),
	 .min = 1,
	 .max = SECONDS_MAX,
	 .help = "Time limit in seconds for one part of the change. Default 300."},
	{.name = "cost_usd",
	 .type = FIELD_NUMBER,
	 .offset = offsetof(struct agent_limits, cost_usd),
	 .min = 0.000001,
	 .help = "Maximum cost of the agent in one run; needs a known price."},
};
static const struct fields limits_fields = {
	.title = "limits",
	.items = limits_items,
	.len = ARRAY_LEN(limits_items),
	.size = sizeof(struct agent_limits),
};

static const struct field agent_items[] = {
	{.name = "name",
	 .type = FIELD_STRING,
	 AT(name),
	 .check = definition_check_name,
	 .pattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$",
	 .help = "The agent's name: the file's name without \".yml\", which is also the default."},
	{.name = "description",
	 .type = FIELD_STRING,
	 AT(description),
	 .help = "One sentence for people: what this agent looks for."},
	{.name = "model",
	 .type = FIELD_STRINGS,
	 AT(models),
	 .or_one = true,
	 .check = check_no_repeats,
	 .help = "An alias, model id, inference profile or ARN. A list is an ensemble: each model reviews, and their findings are merged. Default: the run's model."},
	{.name = "needs",
	 .type = FIELD_STRINGS,
	 AT(needs),
	 .or_one = true,
	 .check = check_no_repeats,
	 .help = "Agents that review each part of the change before this one; {{ needs }} contains their answers."},
	{.name = "required",
	 .type = FIELD_BOOL,
	 AT(required),
	 .help = "Whether the run fails if this agent fails. Default true."},
	{.name = "paths",
	 .type = FIELD_STRINGS,
	 AT(paths),
	 .or_one = true,
	 .check = check_globs,
	 .help = "Globs; the agent runs only if a changed file matches, and sees only those. \"!\" excludes files again. Default: every file."},
	{.name = "system",
	 .type = FIELD_STRING,
	 AT(system),
	 .check = definition_check_system,
	 .help = "Who the agent is and how it judges. A template."},
	{.name = "prompt",
	 .type = FIELD_STRING,
	 AT(prompt),
	 .required = true,
	 .check = definition_check_prompt,
	 .help = "The task for this change. A template with {{ variables }}."},
	{.name = "tools",
	 .type = FIELD_STRINGS,
	 AT(tools),
	 .or_one = true,
	 .choices = tool_names,
	 .check = definition_check_tools,
	 .help = "Read-only tools for the files of the head commit: read_file, search, list_files. Default: none."},
	{.name = "output",
	 .type = FIELD_CUSTOM,
	 AT(output),
	 .decode = definition_decode_output,
	 .schema = definition_output_schema,
	 .help = "How it answers: findings (the default), markdown, or { schema: {...} } with a JSON Schema."},
	{.name = "min_severity",
	 .type = FIELD_ENUM,
	 AT(min_severity),
	 .choices = severity_names,
	 .present = offsetof(struct agent, has_min_severity),
	 .help = "Findings of this agent below this severity are only in the report."},
	{.name = "min_confidence",
	 .type = FIELD_NUMBER,
	 AT(min_confidence),
	 .min = 0,
	 .max = 1,
	 .help = "Findings of this agent in which the model has less confidence are only in the report. Default: no floor."},
	{.name = "max_findings",
	 .type = FIELD_INT,
	 AT(max_findings),
	 .min = 1,
	 .max = REPORT_FINDINGS_MAX,
	 .help = "How many findings of one part of the change are shown, the most severe first; critical and high ones always. The rest are only in the report. Default: no limit."},
	{.name = "votes",
	 .type = FIELD_INT,
	 AT(votes),
	 .min = 1,
	 .max = VOTES_MAX,
	 .help = "With several models: how many must report a finding. Default 1; higher values hide findings that only one model reports."},
	{.name = "inference",
	 .type = FIELD_OBJECT,
	 AT(inference),
	 .fields = &inference_fields,
	 .help = "Parameters of the model call."},
	{.name = "context",
	 .type = FIELD_OBJECT,
	 .offset = 0,
	 .fields = &context_fields,
	 .help = "Documents that the agent gets in addition to the change, as {{ context }}."},
	{.name = "limits",
	 .type = FIELD_OBJECT,
	 AT(limits),
	 .fields = &limits_fields,
	 .help = "Limits; if the agent exceeds one, it fails."},
	{.name = "surroundings",
	 .type = FIELD_CUSTOM,
	 AT(surroundings),
	 .decode = definition_decode_surroundings,
	 .schema = definition_surroundings_schema,
	 .help = "What is shown around each hunk: function (the default), the enclosing function where the file is available, at most 60 lines; or a number of lines."},
};

const struct fields agent_fields = {
	.title = "an agent definition",
	.items = agent_items,
	.len = ARRAY_LEN(agent_items),
	.size = sizeof(struct agent),
};

struct value *agent_schema(struct arena *arena)
{
	return fields_schema_document(arena, &agent_fields, BUILTIN_ADDRESS "schema.json",
				      "An agent of outcrop");
}

/* ---- One agent ---- */

/* Checks that involve several fields. */
static void check_whole(struct decoder *decoder, const struct value *root,
			const struct agent *agent)
{
	if ((size_t)agent->votes > MAX_OF(agent->models.len, (size_t)1))
		decoder_error(decoder, value_get(root, "votes"),
			      "votes: more votes than models: %lld of %zu", (long long)agent->votes,
			      MAX_OF(agent->models.len, (size_t)1));
	if (agent->inference.temperature >= 0 && agent->inference.top_p >= 0)
		decoder_error(decoder, value_get(value_get(root, "inference"), "top_p"),
			      "inference: give temperature or top_p, not both");
	if (agent->has_retrieve && !agent->prompt_template->uses[VARIABLE_CONTEXT] &&
	    !(agent->system_template && agent->system_template->uses[VARIABLE_CONTEXT]))
		decoder_warning(decoder, value_get(root, "context"),
				"context: nothing shows it: no {{ context }} in system or prompt");
}

/* Comments and layout do not change an agent: the hash is over the tree. */
static struct str definition_hash(struct arena *arena, const struct value *root)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, root, JSON_COMPACT);
	return sha256_hex(arena, buf_str(&text));
}

static const struct template no_template = {0};

bool agent_read(struct arena *arena, const struct agent_source *source, struct problems *problems,
		struct agent *agent)
{
	struct agent read = {
		.required = true,
		.votes = 1,
		.inference = {.effort = -1, .temperature = -1, .top_p = -1},
		.retrieve = {.top_k = 6},
		.limits = {.turns = 12, .seconds = 300, .cost_usd = -1},
		.surroundings = SURROUNDINGS_FUNCTION,
		.file = arena_str(arena, source->file),
		.at = {1, 1},
	};
	struct definition_reader reader = {.source = source, .agent = &read, .arena = arena};
	struct decoder decoder = {
		.arena = arena,
		.file = source->file,
		.problems = problems,
		.ctx = &reader,
	};
	size_t errors = problems->errors;
	struct value *root;

	if (!agent_name_ok(source->name)) {
		problem_add(
			problems, source->file, (struct position){0}, PROBLEM_ERROR,
			"the file's name makes a bad agent name: letters, digits, \"-\", \"_\" and \".\", at most %d",
			AGENT_NAME_LEN_MAX);
		return false;
	}
	if (str_eq(source->name, STR(AGENT_NAME_OURS))) {
		problem_add(problems, source->file, (struct position){0}, PROBLEM_ERROR,
			    "\"" AGENT_NAME_OURS
			    "\" is the name of the findings that no model makes: rename the file");
		return false;
	}
	root = yaml_read(arena, source->text, source->file, problems);
	if (!root || !fields_decode(&decoder, &agent_fields, root, &read))
		return false;
	check_whole(&decoder, root, &read);
	if (problems->errors > errors)
		return false;
	read.name = arena_str(arena, source->name);
	read.hash = definition_hash(arena, root);
	if (!read.system_template)
		read.system_template = &no_template;
	*agent = read;
	return true;
}
