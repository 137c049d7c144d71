/* Findings as SARIF 2.1.0 (OASIS, sarif-v2.1.0). */
#include "output/sarif.h"

#include "base/encode.h"
#include "base/utf8.h"
#include "output/line_hash.h"
#include "output/plain_text.h"
#include "value/put.h"

static const char *const levels[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = "error", [SEVERITY_HIGH] = "error", [SEVERITY_MEDIUM] = "warning",
	[SEVERITY_LOW] = "note",       [SEVERITY_INFO] = "note",
};

/* The value by which GitHub sorts security alerts ("security-severity"). */
static const char *const scores[SEVERITY_COUNT] = {
	[SEVERITY_CRITICAL] = "9.5", [SEVERITY_HIGH] = "8.0", [SEVERITY_MEDIUM] = "5.5",
	[SEVERITY_LOW] = "3.0",      [SEVERITY_INFO] = "1.0",
};

/* The state of the builder. */
struct log {
	struct arena *arena;
	const struct review_view *view;
	const struct sarif_files *files;
	struct value *rules, *results;
	struct line_hash *hashes; /* of each finding */
};

static bool is_listed(const struct finding *finding)
{
	return finding_is_shown(finding) && finding->path.len;
}

static struct value *message(struct log *log, struct str text)
{
	struct value *object = value_object(log->arena);

	put_text(log->arena, object, "text", utf8_cut(text, SARIF_TEXT_MAX));
	return object;
}

/* The closed list of rules, so that ids and the history of alerts do not change with a model's words. */
static const struct {
	struct str category;
	const char *description;
} rules[] = {
	{STR_INIT("compatibility"), "The change breaks something that depends on the code."},
	{STR_INIT("concurrency"), "Tasks or threads can get in each other's way."},
	{STR_INIT("correctness"), "The code does something else than it should."},
	{STR_INIT("documentation"), "Text and code do not agree, or text is missing."},
	{STR_INIT("maintainability"), "The code is harder to change than it need be."},
	{STR_INIT("operations"), "The change makes running the program riskier."},
	{STR_INIT("performance"), "The code takes more time or memory than it need."},
	{STR_INIT("reliability"), "A failure is not handled."},
	{STR_INIT("security"), "The change makes an attack possible."},
	{STR_INIT("testing"), "A test is missing, or tests the wrong thing."},
	{STR_INIT("general"), "Something in the change needs attention."}, /* any other word */
};

static size_t rule_of(const struct finding *finding)
{
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(rules) && !str_eq_nocase(rules[i].category, finding->category))
		i++;
	return i;
}

static struct str rule_id(struct log *log, const struct finding *finding)
{
	struct str agent = finding->sources_len ? finding->sources[0].agent : STR("outcrop");

	return arena_printf(log->arena, "%.*s/%.*s", STR_ARG(agent),
			    STR_ARG(rules[rule_of(finding)].category));
}

static bool is_security(const struct finding *finding)
{
	return str_eq_nocase(finding->category, STR("security")) ||
	       (finding->sources_len && str_eq(finding->sources[0].agent, STR("security")));
}

static void add_rule(struct log *log, const struct finding *finding, struct str id)
{
	struct arena *arena = log->arena;
	struct value *rule = value_object(arena);
	struct value *properties = value_object(arena);
	struct value *tags = value_array(arena);
	struct str description = str_from(rules[rule_of(finding)].description);

	for (size_t i = 0; i < value_len(log->rules); i++) {
		if (str_eq(value_get_string(value_at(log->rules, i), "id"), id))
			return;
	}
	put_text(arena, rule, "id", id);
	value_set(arena, rule, "shortDescription", message(log, description));
	value_set(arena, rule, "fullDescription",
		  message(log,
			  arena_printf(arena, "%.*s Found by a review agent, which may be wrong.",
				       STR_ARG(description))));
	value_append(arena, tags, value_text(arena, "review"));
	if (is_security(finding)) {
		value_append(arena, tags, value_text(arena, "security"));
		put_word(arena, properties, "security-severity", scores[finding->severity]);
	}
	value_set(arena, properties, "tags", tags);
	value_set(arena, rule, "properties", properties);
	value_append(arena, log->rules, rule);
}

enum { TAG_SIZE_MAX = 60 };

/* The model's own word for the category. */
static void add_tag(struct log *log, struct value *result, const struct finding *finding)
{
	SCOPED(buf) struct buf word = BUF_INIT;
	struct value *properties, *tags;

	if (!finding->category.len)
		return;
	plain_text(&word, utf8_cut(finding->category, TAG_SIZE_MAX));
	properties = value_object(log->arena);
	tags = value_array(log->arena);
	value_append(log->arena, tags, value_string(log->arena, buf_str(&word)));
	value_set(log->arena, properties, "tags", tags);
	value_set(log->arena, result, "properties", properties);
}

static struct value *text_of(struct log *log, const struct finding *finding)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	plain_text(&text, finding->title);
	buf_add_text(&text, "\n\n");
	plain_text(&text, finding->body);
	return message(log, buf_str(&text));
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
	put_text(log->arena, artifact, "uri", buf_str(&uri));
	put_word(log->arena, artifact, "uriBaseId", "%SRCROOT%");
	put_int(log->arena, region, "startLine", placed ? finding->line : 1);
	put_int(log->arena, region, "endLine", placed ? finding->end_line : 1);
	value_set(log->arena, physical, "artifactLocation", artifact);
	value_set(log->arena, physical, "region", region);
	value_set(log->arena, object, "physicalLocation", physical);
	return object;
}

/* Whether the file's text has the line that the finding is about. */
static bool is_in_file(const struct log *log, const struct finding *finding)
{
	return log->files && finding->line && finding->side == SIDE_RIGHT && is_listed(finding);
}

/* Sets the hashes of all findings of the file of findings->items[first], for which it is read once. */
static void hash_file(struct log *log, size_t first)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct findings *findings = &log->view->result->findings;
	struct str path = findings->items[first].path;
	struct line_hash **wanted = ARENA_ARRAY(&arena, struct line_hash *, findings->len);
	bool readable = log->files->read(log->files->ctx, path, &text);
	size_t len = 0;

	for (size_t i = first; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!is_in_file(log, finding) || !str_eq(finding->path, path))
			continue;
		log->hashes[i].line = finding->line;
		wanted[len++] = &log->hashes[i];
	}
	if (readable)
		line_hashes(log->arena, buf_str(&text), wanted, len);
}

static void hash_lines(struct log *log)
{
	const struct findings *findings = &log->view->result->findings;

	log->hashes = ARENA_ARRAY(log->arena, struct line_hash, findings->len + 1);
	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (is_in_file(log, finding) && !log->hashes[i].line)
			hash_file(log, i);
		if (!log->hashes[i].text.len)
			log->hashes[i].text = sarif_line_hash(
				log->arena,
				finding->quoted.len ? finding->quoted : finding->evidence, 1);
	}
}

static void add_result(struct log *log, size_t idx)
{
	const struct finding *finding = &log->view->result->findings.items[idx];
	struct arena *arena = log->arena;
	struct value *result = value_object(arena);
	struct value *locations = value_array(arena);
	struct value *prints = value_object(arena);
	struct str id = rule_id(log, finding);

	add_rule(log, finding, id);
	value_append(arena, locations, location(log, finding));
	put_text(arena, prints, "primaryLocationLineHash", log->hashes[idx].text);
	put_text(arena, prints, "outcropFinding", finding->id);
	put_text(arena, result, "ruleId", id);
	put_word(arena, result, "level", levels[finding->severity]);
	value_set(arena, result, "message", text_of(log, finding));
	value_set(arena, result, "locations", locations);
	value_set(arena, result, "partialFingerprints", prints);
	add_tag(log, result, finding);
	value_append(arena, log->results, result);
}

static struct value *tool(struct log *log)
{
	struct value *driver = value_object(log->arena);
	struct value *object = value_object(log->arena);
	struct str name = log->view->name.len ? log->view->name : STR("outcrop");

	put_text(log->arena, driver, "name", name);
	put_text(log->arena, driver, "semanticVersion", log->view->version);
	value_set(log->arena, driver, "rules", log->rules);
	value_set(log->arena, object, "driver", driver);
	return object;
}

struct value *sarif_value(struct arena *arena, const struct review_view *view,
			  const struct sarif_files *files)
{
	struct log log = {.arena = arena,
			  .view = view,
			  .files = files,
			  .rules = value_array(arena),
			  .results = value_array(arena)};
	const struct findings *findings = &view->result->findings;
	struct value *root = value_object(arena);
	struct value *runs = value_array(arena);
	struct value *run = value_object(arena);

	hash_lines(&log);
	for (size_t i = 0; i < findings->len && value_len(log.results) < SARIF_RESULTS_MAX; i++) {
		if (is_listed(&findings->items[i]))
			add_result(&log, i);
	}
	put_word(arena, root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	put_word(arena, root, "version", "2.1.0");
	value_set(arena, run, "tool", tool(&log));
	value_set(arena, run, "results", log.results);
	value_append(arena, runs, run);
	value_set(arena, root, "runs", runs);
	return root;
}
