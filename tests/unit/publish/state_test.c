/* The state survives a round trip, stays within its size, and nothing hostile gets in. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/encode.h"
#include "publish/state.h"
#include "unit.h"

static struct state_finding sample(const char *id)
{
	return (struct state_finding){
		.id = str_from(id),
		.path = STR("src/a.c"),
		.title = STR("A title with \"quotes\" and --> an end"),
		.severity = SEVERITY_HIGH,
		.line = 12,
		.lines = 2,
	};
}

static size_t write_state(struct pages *pieces, const struct state *state)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str digest;
	size_t left_out = state_write(pieces, state, &arena, &digest);

	ck_assert_uint_eq(digest.len, 64);
	return left_out;
}

/* Reads what was written, in `len` of its pieces. */
static bool read_pieces(const struct pages *pieces, size_t len, struct state *found)
{
	struct str bodies[STATE_PIECES_MAX];

	ck_assert_uint_le(len, STATE_PIECES_MAX);
	for (size_t i = 0; i < len; i++)
		bodies[i] = buf_str(&pieces->items[i]);
	return state_read(bodies, len, STR_EMPTY, found);
}

static void fill_keys(struct state_key *keys, size_t len)
{
	uint64_t noise = 1;

	for (size_t i = 0; i < len; i++) {
		for (size_t j = 0; j < sizeof(keys[i].bytes); j++) {
			noise = noise * 6364136223846793005u + 1442695040888963407u;
			keys[i].bytes[j] = (unsigned char)(noise >> 56);
		}
	}
}

TEST(comes_back_as_it_was)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	struct pages pieces = {0};
	struct str text;
	SCOPED(state) struct state found = {0};
	struct str agents[] = {STR("security"), STR("architect")};
	struct state_finding findings[2] = {sample("0123456789abcdef"), sample("fedcba9876543210")};
	struct state_key keys[2] = {{{1, 2, 3}}, {{9, 9, 9}}};
	struct state_key unknown = {{7}};
	struct state_text texts[] = {{STR("walkthrough"), STR("haiku"), STR("Takes\nslots.")}};
	const struct state state = {
		.head = STR("0123456789012345678901234567890123456789"),
		.keys = keys,
		.keys_len = 2,
		.findings = findings,
		.findings_len = 2,
		.texts = texts,
		.texts_len = 1,
	};

	findings[0].agents = (struct strings){.items = agents, .len = 2};
	findings[1].dismissed = true;
	findings[1].dismissed_by = STR("ann");
	buf_add_text(&body, "before\n");
	ck_assert_uint_eq(write_state(&pieces, &state), 0);
	ck_assert_uint_eq(pieces.len, 1);
	buf_add(&body, buf_str(&pieces.items[0]));
	text = buf_str(&body);
	ck_assert(state_read(&text, 1, STR_EMPTY, &found));
	ck_assert(found.sealed);
	pages_release(&pieces);
	ck_assert_str_is(state_strip(buf_str(&body)), STR("before\n"));
	ck_assert_str_is(found.head, state.head);
	ck_assert_uint_eq(found.findings_len, 2);
	/* Dismissed ones are written first. */
	ck_assert(found.findings[0].dismissed);
	ck_assert_str_is(found.findings[0].dismissed_by, STR("ann"));
	ck_assert_str_is(found.findings[1].agents.items[1], STR("architect"));
	ck_assert_str_is(found.findings[1].title, findings[0].title);
	ck_assert_int_eq(found.findings[1].severity, SEVERITY_HIGH);
	ck_assert(state_knows(&found, &keys[0]));
	ck_assert(state_knows(&found, &keys[1]));
	ck_assert(!state_knows(&found, &unknown));
	ck_assert_uint_eq(found.texts_len, 1);
	ck_assert_str_is(found.texts[0].text, texts[0].text);
}

TEST(stays_within_its_size_and_keeps_dismissals)
{
	static struct state_key keys[STATE_KEYS_MAX];
	static struct state_finding findings[400];
	static char ids[400][17];
	static char paths[400][40];
	struct pages pieces = {0};
	SCOPED(state) struct state found = {0};
	struct state state = {.keys = keys, .keys_len = STATE_KEYS_MAX, .findings = findings};

	fill_keys(keys, STATE_KEYS_MAX);
	for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
		snprintf(ids[i], sizeof(ids[i]), "%016zx", i * 7919);
		snprintf(paths[i], sizeof(paths[i]), "src/some/folder/file-%zu.c", i * 31);
		findings[i] = sample(ids[i]);
		findings[i].path = str_from(paths[i]);
		findings[i].dismissed = i >= 395;
	}
	state.findings_len = ARRAY_LEN(findings);
	write_state(&pieces, &state);
	ck_assert_uint_gt(pieces.len, 1);
	for (size_t i = 0; i < pieces.len; i++)
		ck_assert_uint_le(pieces.items[i].len, (i ? STATE_PIECE_MAX : STATE_TEXT_MAX) + 64);
	ck_assert(read_pieces(&pieces, pieces.len, &found));
	ck_assert(found.findings[0].dismissed && found.findings[4].dismissed);
	ck_assert_uint_eq(found.findings_len, ARRAY_LEN(findings));
	pages_release(&pieces);
}

/* Writes keys without findings; the maximum fits. */
static void write_keys(struct pages *pieces, struct state_key *keys, size_t len)
{
	const struct state state = {.keys = keys, .keys_len = len};

	ck_assert_uint_eq(write_state(pieces, &state), 0);
}

TEST(remembers_every_file_of_a_large_change)
{
	static struct state_key keys[STATE_KEYS_MAX + 1];
	struct pages pieces = {0};
	SCOPED(state) struct state found = {0};
	struct state more = {.keys = keys, .keys_len = STATE_KEYS_MAX + 1};

	fill_keys(keys, ARRAY_LEN(keys));
	write_keys(&pieces, keys, STATE_KEYS_MAX);
	ck_assert_uint_eq(pieces.len, STATE_PIECES_MAX);
	ck_assert(read_pieces(&pieces, pieces.len, &found));
	ck_assert_uint_eq(found.keys_len, STATE_KEYS_MAX);
	for (size_t i = 0; i < STATE_KEYS_MAX; i++)
		ck_assert(state_knows(&found, &keys[i]));
	pages_release(&pieces);
	/* One too many is counted, so that it can be reported. */
	ck_assert_uint_eq(write_state(&pieces, &more), 1);
	pages_release(&pieces);
}

TEST(has_no_keys_when_a_piece_is_missing_or_of_another_state)
{
	static struct state_key keys[3000];
	struct pages first = {0};
	struct pages second = {0};
	struct str mixed[2];
	SCOPED(state) struct state half = {0};
	SCOPED(state) struct state both = {0};

	fill_keys(keys, ARRAY_LEN(keys));
	write_keys(&first, keys, ARRAY_LEN(keys));
	write_keys(&second, keys + 1, ARRAY_LEN(keys) - 1);
	ck_assert_uint_eq(first.len, 2);
	ck_assert(read_pieces(&first, 1, &half));
	ck_assert_uint_eq(half.keys_len, 0);
	mixed[0] = buf_str(&first.items[0]);
	mixed[1] = buf_str(&second.items[1]);
	ck_assert(state_read(mixed, 2, STR_EMPTY, &both));
	ck_assert_uint_eq(both.keys_len, 0);
	pages_release(&first);
	pages_release(&second);
}

TEST(forgets_all_keys_before_it_loses_a_finding)
{
	static struct state_finding findings[STATE_FINDINGS_MAX + 1];
	struct state_key keys[2] = {{{1}}, {{2}}};
	struct pages pieces = {0};
	const struct state state = {
		.keys = keys,
		.keys_len = 2,
		.findings = findings,
		.findings_len = ARRAY_LEN(findings),
	};

	for (size_t i = 0; i < ARRAY_LEN(findings); i++)
		findings[i] = sample("0123456789abcdef");
	ck_assert_uint_eq(write_state(&pieces, &state), 2);
	pages_release(&pieces);
}

TEST(reads_nothing_hostile)
{
	static const char *const bodies[] = {
		"",
		"<!-- outcrop:state ",
		"<!-- outcrop:state  -->",
		"<!-- outcrop:state !!!! -->",
		"<!-- outcrop:state AAAA -->",
		"<!-- outcrop:state eJxLTi3OBAAESwGL -->",
	};
	struct state found = {0};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		ck_assert_msg(!state_read(&(struct str){bodies[i], strlen(bodies[i])}, 1, STR_EMPTY,
					  &found),
			      "%s", bodies[i]);
}

/* JSON of `size` bytes in a text as a comment holds it. */
static struct str packed(struct arena *arena, size_t size)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	uLongf len = compressBound((uLong)size);
	Bytef *bytes = arena_alloc(arena, len, 1);

	buf_add_text(&json, "{\"version\":2,\"junk\":[0");
	while (json.len < size)
		buf_add_text(&json, ",0");
	buf_add_text(&json, "]}");
	ck_assert_int_eq(compress2(bytes, &len, (const Bytef *)json.ptr, (uLong)json.len, 9), Z_OK);
	buf_add_text(&text, STATE_OPENING);
	base64_add(&text, str_of((const char *)bytes, len));
	buf_add_text(&text, STATE_CLOSING);
	return arena_str(arena, buf_str(&text));
}

TEST(does_not_inflate_a_bomb)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str body = packed(&arena, 8 << 20);
	struct state found = {0};
	struct mallinfo2 before;

	ck_assert_uint_le(body.len, 20000);
	before = mallinfo2();
	ck_assert(!state_read(&body, 1, STR_EMPTY, &found));
	ck_assert_uint_le(mallinfo2().uordblks, before.uordblks + (1 << 20));
}

TEST(belongs_to_its_place)
{
	const struct state_owner owner = {STR("o/r"), 1, STR("outcrop"), 100};
	const struct state_owner others[] = {
		{STR("o/q"), 1, STR("outcrop"), 100},
		{STR("o/r"), 2, STR("outcrop"), 100},
		{STR("o/r"), 1, STR("second"), 100},
		{STR("o/r"), 1, STR("outcrop"), 101},
	};
	const struct state state = {.owner = owner};
	struct pages pieces = {0};
	SCOPED(state) struct state found = {0};

	write_state(&pieces, &state);
	ck_assert(read_pieces(&pieces, 1, &found));
	ck_assert(found.whole);
	ck_assert(state_owner_eq(&found.owner, &owner));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		ck_assert(!state_owner_eq(&found.owner, &others[i]));
	pages_release(&pieces);
}

TEST(is_sealed_by_its_key_only)
{
	struct str keys[] = {STR("0123456789abcdef"), STR("0123456789abcdeF"), STR_EMPTY};
	struct state_key known[1] = {{{1}}};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		for (size_t j = 0; j < ARRAY_LEN(keys); j++) {
			const struct state state = {.key = keys[i], .keys = known, .keys_len = 1};
			struct pages pieces = {0};
			SCOPED(state) struct state found = {0};
			struct str body;

			write_state(&pieces, &state);
			body = buf_str(&pieces.items[0]);
			ck_assert(state_read(&body, 1, keys[j], &found));
			ck_assert_int_eq(found.sealed, i == j);
			ck_assert_uint_eq(found.keys_len, i == j);
			pages_release(&pieces);
		}
	}
}

TEST(refuses_wrong_ids_and_versions)
{
	struct pages pieces = {0};
	struct state_finding finding = sample("not-an-id-at-all");
	const struct state state = {.findings = &finding, .findings_len = 1};
	struct state found = {0};

	write_state(&pieces, &state);
	ck_assert(!read_pieces(&pieces, 1, &found));
	pages_release(&pieces);
}

/* The key of a deletion at the first or the second of two equal places. */
static struct state_key key_of_deletion(int start, bool with_text, const char *id)
{
	static const char twice[] = "{\na\nguard\nb\n}\n{\na\nguard\nb\n}\n";
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err = {0};

	buf_addf(&text,
		 "diff --git a/x.c b/x.c\nindex 1111111..%s 100644\n--- a/x.c\n+++ b/x.c\n"
		 "@@ -%d,5 +%d,4 @@\n {\n a\n-guard\n b\n }\n",
		 id, start, start);
	ck_assert_msg(diff_parse(buf_str(&text), &diff, &err), "%s", err.message);
	if (with_text)
		diff_file_set_places(&diff.files[0], str_from(twice));
	return state_key_of(&diff.files[0], STR("x"));
}

TEST(keys_differ_by_the_place_of_equal_changes)
{
	struct state_key first = key_of_deletion(1, true, "2222222");
	struct state_key second = key_of_deletion(6, true, "3333333");
	struct state_key rebased = key_of_deletion(1, true, "4444444");
	struct state_key blob = key_of_deletion(1, false, "2222222");
	struct state_key other_blob = key_of_deletion(6, false, "3333333");

	ck_assert(memcmp(&first, &second, sizeof(first)));
	ck_assert(!memcmp(&first, &rebased, sizeof(first)));
	ck_assert(memcmp(&blob, &other_blob, sizeof(blob)));
}

TEST(keys_differ_by_path_content_and_reviewers)
{
	const struct diff_file a = {.path = STR("a.c")};
	const struct diff_file b = {.path = STR("b.c")};
	struct state_key first = state_key_of(&a, STR("x"));
	struct state_key same = state_key_of(&a, STR("x"));
	struct state_key other_path = state_key_of(&b, STR("x"));
	struct state_key other_reviewers = state_key_of(&a, STR("y"));
	const struct diff_file executable = {
		.path = STR("a.c"), .old_mode = 0100644, .new_mode = 0100755};
	const struct diff_file stated = {
		.path = STR("a.c"), .old_mode = 0100644, .new_mode = 0100644};
	struct state_key other_mode = state_key_of(&executable, STR("x"));
	struct state_key same_mode = state_key_of(&stated, STR("x"));

	ck_assert(!memcmp(&first, &same, sizeof(first)));
	ck_assert(memcmp(&first, &other_path, sizeof(first)));
	ck_assert(memcmp(&first, &other_reviewers, sizeof(first)));
	ck_assert(memcmp(&first, &other_mode, sizeof(first)));
	ck_assert(!memcmp(&first, &same_mode, sizeof(first)));
}

TEST(a_state_that_another_version_wrote_keeps_its_digest)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str agents[] = {STR("security"), STR("architect")};
	struct state_key keys[] = {{{1, 2, 3}}, {{9, 9, 9}}};
	struct state_finding findings[] = {
		{.id = STR("0123456789abcdef"),
		 .path = STR("src/a.c"),
		 .title = STR("Title"),
		 .category = STR("bug"),
		 .body = STR("Listed in the summary."),
		 .severity = SEVERITY_HIGH,
		 .agents = {.items = agents, .len = ARRAY_LEN(agents)},
		 .line = 7,
		 .lines = 2,
		 .left = true},
		{.id = STR("fedcba9876543210"),
		 .path = STR("src/b.c"),
		 .body = STR("Left out: it is on its lines."),
		 .in_line = true,
		 .refused = true,
		 .dismissed = true,
		 .dismissed_by = STR("ann"),
		 .reason = STR("wanted")},
		{.id = STR("00000000000000ff"), .unverified = true, .pre_existing = true},
	};
	const struct state state = {
		.owner = {.repository = STR("o/r"),
			  .number = 5,
			  .reviewer = STR("outcrop"),
			  .comment = 11},
		.head = STR("0123456789012345678901234567890123456789"),
		.keys = keys,
		.keys_len = ARRAY_LEN(keys),
		.findings = findings,
		.findings_len = ARRAY_LEN(findings),
	};

	ck_assert_str_is(state_digest(&state, &arena),
			 STR("4c3bc637b7bc62d92172be8c912eb25c58da66cdb29c35246d57db6b769bf31b"));
}
