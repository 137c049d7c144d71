/* What a run remembers for the next one: JSON, compressed, in base64, in an HTML comment. */
#include "publish/state.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "diff/render.h"
#include "value/json.h"

enum {
	VERSION = 1,
	TITLE_SIZE_MAX = 200,
	BODY_SIZE_MAX = 2000,
	JSON_SIZE_MAX = 1 << 20,
	TEXT_READ_MAX = 65536
};

static const struct str opening = STR_INIT("<!-- outcrop:state ");
static const struct str closing = STR_INIT(" -->");

void state_release(struct state *state)
{
	if (!state)
		return;
	arena_release(&state->arena);
	*state = (struct state){0};
}

struct state_key state_key_of(const struct diff_file *file, struct str reviewers)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct state_key key;
	struct sha256 digest;

	/* Lengths stand before the parts, so that no two lists of parts give the same text. */
	buf_addf(&text, "%zu:%.*s%zu:%.*s%d:%o:%o:%.*s:", file->path.len, STR_ARG(file->path),
		 reviewers.len, STR_ARG(reviewers), (int)file->status, file->old_mode,
		 file->new_mode, STR_ARG(file->old_path));
	diff_render_content(&text, file);
	if (file->binary || file->patch_missing)
		buf_addf(&text, "%.*s..%.*s", STR_ARG(file->old_id), STR_ARG(file->new_id));
	digest = sha256_of(buf_str(&text));
	memcpy(key.bytes, digest.bytes, sizeof(key.bytes));
	return key;
}

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct state_key));
}

bool state_knows(const struct state *state, const struct state_key *key)
{
	return state->keys_len &&
	       bsearch(key, state->keys, state->keys_len, sizeof(*key), compare_keys);
}

/* ---- Writing ---- */

static struct value *finding_value(struct arena *arena, const struct state_finding *finding)
{
	struct value *object = value_object(arena);
	struct value *agents = value_array(arena);

	for (size_t i = 0; i < finding->agents.len; i++)
		value_append(arena, agents, value_string(arena, finding->agents.items[i]));
	value_set(arena, object, "id", value_string(arena, finding->id));
	value_set(arena, object, "path", value_string(arena, finding->path));
	value_set(arena, object, "title",
		  value_string(arena, utf8_cut(finding->title, TITLE_SIZE_MAX)));
	value_set(arena, object, "category",
		  value_string(arena, utf8_cut(finding->category, TITLE_SIZE_MAX)));
	if (!finding->in_line && finding->body.len)
		value_set(arena, object, "body",
			  value_string(arena, utf8_cut(finding->body, BODY_SIZE_MAX)));
	value_set(arena, object, "severity",
		  value_text(arena, severity_name((enum severity)finding->severity)));
	value_set(arena, object, "agents", agents);
	value_set(arena, object, "line", value_int(arena, finding->line));
	value_set(arena, object, "lines", value_int(arena, finding->lines));
	value_set(arena, object, "left", value_bool(arena, finding->left));
	value_set(arena, object, "inline", value_bool(arena, finding->in_line));
	value_set(arena, object, "refused", value_bool(arena, finding->refused));
	value_set(arena, object, "dismissed", value_bool(arena, finding->dismissed));
	value_set(arena, object, "by", value_string(arena, finding->dismissed_by));
	return object;
}

/* How much of a state is written. */
struct selection {
	size_t keys, findings;
};

/* What is needed most stands first: comments on lines can be read from the comments themselves. */
enum { RANK_DISMISSED, RANK_INLINE, RANK_SUMMARY, RANK_COUNT };

static int rank_of(const struct state_finding *finding)
{
	if (finding->dismissed)
		return RANK_DISMISSED;
	return finding->in_line ? RANK_INLINE : RANK_SUMMARY;
}

static struct value *findings_value(struct arena *arena, const struct state *state, size_t count)
{
	struct value *findings = value_array(arena);

	for (int rank = 0; rank < RANK_COUNT; rank++) {
		for (size_t i = 0; i < state->findings_len; i++) {
			if (rank_of(&state->findings[i]) != rank)
				continue;
			if (value_len(findings) == count)
				return findings;
			value_append(arena, findings, finding_value(arena, &state->findings[i]));
		}
	}
	return findings;
}

static struct value *state_value(struct arena *arena, const struct state *state,
				 const struct selection *selection)
{
	SCOPED(buf) struct buf keys = BUF_INIT;
	struct value *object = value_object(arena);

	if (selection->keys)
		base64_add(&keys, str_of((const char *)state->keys,
					 selection->keys * sizeof(*state->keys)));
	value_set(arena, object, "version", value_int(arena, VERSION));
	value_set(arena, object, "head", value_string(arena, state->head));
	value_set(arena, object, "findings", findings_value(arena, state, selection->findings));
	value_set(arena, object, "keys", value_string(arena, buf_str(&keys)));
	return object;
}

static void compress_text(struct str text, struct buf *out)
{
	uLongf len = compressBound((uLong)text.len);
	char *room = buf_room(out, len);

	/* Fails only for want of memory or room, and there is room. */
	if (compress2((Bytef *)room, &len, (const Bytef *)text.ptr, (uLong)text.len, 9) != Z_OK)
		memory_exhausted();
	buf_set_len(out, out->len + len);
}

static void encode(const struct state *state, const struct selection *selection, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf json = BUF_INIT;
	SCOPED(buf) struct buf packed = BUF_INIT;

	json_write(&json, state_value(&arena, state, selection), JSON_COMPACT);
	compress_text(buf_str(&json), &packed);
	base64_add(out, buf_str(&packed));
}

void state_add(struct buf *out, const struct state *state)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct selection selection = {
		.keys = MIN_OF(state->keys_len, (size_t)STATE_KEYS_MAX),
		.findings = MIN_OF(state->findings_len, (size_t)STATE_FINDINGS_MAX),
	};

	for (;;) {
		buf_reset(&text);
		encode(state, &selection, &text);
		if (text.len <= STATE_TEXT_MAX)
			break;
		if (selection.keys)
			selection.keys = selection.keys * 3 / 4;
		else
			selection.findings = selection.findings * 3 / 4;
	}
	buf_add(out, opening);
	buf_add(out, buf_str(&text));
	buf_add(out, closing);
}

/* ---- Reading ---- */

struct wire_state {
	int64_t version;
	struct str head, keys;
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
	{.name = "dismissed",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct state_finding, dismissed)},
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

/* Inflates at most JSON_SIZE_MAX bytes. */
static bool expand(struct str packed, struct buf *out)
{
	z_stream stream = {0};
	char *room = buf_room(out, JSON_SIZE_MAX);
	int status;

	if (inflateInit(&stream) != Z_OK)
		memory_exhausted();
	stream.next_in = (z_const Bytef *)(uintptr_t)packed.ptr;
	stream.avail_in = (uInt)packed.len;
	stream.next_out = (Bytef *)room;
	stream.avail_out = JSON_SIZE_MAX;
	status = inflate(&stream, Z_FINISH);
	buf_set_len(out, out->len + (JSON_SIZE_MAX - stream.avail_out));
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

static bool take_keys(struct state *state, struct str text)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;

	if (!base64_decode(text, &bytes) || bytes.len % sizeof(struct state_key))
		return false;
	state->keys_len = bytes.len / sizeof(struct state_key);
	if (state->keys_len > STATE_KEYS_MAX)
		return false;
	state->keys = ARENA_ARRAY(&state->arena, struct state_key, state->keys_len);
	if (bytes.len)
		memcpy(state->keys, bytes.ptr, bytes.len);
	qsort(state->keys, state->keys_len, sizeof(*state->keys), compare_keys);
	return true;
}

static bool decode(struct str packed, struct state *state)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	struct wire_state wire = {0};
	struct error err = {0};
	struct value *value;

	if (!expand(packed, &json))
		return false;
	value = json_read(&state->arena, buf_str(&json), JSON_SIZE_MAX, &err);
	if (!value ||
	    !fields_decode_json(&state->arena, &state_fields, value, "state", &wire, &err) ||
	    wire.version != VERSION || wire.findings.len > STATE_FINDINGS_MAX ||
	    (wire.head.len && !is_hex(wire.head, 40, 64)) || !take_keys(state, wire.keys))
		return false;
	state->head = wire.head;
	state->findings = wire.findings.items;
	state->findings_len = wire.findings.len;
	for (size_t i = 0; i < state->findings_len; i++) {
		if (!is_hex(state->findings[i].id, 16, 16))
			return false;
	}
	return true;
}

/* Where the state stands in a body; the last one, which no text of ours can follow. */
static bool locate(struct str body, size_t *start, size_t *end)
{
	ptrdiff_t at = -1;
	ptrdiff_t last = -1;
	ptrdiff_t close;

	while ((at = str_find(body, opening, (size_t)(at + 1))) >= 0)
		last = at;
	if (last < 0)
		return false;
	close = str_find(body, closing, (size_t)last + opening.len);
	if (close < 0)
		return false;
	*start = (size_t)last;
	*end = (size_t)close + closing.len;
	return true;
}

bool state_find(struct str body, struct state *state)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	struct state result = {0};
	size_t start;
	size_t end;
	struct str text;

	if (!locate(body, &start, &end))
		return false;
	text = str_slice(body, start + opening.len, end - start - opening.len - closing.len);
	if (text.len > TEXT_READ_MAX || !base64_decode(text, &packed) ||
	    !decode(buf_str(&packed), &result)) {
		state_release(&result);
		return false;
	}
	*state = result;
	return true;
}

struct str state_strip(struct str body)
{
	size_t start;
	size_t end;

	return locate(body, &start, &end) ? str_slice(body, 0, start) : body;
}
