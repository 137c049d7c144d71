/* Reads the state of an earlier run: a text that any user with write permission may have written. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/ascii.h"
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

/* Inflates at most STATE_JSON_MAX bytes, and allocates only what the data needs. */
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

		if (!ascii_is_hex_lower(c))
			return false;
	}
	return text.len >= len_min && text.len <= len_max;
}

/* A state while its pieces are read; memory in the state's arena. */
struct state_reader {
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

/* All of them, or none if there are more than are ever written. */
static void take_texts(struct state *state, const struct list *list)
{
	const struct state_text *items = list->items;
	size_t size = 0;

	for (size_t i = 0; i < list->len; i++)
		size += items[i].agent.len + items[i].model.len + items[i].text.len;
	if (list->len > STATE_TEXTS_MAX || size > STATE_TEXTS_SIZE_MAX)
		return;
	state->texts = ARENA_ARRAY(&state->arena, struct state_text, list->len + 1);
	for (size_t i = 0; i < list->len; i++)
		state->texts[state->texts_len++] = (struct state_text){
			.agent = arena_str(&state->arena, items[i].agent),
			.model = arena_str(&state->arena, items[i].model),
			.text = arena_str(&state->arena, items[i].text),
		};
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

/* Whether this piece is the next one; the first piece may be any with the number 1. */
static bool is_next(const struct state_reader *reader, const struct state_record *record)
{
	if (record->piece != reader->seen)
		return false;
	return !reader->seen ||
	       (reader->seen < reader->total && str_eq(record->set, reader->state.digest));
}

static bool take_piece(struct state_reader *reader, struct str packed)
{
	SCOPED(arena) struct arena arena = ARENA_INIT; /* what is junk in the text is not kept */
	SCOPED(buf) struct buf json = BUF_INIT;
	struct state_record record = {0};
	struct state *state = &reader->state;
	size_t findings_len = state->findings_len;
	struct error err = {0};
	struct value *value;

	if (!expand(packed, &json))
		return false;
	value = json_read(&arena, buf_str(&json), STATE_JSON_MAX, &err);
	if (!value ||
	    !fields_decode_json(&arena, &state_record_fields, value, "state", &record, &err) ||
	    record.version != STATE_VERSION || (record.head.len && !is_hex(record.head, 40, 64)) ||
	    !is_next(reader, &record))
		return false;
	if (!add_findings(state, &record.findings) || !add_keys(state, record.keys)) {
		state->findings_len = findings_len;
		return false;
	}
	if (!reader->seen) {
		state->digest = arena_str(&state->arena, record.set);
		reader->total = record.pieces;
		state->head = arena_str(&state->arena, record.head);
		take_texts(state, &record.texts);
		state->owner = record.owner;
		state->owner.repository = arena_str(&state->arena, record.owner.repository);
		state->owner.reviewer = arena_str(&state->arena, record.owner.reviewer);
	}
	reader->seen++;
	return true;
}

static bool read_body(struct state_reader *reader, struct str body)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	size_t start;
	size_t end;
	struct str text;

	if (!marker_locate(body, "state", &start, &end) || end - start < opening.len + closing.len)
		return false;
	text = str_slice(body, start + opening.len, end - start - opening.len - closing.len);
	return text.len <= TEXT_READ_MAX && base64_decode(text, &packed) &&
	       take_piece(reader, buf_str(&packed));
}

/* Continuations are bound to the first piece by the digest of them all. */
static bool is_as_written(const struct state *state)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	return str_eq(state_digest(state, &arena), state->digest);
}

bool state_read(const struct str *bodies, size_t len, struct str key, struct state *state)
{
	struct state_reader reader = {.state = {.key = key}};

	for (size_t i = 0; i < len; i++) {
		/* The pieces before an unreadable one are valid on their own. */
		if (!read_body(&reader, bodies[i]) && reader.seen)
			log_debug("publish", "comment %zu does not contain a piece of the state",
				  i);
	}
	if (!reader.seen) {
		state_release(&reader.state);
		return false;
	}
	*state = reader.state;
	state->whole = reader.seen >= reader.total;
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
