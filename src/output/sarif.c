/* Findings as SARIF 2.1.0 (OASIS, sarif-v2.1.0). */
#include "output/sarif.h"

#include "base/encode.h"
#include "base/utf8.h"

static const char *const levels[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = "error", [SEVERITY_HIGH] = "error", [SEVERITY_MEDIUM] = "warning",
	[SEVERITY_LOW] = "note",       [SEVERITY_INFO] = "note",
};

/* What GitHub sorts security alerts by ("security-severity"). */
static const char *const scores[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = "9.5", [SEVERITY_HIGH] = "8.0", [SEVERITY_MEDIUM] = "5.5",
	[SEVERITY_LOW] = "3.0",      [SEVERITY_INFO] = "1.0",
};

/* What the builder works on. */
struct log {
	struct arena *arena;
	const struct review_view *view;
	const struct sarif_files *files;
	struct value *rules, *results;
};

static struct value *message(struct log *log, struct str text)
{
	struct value *object = value_object(log->arena);

	value_set(log->arena, object, "text",
		  value_string(log->arena, utf8_cut(text, SARIF_TEXT_MAX)));
	return object;
}

/* "security/injection": stable, so that GitHub keeps an alert's history. */
static struct str rule_id(struct log *log, const struct finding *finding)
{
	struct str agent = finding->sources_len ? finding->sources[0].agent : STR("outcrop");
	struct str category = finding->category.len ? finding->category : STR("general");

	return arena_printf(log->arena, "%.*s/%.*s", STR_ARG(agent), STR_ARG(category));
}

static void add_rule(struct log *log, const struct finding *finding, struct str id)
{
	struct value *rule = value_object(log->arena);
	struct value *properties = value_object(log->arena);
	struct value *tags = value_array(log->arena);

	for (size_t i = 0; i < value_len(log->rules); i++) {
		if (str_eq(value_get_string(value_at(log->rules, i), "id"), id))
			return;
	}
	value_set(log->arena, rule, "id", value_string(log->arena, id));
	value_set(log->arena, rule, "shortDescription", message(log, id));
	value_append(log->arena, tags, value_text(log->arena, "review"));
	if (str_starts(id, STR("security/")))
		value_append(log->arena, tags, value_text(log->arena, "security"));
	value_set(log->arena, properties, "tags", tags);
	if (str_starts(id, STR("security/")))
		value_set(log->arena, properties, "security-severity",
			  value_text(log->arena, scores[finding->severity]));
	value_set(log->arena, rule, "properties", properties);
	value_append(log->arena, log->rules, rule);
}

static struct value *location(struct log *log, const struct finding *finding)
{
	struct value *object = value_object(log->arena);
	struct value *physical = value_object(log->arena);
	struct value *artifact = value_object(log->arena);
	struct value *region = value_object(log->arena);
	SCOPED(buf) struct buf uri = BUF_INIT;
	bool placed = finding->line && finding->side == SIDE_RIGHT;

	percent_add(&uri, finding->path, "/");
	value_set(log->arena, artifact, "uri", value_string(log->arena, buf_str(&uri)));
	value_set(log->arena, artifact, "uriBaseId", value_text(log->arena, "%SRCROOT%"));
	value_set(log->arena, region, "startLine",
		  value_int(log->arena, placed ? finding->line : 1));
	value_set(log->arena, region, "endLine",
		  value_int(log->arena, placed ? finding->end_line : 1));
	value_set(log->arena, physical, "artifactLocation", artifact);
	value_set(log->arena, physical, "region", region);
	value_set(log->arena, object, "physicalLocation", physical);
	return object;
}

static struct str line_hash(struct log *log, const struct finding *finding)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str hash = STR_EMPTY;

	if (log->files && finding->line && finding->side == SIDE_RIGHT &&
	    log->files->read(log->files->ctx, finding->path, &text))
		hash = sarif_line_hash(log->arena, buf_str(&text), finding->line);
	if (!hash.len)
		hash = sarif_line_hash(
			log->arena, finding->quoted.len ? finding->quoted : finding->evidence, 1);
	return hash;
}

static void add_result(struct log *log, const struct finding *finding)
{
	struct arena *arena = log->arena;
	struct value *result = value_object(arena);
	struct value *locations = value_array(arena);
	struct value *prints = value_object(arena);
	struct str id = rule_id(log, finding);

	add_rule(log, finding, id);
	value_append(arena, locations, location(log, finding));
	value_set(arena, prints, "primaryLocationLineHash",
		  value_string(arena, line_hash(log, finding)));
	value_set(arena, prints, "outcropFinding", value_string(arena, finding->id));
	value_set(arena, result, "ruleId", value_string(arena, id));
	value_set(arena, result, "level", value_text(arena, levels[finding->severity]));
	value_set(arena, result, "message",
		  message(log, arena_printf(arena, "%.*s\n\n%.*s", STR_ARG(finding->title),
					    STR_ARG(finding->body))));
	value_set(arena, result, "locations", locations);
	value_set(arena, result, "partialFingerprints", prints);
	value_append(arena, log->results, result);
}

static struct value *tool(struct log *log)
{
	struct value *driver = value_object(log->arena);
	struct value *object = value_object(log->arena);
	struct str name = log->view->name.len ? log->view->name : STR("outcrop");

	value_set(log->arena, driver, "name", value_string(log->arena, name));
	value_set(log->arena, driver, "semanticVersion",
		  value_string(log->arena, log->view->version));
	value_set(log->arena, driver, "rules", log->rules);
	value_set(log->arena, object, "driver", driver);
	return object;
}

struct value *sarif_value(struct arena *arena, const struct review_view *view,
			  const struct sarif_files *files)
{
	struct log log = {arena, view, files, value_array(arena), value_array(arena)};
	const struct findings *findings = &view->result->findings;
	struct value *root = value_object(arena);
	struct value *runs = value_array(arena);
	struct value *run = value_object(arena);

	for (size_t i = 0; i < findings->len && value_len(log.results) < SARIF_RESULTS_MAX; i++) {
		const struct finding *finding = &findings->items[i];

		if (finding_is_shown(finding) && finding->path.len)
			add_result(&log, finding);
	}
	value_set(arena, root, "$schema",
		  value_text(arena, "https://json.schemastore.org/sarif-2.1.0.json"));
	value_set(arena, root, "version", value_text(arena, "2.1.0"));
	value_set(arena, run, "tool", tool(&log));
	value_set(arena, run, "results", log.results);
	value_append(arena, runs, run);
	value_set(arena, root, "runs", runs);
	return root;
}
