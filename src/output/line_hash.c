/* GitHub's rolling hash of a line, by which code scanning follows a result through changes. */
#include "output/line_hash.h"

#include "base/map.h"
#include "base/utf8.h"

enum { WINDOW = 100, FACTOR = 37, END_OF_FILE = 65535 };

/* The last WINDOW units, and which of them begins a line. */
struct rolling {
	struct arena *arena;
	uint64_t window[WINDOW];
	uint32_t starts[WINDOW]; /* the line that begins at that unit; 0: none */
	uint64_t hash;
	uint64_t first_factor; /* FACTOR to the power of WINDOW */
	size_t idx;
	uint32_t line;
	bool at_start, after_cr;
	struct map counts; /* hash as text -> how often, as int * */
	uint32_t wanted;
	struct str found;
};

/* The oldest unit of the window begins a line: the hash is that line's. */
static void emit(struct rolling *rolling)
{
	struct str text = arena_printf(rolling->arena, "%llx", (unsigned long long)rolling->hash);
	int *count = map_get(&rolling->counts, text);

	if (!count) {
		count = ARENA_NEW(rolling->arena, int);
		map_put(&rolling->counts, text, count);
	}
	++*count;
	if (rolling->starts[rolling->idx] == rolling->wanted)
		rolling->found = arena_printf(rolling->arena, "%.*s:%d", STR_ARG(text), *count);
	rolling->starts[rolling->idx] = 0;
}

static void push(struct rolling *rolling, uint64_t unit)
{
	uint64_t leaving = rolling->window[rolling->idx];

	rolling->window[rolling->idx] = unit;
	rolling->hash = rolling->hash * FACTOR + unit - rolling->first_factor * leaving;
	rolling->idx = (rolling->idx + 1) % WINDOW;
}

static void add_unit(struct rolling *rolling, uint64_t unit)
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

struct str sarif_line_hash(struct arena *arena, struct str file, uint32_t line)
{
	struct rolling rolling = {
		.arena = arena, .first_factor = 1, .at_start = true, .wanted = line};
	uint32_t c;

	for (int i = 0; i < WINDOW; i++)
		rolling.first_factor *= FACTOR;
	while (utf8_next(&file, &c)) {
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
	map_release(&rolling.counts);
	return rolling.found;
}
