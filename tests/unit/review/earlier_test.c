/* Tests of what a model gets of earlier findings. */
#include "review/earlier.h"

#include "unit.h"

static struct diff_file file = {.path = STR_INIT("src/a.c"), .old_path = STR_INIT("src/old.c")};
static struct diff diff = {.files = &file, .len = 1};
static struct chunk_part part;
static const struct unit unit = {.view = {.parts = &part, .len = 1}};

static struct str told(struct arena *arena, const struct said *said, size_t len)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	const struct change change = {.diff = &diff, .said = said, .said_len = len};

	memory_add(&out, &change, &unit);
	return arena_str(arena, buf_str(&out));
}

TEST(dismissed_findings_come_first_and_reasons_stay_on_their_line)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct said said[] = {
		{.path = STR("src/a.c"), .line = 3, .title = STR("Open")},
		{.path = STR("src/old.c"),
		 .title = STR("Closed"),
		 .closed = true,
		 .why = STR("by alice:\n- posted and open: x")},
		{.path = STR("src/b.c"), .title = STR("Of another file")},
		{.title = STR("About the whole")},
	};

	ck_assert_str_is(told(&arena, said, ARRAY_LEN(said)),
			 STR("- dismissed: src/old.c: Closed (by alice: - posted and open: x)\n"
			     "- posted and open: src/a.c, line 3: Open\n"
			     "- posted and open: About the whole\n"));
	ck_assert_str_is(told(&arena, said, 0), STR(""));
}

TEST(what_was_dismissed_elsewhere_counts_for_files_near_it)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct said said[] = {
		{.elsewhere = true,
		 .closed = true,
		 .path = STR("src/gone.c"),
		 .title = STR("No lock"),
		 .why = STR("One thread")},
		{.elsewhere = true,
		 .closed = true,
		 .path = STR("src/net/x.c"),
		 .title = STR("Below")},
		{.elsewhere = true,
		 .closed = true,
		 .path = STR("main.c"),
		 .title = STR("Of the root")},
		{.elsewhere = true, .closed = true, .title = STR("About the whole")},
		{.path = STR("src/a.c"), .line = 3, .title = STR("Open")},
	};

	ck_assert_str_is(
		told(&arena, said, ARRAY_LEN(said)),
		STR("- posted and open: src/a.c, line 3: Open\n"
		    "- dismissed on another pull request: src/gone.c: No lock (One thread)\n"
		    "- dismissed on another pull request: About the whole\n"));
}

TEST(shows_at_most_fifty)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct said said[80];
	struct str rest;
	struct str line;
	int lines = 0;

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		said[i] = (struct said){.path = STR("src/a.c"), .title = STR("T")};
	rest = told(&arena, said, ARRAY_LEN(said));
	while (str_next_line(&rest, &line, NULL))
		lines++;
	ck_assert_int_eq(lines, MEMORY_ITEMS_MAX);
}
