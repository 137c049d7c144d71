/* The state that a run stores for the next one: JSON, compressed, in base64, in HTML comments. */
#include "publish/state.h"

#include <string.h>
#include <zlib.h>

#include "base/breathe.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "diff/render.h"
#include "value/json.h"

enum {
	TITLE_SIZE_MAX = 200,
	BODY_SIZE_MAX = 16000, /* the report has longer ones whole */
	SET_ROOM = 128,        /* the name of the set is known last, and does not compress alike */
	KEY_TEXT_SIZE = 22     /* characters that a key takes, rounded up */
};

void state_release(struct state *state)
{
	if (!state)
		return;
	arena_release(&state->arena);
	*state = (struct state){0};
}

bool state_owner_eq(const struct state_owner *a, const struct state_owner *b)
{
	return str_eq_nocase(a->repository, b->repository) && a->number == b->number &&
	       str_eq(a->reviewer, b->reviewer) && a->comment == b->comment;
}

bool state_is_uncounted(const struct state_finding *finding)
{
	return finding->unverified || finding->pre_existing;
}

/*
 * The same lines can be in a file twice, and a change of one place then reads like a change of the other.
 * Line numbers would distinguish them, but move with every change of the base.
 */
static void add_places(struct buf *text, const struct diff_file *file)
{
	bool known = file->len > 0;

	if (file->status == DIFF_ADDED || file->status == DIFF_DELETED)
		return;
	for (size_t i = 0; i < file->len; i++)
		known = known && file->hunks[i].place;
	if (!known)
		buf_addf(text, "%.*s:", STR_ARG(file->new_id));
	for (size_t i = 0; i < file->len; i++) {
		if (known)
			buf_addf(text, "%u:", file->hunks[i].place);
		else if (!file->new_id.len)
			buf_addf(text, "%u:", file->hunks[i].old_start);
	}
}

/* `text` is room for what is hashed. */
static struct state_key make_key(const struct diff_file *file, struct str reviewers,
				 struct buf *text)
{
	struct state_key key;
	struct sha256 digest;

	buf_reset(text);
	/* Lengths precede the parts, so that no two lists of parts give the same text. */
	buf_addf(text, "%zu:%.*s%zu:%.*s%d:%c:%.*s:", file->path.len, STR_ARG(file->path),
		 reviewers.len, STR_ARG(reviewers), (int)file->status, diff_file_executable(file),
		 STR_ARG(file->old_path));
	add_places(text, file);
	diff_render_content(text, file);
	if (file->binary || file->patch_missing)
		buf_addf(text, "%.*s..%.*s", STR_ARG(file->old_id), STR_ARG(file->new_id));
	digest = sha256_of(buf_str(text));
	memcpy(key.bytes, digest.bytes, sizeof(key.bytes));
	return key;
}

struct state_key state_key_of(const struct diff_file *file, struct str reviewers)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	return make_key(file, reviewers, &text);
}

struct state_key *state_keys_of(const struct diff *diff, struct str reviewers, struct arena *arena)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct state_key *keys = ARENA_ARRAY(arena, struct state_key, diff->len + 1);

	for (size_t i = 0; i < diff->len; i++) {
		breathe();
		keys[i] = make_key(&diff->files[i], reviewers, &text);
	}
	return keys;
}

/* The finding as it is stored: texts are truncated, and a text that its comment shows is left out. */
static struct state_finding written_finding(const struct state_finding *finding)
{
	struct state_finding written = *finding;

	written.title = utf8_cut(finding->title, TITLE_SIZE_MAX);
	written.category = utf8_cut(finding->category, TITLE_SIZE_MAX);
	written.reason = utf8_cut(finding->reason, TITLE_SIZE_MAX);
	written.body = finding->in_line ? STR_EMPTY : utf8_cut(finding->body, BODY_SIZE_MAX);
	return written;
}

/* The most important data comes first: comments on lines can be read from the comments themselves. */
enum { RANK_DISMISSED, RANK_INLINE, RANK_SUMMARY, RANK_UNCOUNTED, RANK_COUNT };

static int rank_of(const struct state_finding *finding)
{
	if (finding->dismissed)
		return RANK_DISMISSED;
	if (state_is_uncounted(finding))
		return RANK_UNCOUNTED;
	return finding->in_line ? RANK_INLINE : RANK_SUMMARY;
}

/* The part of a state that one piece holds, and its number. */
struct selection {
	struct str set; /* distinguishes pieces of this state from pieces of others */
	size_t idx, total;
	size_t first_finding, findings;
	size_t first_key, keys;
};

/* A state being written: its findings in order of rank. */
struct state_writer {
	const struct state *state;
	const struct state_finding **ranked;
	size_t findings, keys; /* how many are to be written */
	struct str set;
	struct arena arena;
};

static void rank_findings(struct state_writer *writer)
{
	const struct state *state = writer->state;
	size_t max = MIN_OF(state->findings_len, (size_t)STATE_FINDINGS_MAX);

	writer->ranked = ARENA_ARRAY(&writer->arena, const struct state_finding *, max + 1);
	for (int rank = 0; rank < RANK_COUNT; rank++) {
		for (size_t i = 0; i < state->findings_len && writer->findings < max; i++) {
			if (rank_of(&state->findings[i]) == rank)
				writer->ranked[writer->findings++] = &state->findings[i];
		}
	}
}

static struct value *piece_value(const struct state_writer *writer, struct arena *arena,
				 const struct selection *selection)
{
	SCOPED(buf) struct buf keys = BUF_INIT;
	struct state_finding *findings =
		ARENA_ARRAY(arena, struct state_finding, selection->findings + 1);
	struct state_record record = {
		.version = STATE_VERSION,
		.set = selection->set,
		.piece = (int64_t)selection->idx,
		.pieces = (int64_t)selection->total,
		.has_owner = selection->idx == 0,
		.owner = writer->state->owner,
		.head = writer->state->head,
		.findings = {.items = findings, .len = selection->findings},
	};

	if (!selection->idx)
		record.texts = (struct list){.items = writer->state->texts,
					     .len = writer->state->texts_len};
	for (size_t i = 0; i < selection->findings; i++)
		findings[i] = written_finding(writer->ranked[selection->first_finding + i]);
	if (selection->keys)
		base64_add(&keys, str_of((const char *)(writer->state->keys + selection->first_key),
					 selection->keys * sizeof(*writer->state->keys)));
	record.keys = buf_str(&keys);
	return fields_encode(arena, &state_record_fields, &record);
}

static void compress_text(struct str text, struct buf *out)
{
	uLongf len = compressBound((uLong)text.len);
	char *room = buf_room(out, len);

	/* Fails only without memory or room, and there is room. */
	if (compress2((Bytef *)room, &len, (const Bytef *)text.ptr, (uLong)text.len, 9) != Z_OK)
		memory_exhausted();
	buf_set_len(out, out->len + len);
}

/* Returns the length of the JSON. */
static size_t encode(const struct state_writer *writer, const struct selection *selection,
		     struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf json = BUF_INIT;
	SCOPED(buf) struct buf packed = BUF_INIT;

	json_write(&json, piece_value(writer, &arena, selection), JSON_COMPACT);
	compress_text(buf_str(&json), &packed);
	base64_add(out, buf_str(&packed));
	return json.len;
}

static struct str digest_hex(struct arena *arena, struct str key, struct str text)
{
	SCOPED(buf) struct buf hex = BUF_INIT;
	struct sha256 digest = key.len ? hmac_sha256(key, text) : sha256_of(text);

	hex_add(&hex, sha256_str(&digest));
	return arena_str(arena, buf_str(&hex));
}

/*
 * The digest of the text, as if it were one piece without a name. It names the repository, the
 * pull request, the reviewer and the comment, so one key can serve many repositories.
 */
static struct str digest_of(const struct state_writer *writer, struct arena *arena)
{
	SCOPED(arena) struct arena scratch = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct selection all = {.findings = writer->findings, .keys = writer->keys};

	json_write(&text, piece_value(writer, &scratch, &all), JSON_COMPACT);
	return digest_hex(arena, writer->state->key, buf_str(&text));
}

/* Reduces the selection until its text fits. */
static void fit(const struct state_writer *writer, struct selection *selection)
{
	size_t size_max = (selection->idx ? STATE_PIECE_MAX : STATE_TEXT_MAX) - SET_ROOM;

	/* A key takes 16 bytes, four thirds of that in base64, and what cannot be compressed. */
	selection->keys = MIN_OF(selection->keys, size_max / KEY_TEXT_SIZE);
	for (;;) {
		SCOPED(buf) struct buf text = BUF_INIT;

		if (encode(writer, selection, &text) <= STATE_JSON_MAX && text.len <= size_max)
			return;
		if (selection->keys)
			selection->keys = selection->keys * 3 / 4;
		else
			selection->findings = selection->findings * 3 / 4;
	}
}

/* Distributes the data over the pieces; false if not even all findings fit. */
static bool select_pieces(struct state_writer *writer, struct selection *pieces, size_t *len)
{
	size_t findings = 0;
	size_t keys = 0;

	*len = 0;
	do {
		struct selection *piece = &pieces[*len];

		*piece = (struct selection){
			.set = writer->set, /* any of the right length, for now */
			.idx = *len,
			.total = STATE_PIECES_MAX,
			.first_finding = findings,
			.findings = writer->findings - findings,
			.first_key = keys,
			.keys = writer->keys - keys,
		};
		fit(writer, piece);
		findings += piece->findings;
		keys += piece->keys;
		(*len)++;
	} while (*len < STATE_PIECES_MAX && (findings < writer->findings || keys < writer->keys));
	for (size_t i = 0; i < *len; i++)
		pieces[i].total = *len;
	if (findings < writer->findings)
		return false;
	writer->keys = keys;
	return true;
}

/* The number of findings that can be stored, and whether keys can be: see state_write(). */
static void writing_init(struct state_writer *writer, const struct state *state)
{
	*writer = (struct state_writer){
		.state = state,
		.keys = MIN_OF(state->keys_len, (size_t)STATE_KEYS_MAX),
	};
	rank_findings(writer);
	if (writer->findings < state->findings_len)
		writer->keys = 0;
	writer->set = sha256_hex(&writer->arena, state->head);
}

struct str state_digest(const struct state *state, struct arena *arena)
{
	struct state_writer writer;
	struct str digest;

	writing_init(&writer, state);
	digest = digest_of(&writer, arena);
	arena_release(&writer.arena);
	return digest;
}

size_t state_write(struct pages *pages, const struct state *state, struct arena *arena,
		   struct str *digest)
{
	struct selection pieces[STATE_PIECES_MAX];
	struct state_writer writer;
	size_t len;
	size_t written;

	writing_init(&writer, state);
	if (!select_pieces(&writer, pieces, &len)) {
		writer.keys = 0;
		if (!select_pieces(&writer, pieces, &len))
			writer.findings = pieces[len - 1].first_finding + pieces[len - 1].findings;
	}
	written = writer.keys;
	*digest = digest_of(&writer, arena);
	for (size_t i = 0; i < len; i++) {
		struct buf text;

		buf_init(&text, BUF_SIZE_MAX);
		buf_add_text(&text, STATE_OPENING);
		pieces[i].set = *digest;
		encode(&writer, &pieces[i], &text);
		buf_add_text(&text, STATE_CLOSING);
		VEC_PUSH(pages, text);
	}
	arena_release(&writer.arena);
	return state->keys_len - written;
}
