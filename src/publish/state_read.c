/* Reading what an earlier run remembered: a text that anybody with write permission may have made. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "publish/marker.h"
#include "publish/state.h"
#include "value/json.h"

enum { TEXT_READ_MAX = 65536, INFLATED_AT_ONCE = 65536 };

static const struct str opening = STR_INIT(STATE_OPENING);
static const struct str closing = STR_INIT(STATE_CLOSING);

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct state_key));
}

void state_sort_keys(struct state *state)
{
	if (state->keys_len)
		qsort(state->keys, state->keys_len, sizeof(*state->keys), compare_keys);
}

bool state_knows(const struct state *state, const struct state_key *key)
{
	return state->keys_len &&
	       bsearch(key, state->keys, state->keys_len, sizeof(*key), compare_keys);
}

struct wire_state {
	int64_t version, piece, pieces;
	struct str set, head, keys;
	struct state_owner owner; /* of the first piece */
	struct list findings;
};

static const struct field finding_rows[] = {
	{.name = "id",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct state_finding, id),
	 .required = true},
	{.name = "path",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct state_finding, path),
	 .required = true},
	{.name = "title", .type = FIELD_STRING, .offset = offsetof(struct state_finding, title)},
	{.name = "category",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct state_finding, category)},
	{.name = "body", .type = FIELD_STRING, .offset = offsetof(struct state_finding, body)},
	{.name = "severity",
	 .type = FIELD_ENUM,
	 .offset = offsetof(struct state_finding, severity),
	 .choices = severity_names,
	 .required = true},
	{.name = "agents", .type = FIELD_STRINGS, .offset = offsetof(struct state_finding, agents)},
	{.name = "line",
	 .type = FIELD_INT,
	 .offset = offsetof(struct state_finding, line),
	 .max = UINT32_MAX},
	{.name = "lines",
	 .type = FIELD_INT,
	 .offset = offsetof(struct state_finding, lines),
	 .max = 100000},
	{.name = "left", .type = FIELD_BOOL, .offset = offsetof(struct state_finding, left)},
	{.name = "inline", .type = FIELD_BOOL, .offset = offsetof(struct state_finding, in_line)},
	{.name = "refused", .type = FIELD_BOOL, .offset = offsetof(struct state_finding, refused)},
	{.name = "unverified",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct state_finding, unverified)},
	{.name = "pre_existing",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct state_finding, pre_existing)},
	{.name = "dismissed",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct state_finding, dismissed)},
	{.name = "reason", .type = FIELD_STRING, .offset = offsetof(struct state_finding, reason)},
	{.name = "by",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct state_finding, dismissed_by)},
};

static const struct fields finding_fields = {
	.title = "a remembered finding",
	.items = finding_rows,
	.len = ARRAY_LEN(finding_rows),
	.size = sizeof(struct state_finding),
	.open = true,
};

static const struct field state_rows[] = {
	{.name = "version",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_state, version),
	 .required = true},
	{.name = "set", .type = FIELD_STRING, .offset = offsetof(struct wire_state, set)},
	{.name = "piece",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_state, piece),
	 .max = STATE_PIECES_MAX},
	{.name = "pieces",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_state, pieces),
	 .max = STATE_PIECES_MAX},
	{.name = "repository",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct wire_state, owner.repository)},
	{.name = "number", .type = FIELD_INT, .offset = offsetof(struct wire_state, owner.number)},
	{.name = "reviewer",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct wire_state, owner.reviewer)},
	{.name = "comment",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_state, owner.comment)},
	{.name = "head", .type = FIELD_STRING, .offset = offsetof(struct wire_state, head)},
	{.name = "keys", .type = FIELD_STRING, .offset = offsetof(struct wire_state, keys)},
	{.name = "findings",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct wire_state, findings),
	 .fields = &finding_fields},
};

static const struct fields state_fields = {
	.title = "a state",
	.items = state_rows,
	.len = ARRAY_LEN(state_rows),
	.size = sizeof(struct wire_state),
	.open = true,
};

/* Inflates at most STATE_JSON_MAX bytes, and takes only as much memory as there are. */
static bool expand(struct str packed, struct buf *out)
{
	z_stream stream = {0};
	int status;

	if (inflateInit(&stream) != Z_OK)
		memory_exhausted();
	stream.next_in = (z_const Bytef *)(uintptr_t)packed.ptr;
	stream.avail_in = (uInt)packed.len;
	do {
		stream.next_out = (Bytef *)buf_room(out, INFLATED_AT_ONCE);
		stream.avail_out = INFLATED_AT_ONCE;
		status = inflate(&stream, Z_NO_FLUSH);
		buf_set_len(out, out->len + (INFLATED_AT_ONCE - stream.avail_out));
	} while (status == Z_OK && out->len < STATE_JSON_MAX);
	inflateEnd(&stream);
	return status == Z_STREAM_END;
}

static bool is_hex(struct str text, size_t len_min, size_t len_max)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return text.len >= len_min && text.len <= len_max;
}

/* A state while its pieces are read; memory in the state's arena. */
struct reading {
	struct state state;
	int64_t seen, total; /* pieces */
};

static bool add_keys(struct state *state, struct str text)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	struct state_key *keys;
	size_t len;

	if (!base64_decode(text, &bytes) || bytes.len % sizeof(struct state_key))
		return false;
	len = bytes.len / sizeof(struct state_key);
	if (state->keys_len + len > STATE_KEYS_MAX)
		return false;
	keys = ARENA_ARRAY(&state->arena, struct state_key, state->keys_len + len);
	if (state->keys_len)
		memcpy(keys, state->keys, state->keys_len * sizeof(*keys));
	if (len)
		memcpy(keys + state->keys_len, bytes.ptr, bytes.len);
	state->keys = keys;
	state->keys_len += len;
	return true;
}

static struct state_finding copied(struct arena *arena, const struct state_finding *finding)
{
	struct state_finding copy = *finding;

	copy.id = arena_str(arena, finding->id);
	copy.path = arena_str(arena, finding->path);
	copy.title = arena_str(arena, finding->title);
	copy.category = arena_str(arena, finding->category);
	copy.body = arena_str(arena, finding->body);
	copy.dismissed_by = arena_str(arena, finding->dismissed_by);
	copy.reason = arena_str(arena, finding->reason);
	copy.agents.items = ARENA_ARRAY(arena, struct str, finding->agents.len);
	for (size_t i = 0; i < finding->agents.len; i++)
		copy.agents.items[i] = arena_str(arena, finding->agents.items[i]);
	return copy;
}

static bool add_findings(struct state *state, const struct list *list)
{
	const struct state_finding *items = list->items;
	size_t len = state->findings_len + list->len;
	struct state_finding *findings;

	if (len > STATE_FINDINGS_MAX)
		return false;
	for (size_t i = 0; i < list->len; i++) {
		if (!is_hex(items[i].id, 16, 16))
			return false;
	}
	findings = ARENA_ARRAY(&state->arena, struct state_finding, len);
	for (size_t i = 0; i < len; i++)
		findings[i] = i < state->findings_len
				      ? state->findings[i]
				      : copied(&state->arena, &items[i - state->findings_len]);
	state->findings = findings;
	state->findings_len = len;
	return true;
}

void state_add_unknown(struct state *state, const struct state_finding *finding)
{
	struct state_finding *findings;

	for (size_t i = 0; i < state->findings_len; i++) {
		if (str_eq(state->findings[i].id, finding->id))
			return;
	}
	if (state->findings_len == STATE_FINDINGS_MAX)
		return;
	findings = ARENA_ARRAY(&state->arena, struct state_finding, state->findings_len + 1);
	for (size_t i = 0; i < state->findings_len; i++)
		findings[i] = state->findings[i];
	findings[state->findings_len++] = copied(&state->arena, finding);
	state->findings = findings;
}

/* Whether this piece is the next one; the first one may be any that is a first. */
static bool is_next(const struct reading *reading, const struct wire_state *wire)
{
	if (wire->piece != reading->seen)
		return false;
	return !reading->seen ||
	       (reading->seen < reading->total && str_eq(wire->set, reading->state.digest));
}

static bool take_piece(struct reading *reading, struct str packed)
{
	SCOPED(arena) struct arena arena = ARENA_INIT; /* what is junk in the text is not kept */
	SCOPED(buf) struct buf json = BUF_INIT;
	struct wire_state wire = {0};
	struct state *state = &reading->state;
	size_t findings_len = state->findings_len;
	struct error err = {0};
	struct value *value;

	if (!expand(packed, &json))
		return false;
	value = json_read(&arena, buf_str(&json), STATE_JSON_MAX, &err);
	if (!value || !fields_decode_json(&arena, &state_fields, value, "state", &wire, &err) ||
	    wire.version != STATE_VERSION || (wire.head.len && !is_hex(wire.head, 40, 64)) ||
	    !is_next(reading, &wire))
		return false;
	if (!add_findings(state, &wire.findings) || !add_keys(state, wire.keys)) {
		state->findings_len = findings_len;
		return false;
	}
	if (!reading->seen) {
		state->digest = arena_str(&state->arena, wire.set);
		reading->total = wire.pieces;
		state->head = arena_str(&state->arena, wire.head);
		state->owner = wire.owner;
		state->owner.repository = arena_str(&state->arena, wire.owner.repository);
		state->owner.reviewer = arena_str(&state->arena, wire.owner.reviewer);
	}
	reading->seen++;
	return true;
}

static bool read_body(struct reading *reading, struct str body)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	size_t start;
	size_t end;
	struct str text;

	if (!marker_locate(body, "state", &start, &end) || end - start < opening.len + closing.len)
		return false;
	text = str_slice(body, start + opening.len, end - start - opening.len - closing.len);
	return text.len <= TEXT_READ_MAX && base64_decode(text, &packed) &&
	       take_piece(reading, buf_str(&packed));
}

/* Continuations are bound to the first piece by the digest of them all. */
static bool is_as_written(const struct state *state)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return str_eq(state_digest(state, &arena), state->digest);
}

bool state_read(const struct str *bodies, size_t len, struct str key, struct state *state)
{
	struct reading reading = {.state = {.key = key}};

	for (size_t i = 0; i < len; i++) {
		/* The pieces before one that cannot be read are valid by themselves. */
		if (!read_body(&reading, bodies[i]) && reading.seen)
			log_debug("publish", "comment %zu holds no piece of the state", i);
	}
	if (!reading.seen) {
		state_release(&reading.state);
		return false;
	}
	*state = reading.state;
	state->whole = reading.seen >= reading.total;
	state->sealed = state->whole && is_as_written(state);
	if (!state->sealed)
		state->keys_len = 0;
	state_sort_keys(state);
	return true;
}

struct str state_strip(struct str body)
{
	size_t start;
	size_t end;

	return marker_locate(body, "state", &start, &end) ? str_slice(body, 0, start) : body;
}
