/* What is kept between runs: findings that stay open, and the state that remembers them. */
#include <string.h>

#include "base/utf8.h"
#include "publish/publisher.h"

/* Of each kind: findings that count have priority. */
enum { UNCOUNTED_MAX = 25, UNCOUNTED_BODY_SIZE_MAX = 2000 };

/* Copies everything: the result outlives the data that was read of the pull request. */
static struct finding carried_finding(struct arena *arena, const struct previous_finding *previous)
{
	const struct state_finding *record = &previous->record;
	struct finding finding = {
		.path = arena_str(arena, record->path),
		.line = diff_number(record->line),
		.end_line = previous->last_line ? previous->last_line : diff_number(record->line),
		.side = record->left ? SIDE_LEFT : SIDE_RIGHT,
		.severity = (enum severity)record->severity,
		.category = arena_str(arena, record->category),
		.title = arena_str(arena, record->title),
		.body = arena_str(arena, record->body),
		.confidence = -1,
		.id = arena_str(arena, record->id),
		.placement = previous->comment ? PLACEMENT_INLINE : PLACEMENT_SUMMARY,
		.sources = ARENA_ARRAY(arena, struct finding_source, record->agents.len),
		.sources_len = record->agents.len,
		.votes = 1,
		.published = PUBLISHED_UNCHANGED,
		.carried = true,
	};

	for (size_t i = 0; i < record->agents.len; i++)
		finding.sources[i].agent = arena_str(arena, record->agents.items[i]);
	if (!previous->comment)
		finding.placement_reason = STR("from an earlier review");
	return finding;
}

/* Whether this run has it too; findings on the same code share an id, so the title counts as well. */
static bool is_repeated(const struct finding_list *list, const struct state_finding *record)
{
	for (size_t i = 0; i < list->len; i++) {
		if (str_eq(list->items[i].id, record->id) &&
		    str_eq(list->items[i].title, record->title))
			return true;
	}
	return false;
}

/* Unverified and pre-existing findings of files that this run did not read again. */
void carry_uncounted(struct publisher *run)
{
	struct review_result *result = run->result;

	for (size_t i = 0; i < run->previous->uncounted.len; i++) {
		const struct previous_finding *previous = &run->previous->uncounted.items[i];
		struct finding_list *list =
			previous->record.unverified ? &result->unverified : &result->pre_existing;
		struct finding finding;

		if (gone_uncounted(run, previous) || is_repeated(list, &previous->record))
			continue;
		finding = carried_finding(&result->findings.arena, previous);
		finding.unverified = previous->record.unverified;
		finding.pre_existing = previous->record.pre_existing;
		finding.published = PUBLISHED_NOT_PLANNED;
		VEC_PUSH(list, finding);
	}
}

static const struct state_text *earlier_text(const struct publisher *run,
					     const struct agent_result *row)
{
	const struct state *state = &run->previous->state;

	for (size_t i = 0; i < state->texts_len; i++) {
		if (str_eq(state->texts[i].agent, row->agent) &&
		    str_eq(state->texts[i].model, row->model))
			return &state->texts[i];
	}
	return NULL;
}

void carry_texts(struct publisher *run)
{
	struct review_result *result = run->result;

	for (size_t i = 0; i < result->agents.len; i++) {
		struct agent_result *row = &result->agents.items[i];
		const struct state_text *text = earlier_text(run, row);

		if (text && row->status == AGENT_SKIPPED && !row->text.len)
			row->text = arena_str(&result->findings.arena, text->text);
	}
}

void carry_findings(struct publisher *run)
{
	struct findings *findings = &run->result->findings;

	for (size_t i = 0; i < run->previous->findings.len; i++) {
		struct previous_finding *previous = &run->previous->findings.items[i];
		struct finding finding;

		if (previous->fate != FATE_OPEN || previous->carried)
			continue;
		previous->carried = true;
		finding = carried_finding(&findings->arena, previous);
		if (previous_is_closed(previous)) {
			finding.dismissed = true;
			finding.published = PUBLISHED_NOT_PLANNED;
			finding.publish_note = previous_closed_why(previous, &findings->arena);
		}
		VEC_PUSH(findings, finding);
		run_add_record(run, previous);
	}
}

/* Lines of the quoted code that are not blank. */
static int64_t count_lines(struct str quoted)
{
	int64_t count = 0;
	struct str line;

	while (str_next_line(&quoted, &line, NULL))
		count += str_trim(line).len > 0;
	return count;
}

static struct strings agents_of(struct arena *arena, const struct finding *finding)
{
	struct strings agents = {.items = ARENA_ARRAY(arena, struct str, finding->sources_len)};

	for (size_t i = 0; i < finding->sources_len; i++) {
		struct str agent = finding->sources[i].agent;
		bool known = false;

		for (size_t j = 0; j < agents.len; j++)
			known = known || str_eq(agents.items[j], agent);
		if (!known)
			agents.items[agents.len++] = agent;
	}
	return agents;
}

/* Findings that do not count are stored in the order in which they are listed. */
static void add_uncounted(struct publisher *run, const struct finding_list *list,
			  struct state *state)
{
	for (size_t i = 0; i < list->len && i < UNCOUNTED_MAX; i++) {
		const struct finding *finding = &list->items[i];

		state->findings[state->findings_len++] = (struct state_finding){
			.id = finding->id,
			.path = finding->path,
			.title = finding->title,
			.category = finding->category,
			.body = utf8_cut(finding->body, UNCOUNTED_BODY_SIZE_MAX),
			.severity = (int)finding->severity,
			.agents = agents_of(&run->arena, finding),
			.line = finding->line,
			.left = finding->side == SIDE_LEFT,
			.unverified = finding->unverified,
			.pre_existing = finding->pre_existing,
		};
	}
}

static struct state_finding record_of(struct publisher *run, size_t idx)
{
	const struct finding *finding = &run->result->findings.items[idx];
	const struct previous_finding *match = run->records.items[idx].match;
	enum comment_fate fate = run->records.items[idx].fate;
	struct state_finding record = {
		.id = finding->id,
		.path = finding->path,
		.title = finding->title,
		.category = finding->category,
		.body = finding->body,
		.severity = (int)finding->severity,
		.agents = agents_of(&run->arena, finding),
		.line = finding->line,
		.lines = count_lines(finding->quoted),
		.left = finding->side == SIDE_LEFT,
		.in_line = comment_is_on_lines(fate),
		.refused = fate == COMMENT_NO_PLACE,
	};

	/* An open finding keeps the code that its comment was posted for. */
	if (match && match->record.lines && (match->comment || finding->carried))
		record.lines = match->record.lines;
	/* The comment shows the text of the first run, which distinguishes it from its neighbors. */
	if (match && match->comment && match->known)
		record.title = match->record.title;
	return record;
}

static void add_closed(struct publisher *run, struct state *state)
{
	for (size_t i = 0; i < run->previous->findings.len; i++) {
		const struct previous_finding *previous = &run->previous->findings.items[i];

		if (previous_is_closed(previous) && previous->fate != FATE_GONE)
			state->findings[state->findings_len++] = previous->record;
	}
}

static void add_keys(struct publisher *run, struct state *state)
{
	state->keys = ARENA_ARRAY(&run->arena, struct state_key, run->keys_len);
	state->keys_len = run->keys_len;
	if (!state->keys_len)
		return;
	memcpy(state->keys, run->keys, state->keys_len * sizeof(*state->keys));
	state_sort_keys(state);
}

static void drop_key(struct state *state, const struct state_key *key)
{
	for (size_t i = 0; i < state->keys_len; i++) {
		if (memcmp(&state->keys[i], key, sizeof(*key)) != 0)
			continue;
		state->keys_len--;
		memmove(&state->keys[i], &state->keys[i + 1], (state->keys_len - i) * sizeof(*key));
		return;
	}
}

/*
 * A finding that could not be posted on its lines is in the summary, truncated and without its
 * suggestion. Only a new review of the file restores it completely, for a comment on its lines.
 */
static void drop_keys_of_unposted(struct publisher *run, struct state *state)
{
	for (size_t i = 0; i < run->records.len; i++) {
		struct str path = run->result->findings.items[i].path;
		const struct diff_file *file = file_shown_as(run->options->diff, path);
		struct state_key key;

		if (run->records.items[i].fate != COMMENT_FAILED || !file)
			continue;
		key = state_key_of(file, run->options->view.reviewers);
		drop_key(state, &key);
	}
}

/* The text that an agent wrote in this run or, if it did not finish, in an earlier one. */
static void add_texts(struct publisher *run, struct state *state)
{
	size_t left = STATE_TEXTS_SIZE_MAX;

	state->texts = ARENA_ARRAY(&run->arena, struct state_text, STATE_TEXTS_MAX);
	for (size_t i = 0; i < run->result->agents.len && state->texts_len < STATE_TEXTS_MAX; i++) {
		const struct agent_result *row = &run->result->agents.items[i];
		const struct state_text *before = earlier_text(run, row);
		struct state_text text = {row->agent, row->model, row->text};
		size_t size;

		if (!text.text.len && before && row->status != AGENT_DONE)
			text.text = before->text;
		size = text.agent.len + text.model.len + text.text.len;
		if (!text.text.len || size > left)
			continue;
		left -= size;
		state->texts[state->texts_len++] = text;
	}
}

void carry_state(struct publisher *run, struct state *state)
{
	struct findings *findings = &run->result->findings;

	*state = (struct state){
		.owner = run->previous->owner,
		.key = run->previous->trust.key,
		.head = run->options->pull->head_commit,
		.findings = ARENA_ARRAY(&run->arena, struct state_finding,
					findings->len + run->previous->findings.len +
						2 * UNCOUNTED_MAX),
	};
	add_texts(run, state);
	add_keys(run, state);
	drop_keys_of_unposted(run, state);
	for (size_t i = 0; i < findings->len; i++) {
		const struct finding *finding = &findings->items[i];

		if (!finding->dismissed && (finding->published == PUBLISHED_POSTED ||
					    finding->published == PUBLISHED_UNCHANGED))
			state->findings[state->findings_len++] = record_of(run, i);
	}
	add_closed(run, state);
	add_uncounted(run, &run->result->unverified, state);
	add_uncounted(run, &run->result->pre_existing, state);
}
