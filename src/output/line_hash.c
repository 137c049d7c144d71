/* GitHub's rolling hash of a line, by which code scanning follows a result through changes. */
#include "output/line_hash.h"

#include <stdlib.h>

#include "base/breathe.h"
#include "base/utf8.h"

enum { WINDOW = 100, FACTOR = 37, END_OF_FILE = 65535, BREATHE_UNITS = 1 << 16 };

/* The last WINDOW units, and which of them begins a line. */
struct rolling_hash {
	uint64_t window[WINDOW];
	uint32_t starts[WINDOW]; /* the line that begins at that unit; 0: none */
	uint64_t hash;
	uint64_t first_factor; /* FACTOR to the power of WINDOW */
	size_t idx;
	uint32_t line;
	bool at_start, after_cr;
	void (*emit)(void *ctx, uint32_t line, uint64_t hash); /* for each line, in order */
	void *ctx;
};

/* The oldest unit of the window begins a line: the hash is that line's. */
static void emit(struct rolling_hash *rolling)
{
	rolling->emit(rolling->ctx, rolling->starts[rolling->idx], rolling->hash);
	rolling->starts[rolling->idx] = 0;
}

static void push(struct rolling_hash *rolling, uint64_t unit)
{
	uint64_t leaving = rolling->window[rolling->idx];

	rolling->window[rolling->idx] = unit;
	rolling->hash = rolling->hash * FACTOR + unit - rolling->first_factor * leaving;
	rolling->idx = (rolling->idx + 1) % WINDOW;
}

static void add_unit(struct rolling_hash *rolling, uint64_t unit)
{
	bool skip = unit == ' ' || unit == '\t' || (rolling->after_cr && unit == '\n');

	rolling->after_cr = !skip && unit == '\r';
	if (skip)
		return;
	if (unit == '\r')
		unit = '\n';
	if (rolling->starts[rolling->idx])
		emit(rolling);
	if (rolling->at_start)
		rolling->starts[rolling->idx] = ++rolling->line;
	rolling->at_start = unit == '\n';
	push(rolling, unit);
}

static void roll(struct str file, void (*each)(void *ctx, uint32_t line, uint64_t hash), void *ctx)
{
	struct rolling_hash rolling = {
		.first_factor = 1, .at_start = true, .emit = each, .ctx = ctx};
	size_t units = 0;
	uint32_t c;

	for (int i = 0; i < WINDOW; i++)
		rolling.first_factor *= FACTOR;
	while (utf8_next(&file, &c)) {
		if (++units % BREATHE_UNITS == 0)
			breathe();
		if (c >= 0x10000) {
			add_unit(&rolling, 0xd800 + ((c - 0x10000) >> 10));
			add_unit(&rolling, 0xdc00 + ((c - 0x10000) & 0x3ff));
		} else {
			add_unit(&rolling, c);
		}
	}
	add_unit(&rolling, END_OF_FILE);
	for (int i = 0; i < WINDOW; i++) {
		if (rolling.starts[rolling.idx])
			emit(&rolling);
		push(&rolling, 0);
	}
}

/* ---- The lines that are wanted ---- */

/* Wanted lines in their order, and how often each of their hashes has come so far. */
struct wanted {
	struct arena *arena;
	struct line_hash **lines;
	size_t len;
	size_t next;
	struct hash_count {
		uint64_t hash;
		uint32_t count;
	} *counters; /* sorted, each hash once */
	size_t counters_len;
};

static int compare_lines(const void *a, const void *b)
{
	uint32_t first = (*(struct line_hash *const *)a)->line;
	uint32_t second = (*(struct line_hash *const *)b)->line;

	return first < second ? -1 : first > second;
}

static int compare_counters(const void *a, const void *b)
{
	uint64_t first = ((const struct hash_count *)a)->hash;
	uint64_t second = ((const struct hash_count *)b)->hash;

	return first < second ? -1 : first > second;
}

static void note_hash(void *ctx, uint32_t line, uint64_t hash)
{
	struct wanted *wanted = ctx;

	for (; wanted->next < wanted->len && wanted->lines[wanted->next]->line == line;
	     wanted->next++)
		wanted->counters[wanted->next].hash = hash;
}

static void count_hash(void *ctx, uint32_t line, uint64_t hash)
{
	struct wanted *wanted = ctx;
	const struct hash_count key = {.hash = hash};
	struct hash_count *counter = bsearch(&key, wanted->counters, wanted->counters_len,
					     sizeof(*wanted->counters), compare_counters);

	if (!counter)
		return;
	counter->count++;
	for (; wanted->next < wanted->len && wanted->lines[wanted->next]->line == line;
	     wanted->next++)
		wanted->lines[wanted->next]->text = arena_printf(
			wanted->arena, "%llx:%u", (unsigned long long)hash, counter->count);
}

/* Equal hashes share the first of their counters, which bsearch() then cannot miss. */
static size_t drop_equal(struct hash_count *counters, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++) {
		if (!kept || counters[kept - 1].hash != counters[i].hash)
			counters[kept++] = counters[i];
	}
	return kept;
}

void line_hashes(struct arena *arena, struct str file, struct line_hash **lines, size_t len)
{
	struct wanted wanted = {.arena = arena, .lines = lines, .len = len};

	qsort(lines, len, sizeof(*lines), compare_lines);
	for (; wanted.len && !wanted.lines[0]->line; wanted.len--)
		wanted.lines++;
	wanted.counters = ARENA_ARRAY(arena, struct hash_count, len + 1);
	roll(file, note_hash, &wanted);
	wanted.len = wanted.next; /* the others are beyond the file's end */
	qsort(wanted.counters, wanted.len, sizeof(*wanted.counters), compare_counters);
	wanted.counters_len = drop_equal(wanted.counters, wanted.len);
	wanted.next = 0;
	roll(file, count_hash, &wanted);
}

struct str sarif_line_hash(struct arena *arena, struct str file, uint32_t line)
{
	struct line_hash wanted = {.line = line};
	struct line_hash *lines[] = {&wanted};

	line_hashes(arena, file, lines, 1);
	return wanted.text;
}
