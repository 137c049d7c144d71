/* The bodies of requests in progress: a common prefix is stored once. */
#include "bedrock/shared_body.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { STEP = 64 };

struct shared_start {
	struct shared_start **last; /* points to it while it is the newest */
	struct buf text;
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

static struct shared_start *new_start(struct buf *text, struct shared_start **last)
{
	struct shared_start *start = NEW(struct shared_start);

	buf_trim(text);
	start->text = *text;
	buf_init(text, text->max);
	start->last = last;
	*last = start;
	return start;
}

void shared_body_take(struct shared_body *body, struct buf *text, struct shared_start **last)
{
	size_t len = text->len;
	size_t common = *last ? common_len(buf_str(&(*last)->text), buf_str(text)) : 0;
	struct str end = str_skip(buf_str(text), common);

	if (common < len / 2 || !*last) {
		*body = (struct shared_body){.start = new_start(text, last)};
		body->begin = buf_str(&body->start->text);
	} else {
		*body = (struct shared_body){.start = *last,
					     .begin = str_slice(buf_str(&(*last)->text), 0, common),
					     .end = BUF_INIT};
		buf_add(&body->end, end);
		buf_release(text);
	}
	body->start->users++;
}

static void start_leave(struct shared_start *start)
{
	if (--start->users)
		return;
	if (*start->last == start)
		*start->last = NULL;
	buf_release(&start->text);
	free(start);
}

void shared_body_release(struct shared_body *body)
{
	if (!body || !body->start)
		return;
	start_leave(body->start);
	buf_release(&body->end);
	*body = (struct shared_body){0};
}
