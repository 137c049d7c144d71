/* Fuzzes what the engine does with a change and with a streamed answer: rules, chunks, titles. */
#include <stdlib.h>

#include "agent/config.h"
#include "redact/redact.h"
#include "review/chunk.h"
#include "review/chunk_text.h"
#include "review/redacted.h"
#include "review/rules.h"
#include "review/scan.h"
#include "review/seen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each line of the files is in a chunk, and every part is within its hunk. */
static void check_chunks(const struct diff *diff, const struct chunks *chunks, size_t lines)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	size_t covered = 0;

	for (size_t i = 0; i < chunks->len; i++) {
		for (size_t j = 0; j < chunks->items[i].len; j++) {
			const struct chunk_part *part = &chunks->items[i].parts[j];
			if (part->first + part->count >
			    diff->files[part->file].hunks[part->hunk].len)
				abort();
			covered += part->count;
		}
		chunk_render(&text, diff, &chunks->items[i], NULL);
	}
	if (covered < lines)
		abort();
}

static void pack(const struct diff *diff, size_t tokens)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct rules rules = {0};
	uint32_t *files = ARENA_ARRAY(&arena, uint32_t, diff->len + 1);
	size_t len = 0;
	size_t lines = 0;

	for (size_t i = 0; i < diff->len; i++) {
		if (rules_judge(&rules, &diff->files[i], &arena).skip)
			continue;
		files[len++] = (uint32_t)i;
		for (size_t j = 0; j < diff->files[i].len; j++)
			lines += diff->files[i].hunks[j].len;
	}
	struct chunks chunks = chunks_pack(&arena, diff, files, len, tokens);
	check_chunks(diff, &chunks, lines);
}

static void note(void *ctx, struct str title)
{
	size_t *longest = ctx;

	*longest = MAX_OF(*longest, title.len);
}

/* An answer has no secret, neither as it is nor as a comment shows it. */
static void check_answer(struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf seen = BUF_INIT;
	SCOPED(buf) struct buf none = BUF_INIT;
	size_t replaced = 0;
	struct str answer = answer_redact(&arena, text, &replaced);

	seen_add(&seen, answer);
	if (redact_add(&none, answer) || redact_add(&none, buf_str(&seen)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct diff diff = {0};
	struct diff clean = {0};
	struct error err = {0};
	size_t longest = 0;
	struct scan scan = {.title = note, .ctx = &longest};

	for (size_t i = 0; i < size; i += 7)
		scan_add(&scan, str_slice(text, i, 7));
	if (longest > SCAN_TEXT_MAX)
		abort();
	check_answer(text);
	if (!diff_parse(text, &diff, &err))
		return 0;
	diff_redact(&clean, &diff);
	pack(&clean, CHUNK_TOKENS_MIN);
	pack(&clean, CHUNK_TOKENS_DEFAULT);
	diff_release(&clean);
	diff_release(&diff);
	return 0;
}
