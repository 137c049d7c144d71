/* The bodies of requests under way: a common beginning is stored once. */
#include "bedrock/shared_body.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "value/json_texts.h"

enum { STEP = 64 };

struct shared_start {
	struct buf text;
	struct sha256_start
		*hashed; /* of the beginning that all others share; NULL: there is no other */
	size_t hashed_len;
	size_t users;
};

static size_t common_len(struct str a, struct str b)
{
	size_t max = MIN_OF(a.len, b.len);
	size_t len = 0;

	while (max - len >= STEP && memcmp(a.ptr + len, b.ptr + len, STEP) == 0)
		len += STEP;
	while (len < max && a.ptr[len] == b.ptr[len])
		len++;
	return len;
}

static struct shared_start *new_start(struct buf *text, struct shared_starts *starts)
{
	struct shared_start *start = NEW(struct shared_start);

	buf_trim(text);
	start->text = *text;
	buf_init(text, text->max);
	memmove(starts->items + 1, starts->items,
		(SHARED_STARTS_MAX - 1) * sizeof(starts->items[0]));
	starts->items[0] = start;
	return start;
}

static void forget_start(struct shared_starts *starts, const struct shared_start *start)
{
	size_t len = 0;

	for (size_t i = 0; i < SHARED_STARTS_MAX; i++) {
		if (starts->items[i] && starts->items[i] != start)
			starts->items[len++] = starts->items[i];
	}
	while (len < SHARED_STARTS_MAX)
		starts->items[len++] = NULL;
}

/* The start that saves most of the text, and how much; NULL when none saves half of it. */
static struct shared_start *find_start(const struct shared_starts *starts, struct str text,
				       size_t *common)
{
	struct shared_start *found = NULL;

	*common = 0;
	for (size_t i = 0; i < SHARED_STARTS_MAX && starts->items[i]; i++) {
		size_t len = common_len(buf_str(&starts->items[i]->text), text);

		if (len > *common && len >= text.len / 2) {
			*common = len;
			found = starts->items[i];
		}
	}
	return found;
}

/* What all bodies share gets shorter a few times, then hardly ever. */
static struct sha256 digest_of(struct shared_start *start, struct str begin, struct str end)
{
	if (!start->hashed || start->hashed_len > begin.len) {
		sha256_start_free(start->hashed);
		start->hashed = sha256_start_new(begin);
		start->hashed_len = begin.len;
	}
	return sha256_of_rest(start->hashed, str_skip(begin, start->hashed_len), end);
}

static void take(struct shared_body *body, struct buf *text, struct shared_starts *starts)
{
	size_t common;
	struct str whole = buf_str(text);

	body->start = find_start(starts, whole, &common);
	if (!body->start) {
		body->start = new_start(text, starts);
		body->begin = buf_str(&body->start->text);
		body->digest = sha256_of(body->begin);
	} else {
		body->begin = str_slice(buf_str(&body->start->text), 0, common);
		buf_add(&body->end, str_skip(whole, common));
		body->digest = digest_of(body->start, body->begin, buf_str(&body->end));
	}
	body->start->users++;
}

void shared_body_write(struct shared_body *body, const struct value *tree,
		       struct shared_starts *starts)
{
	struct buf text;

	*body = (struct shared_body){.starts = starts, .end = BUF_INIT};
	if (!starts->bodies++) {
		starts->texts = json_texts_new();
		buf_init(&starts->room, BUF_SIZE_MAX);
	}
	/* Others may write theirs between two steps of this one. */
	text = starts->room;
	buf_init(&starts->room, text.max);
	json_write_next(&text, tree, starts->texts);
	take(body, &text, starts);
	buf_reset(&text);
	buf_release(&starts->room);
	starts->room = text;
}

static void leave_start(struct shared_starts *starts, struct shared_start *start)
{
	if (--start->users)
		return;
	forget_start(starts, start);
	sha256_start_free(start->hashed);
	buf_release(&start->text);
	free(start);
}

void shared_body_release(struct shared_body *body)
{
	if (!body || !body->starts)
		return;
	leave_start(body->starts, body->start);
	if (!--body->starts->bodies) {
		json_texts_free(body->starts->texts);
		buf_release(&body->starts->room);
		*body->starts = (struct shared_starts){0};
	}
	buf_release(&body->end);
	*body = (struct shared_body){0};
}
