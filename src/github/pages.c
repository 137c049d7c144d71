/* Lists of GitHub: page by page, and whole ones several pages at a time. */
#include "base/log.h"
#include "github/answer.h"
#include "github/github.h"

/* Pages of a whole list that are fetched at a time. */
enum { PAGES_AHEAD = 4 };

static bool check_list(struct str path, const struct value *json, struct error *err)
{
	return value_is(json, VALUE_ARRAY) ||
	       error_set(err, ERROR_PROTOCOL, "GET %.*s: the answer is not a list", STR_ARG(path));
}

static bool too_many(struct str path, struct error *err)
{
	return error_set(err, ERROR_LIMIT, "GET %.*s: more than %d pages", STR_ARG(path),
			 GITHUB_PAGES_MAX);
}

bool github_pages(struct github *github, struct str path, github_page *take, void *ctx,
		  struct error *err)
{
	struct github_call call = {.method = "GET", .path = path};
	SCOPED(arena) struct arena even = ARENA_INIT;
	SCOPED(arena) struct arena odd = ARENA_INIT;
	bool more = true;

	for (int page = 0; more && call.path.len; page++) {
		struct github_answer answer = {0};
		/* The path of a page is in the page before it. */
		struct arena *arena = page % 2 ? &odd : &even;

		if (page == GITHUB_PAGES_MAX)
			return too_many(path, err);
		arena_release(arena);
		if (!github_send(github, &call, arena, &answer, err) ||
		    !check_list(path, answer.json, err) || !take(ctx, answer.json, &more, err))
			return false;
		call.path = answer.next;
	}
	return true;
}

/* ---- Whole lists ---- */

/* One page, which a task fetches. */
struct fetch {
	struct github *github;
	struct str path; /* in the arena */
	struct arena arena;
	struct github_answer answer;
	struct error err; /* if not ok */
	bool ok;
	struct latch ended;
};

/* The pages that are fetched or wait to be taken, in their order. */
struct fetches {
	struct github *github;
	struct group group;
	struct fetch items[PAGES_AHEAD + 1]; /* a ring */
	size_t first, len;
	/* The addresses of numbered pages: what surrounds the number, the next one, and the last one. */
	struct arena arena;
	struct str before, after;
	int64_t next, last;
};

static void fetch_task(void *arg)
{
	struct fetch *fetch = arg;
	struct github_call call = {.method = "GET", .path = fetch->path};

	fetch->ok = github_send(fetch->github, &call, &fetch->arena, &fetch->answer, &fetch->err);
	latch_open(&fetch->ended);
}

static void start(struct fetches *fetches, struct str path)
{
	size_t idx = (fetches->first + fetches->len) % ARRAY_LEN(fetches->items);
	struct fetch *fetch = &fetches->items[idx];

	assert(fetches->len < ARRAY_LEN(fetches->items));
	*fetch = (struct fetch){.github = fetches->github};
	fetch->path = arena_str(&fetch->arena, path);
	latch_init(&fetch->ended, loop_current());
	fetches->len++;
	group_spawn(&fetches->group, log_flow(), fetch_task, fetch);
}

static void drop_first(struct fetches *fetches)
{
	arena_release(&fetches->items[fetches->first].arena);
	fetches->first = (fetches->first + 1) % ARRAY_LEN(fetches->items);
	fetches->len--;
}

static void drop_all(struct fetches *fetches)
{
	group_release(&fetches->group);
	while (fetches->len)
		drop_first(fetches);
	arena_release(&fetches->arena);
}

/* Divides "...?per_page=60&page=2&x" at the page's number. */
static bool find_number(struct str url, struct str *before, int64_t *number, struct str *after)
{
	const struct str name = STR("page=");
	ptrdiff_t at = str_find(url, name, 0);
	size_t end;

	while (at > 0 && url.ptr[at - 1] != '?' && url.ptr[at - 1] != '&')
		at = str_find(url, name, (size_t)at + 1);
	if (at <= 0)
		return false;
	*before = str_slice(url, 0, (size_t)at + name.len);
	end = before->len;
	while (end < url.len && url.ptr[end] >= '0' && url.ptr[end] <= '9')
		end++;
	*after = str_skip(url, end);
	return str_to_int64(str_slice(url, before->len, end - before->len), number);
}

/* Learns from the first page how the others are numbered, if GitHub says so. */
static void learn_numbers(struct fetches *fetches, const struct github_answer *first)
{
	struct str before, after, last_before, last_after;
	int64_t next, last;

	if (!find_number(first->next, &before, &next, &after) ||
	    !find_number(first->last, &last_before, &last, &last_after) ||
	    !str_eq(before, last_before) || !str_eq(after, last_after) || next != 2 ||
	    last > GITHUB_PAGES_MAX)
		return;
	fetches->before = arena_str(&fetches->arena, before);
	fetches->after = arena_str(&fetches->arena, after);
	fetches->next = next;
	fetches->last = last;
}

/* Starts pages behind the first of the ring, whose answer is there: by their numbers, or the one that it names. */
static void start_more(struct fetches *fetches, const struct github_answer *answer)
{
	if (!answer->next.len) {
		fetches->next = fetches->last = 0;
		return;
	}
	for (; fetches->last && fetches->next <= fetches->last && fetches->len <= PAGES_AHEAD;
	     fetches->next++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;

		start(fetches, arena_printf(&arena, "%.*s%lld%.*s", STR_ARG(fetches->before),
					    (long long)fetches->next, STR_ARG(fetches->after)));
	}
	if (fetches->len == 1)
		start(fetches, answer->next);
}

/* Waits for the first page of the ring, and lets those that are started behind it be sent. */
static bool wait_for_first(struct fetches *fetches, bool is_first, struct error *err)
{
	struct fetch *fetch = &fetches->items[fetches->first];

	if (!latch_wait(&fetch->ended, err))
		return false;
	if (!fetch->ok) {
		*err = fetch->err;
		return false;
	}
	if (is_first)
		learn_numbers(fetches, &fetch->answer);
	start_more(fetches, &fetch->answer);
	return fetches->len == 1 || task_yield(err);
}

static bool take_all(struct fetches *fetches, struct str path, github_page *take, void *ctx,
		     struct error *err)
{
	bool more = true;

	start(fetches, path);
	for (int page = 0; more; page++) {
		const struct fetch *fetch = &fetches->items[fetches->first];

		if (page == GITHUB_PAGES_MAX)
			return too_many(path, err);
		if (!wait_for_first(fetches, page == 0, err) ||
		    !check_list(path, fetch->answer.json, err) ||
		    !take(ctx, fetch->answer.json, &more, err))
			return false;
		/* A list that became shorter ends earlier than it said. */
		more = more && fetch->answer.next.len;
		drop_first(fetches);
	}
	return true;
}

bool github_pages_ahead(struct github *github, struct str path, github_page *take, void *ctx,
			struct error *err)
{
	struct fetches fetches = {.github = github};
	bool ok;

	group_init(&fetches.group, task_group());
	ok = take_all(&fetches, path, take, ctx, err);
	drop_all(&fetches);
	return ok;
}

struct whole_list {
	struct str path;
	size_t items_max;
	struct arena *arena;
	struct value *items;
};

static bool take_items(void *ctx, const struct value *page, bool *more, struct error *err)
{
	struct whole_list *list = ctx;

	(void)more;
	for (size_t i = 0; i < value_len(page); i++) {
		if (value_len(list->items) == list->items_max)
			return error_set(err, ERROR_LIMIT, "GET %.*s: more than %zu items",
					 STR_ARG(list->path), list->items_max);
		value_append(list->arena, list->items, value_copy(list->arena, value_at(page, i)));
	}
	return true;
}

bool github_list(struct github *github, struct str path, size_t items_max, struct arena *arena,
		 struct value **items, struct error *err)
{
	struct whole_list list = {
		.path = path,
		.items_max = items_max,
		.arena = arena,
		.items = value_array(arena),
	};

	if (!github_pages_ahead(github, path, take_items, &list, err))
		return false;
	*items = list.items;
	return true;
}
