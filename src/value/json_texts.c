/* Long texts that were written before, step by step, so that each step can be compared and copied. */
#include "value/json_texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "value/json_escape.h"

enum { TEXTS = 8, STEP = 256, STEPS_MAX = 256 };

/* Where a step ends, in both forms. */
struct step_end {
	uint32_t text, written;
};

struct known_text {
	struct buf text, written;
	struct step_end ends[STEPS_MAX];
	size_t steps;
	uint64_t used; /* when, counted in uses */
};

struct json_texts {
	struct known_text *items[TEXTS]; /* NULL: there is room */
	uint64_t uses;
};

struct json_texts *json_texts_new(void)
{
	return NEW(struct json_texts);
}

static void forget(struct known_text *known)
{
	if (!known)
		return;
	buf_release(&known->text);
	buf_release(&known->written);
	free(known);
}

void json_texts_free(struct json_texts *texts)
{
	if (!texts)
		return;
	for (size_t i = 0; i < TEXTS; i++)
		forget(texts->items[i]);
	free(texts);
}

/* How many steps of it `text` begins with. */
static size_t steps_alike(const struct known_text *known, struct str text)
{
	uint32_t start = 0;
	size_t alike = 0;

	for (; alike < known->steps; alike++) {
		uint32_t end = known->ends[alike].text;

		if (end > text.len ||
		    memcmp(known->text.ptr + start, text.ptr + start, end - start) != 0)
			break;
		start = end;
	}
	return alike;
}

/* The length of the next step: it ends between two characters. */
static size_t step_len(struct str rest)
{
	size_t len = MIN_OF(rest.len, (size_t)STEP);

	while (len > 1 && len < rest.len && ((unsigned char)rest.ptr[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static struct known_text *learn(struct str text)
{
	struct known_text *known = NEW(struct known_text);
	struct str rest = text;

	buf_init(&known->text, BUF_SIZE_MAX);
	buf_init(&known->written, BUF_SIZE_MAX);
	while (rest.len && known->steps < STEPS_MAX) {
		size_t len = step_len(rest);

		json_escape(&known->written, str_slice(rest, 0, len));
		rest = str_skip(rest, len);
		known->ends[known->steps++] = (struct step_end){(uint32_t)(text.len - rest.len),
								(uint32_t)known->written.len};
	}
	buf_add(&known->text, str_slice(text, 0, text.len - rest.len));
	return known;
}

/* Its place is that of the text that was of no use for longest. */
static struct known_text *remember(struct json_texts *texts, struct str text)
{
	size_t oldest = 0;

	for (size_t i = 0; i < TEXTS && texts->items[oldest]; i++) {
		if (!texts->items[i] || texts->items[i]->used < texts->items[oldest]->used)
			oldest = i;
	}
	forget(texts->items[oldest]);
	texts->items[oldest] = learn(text);
	return texts->items[oldest];
}

static struct known_text *find(const struct json_texts *texts, struct str text, size_t *steps)
{
	struct known_text *found = NULL;

	*steps = 0;
	for (size_t i = 0; i < TEXTS && texts->items[i]; i++) {
		size_t alike = steps_alike(texts->items[i], text);

		if (alike > *steps) {
			*steps = alike;
			found = texts->items[i];
		}
	}
	return found;
}

void json_texts_write(struct json_texts *texts, struct buf *buf, struct str text)
{
	size_t steps;
	struct known_text *known = find(texts, text, &steps);

	if (!known || known->ends[steps - 1].text < text.len / 2) {
		known = remember(texts, text);
		steps = known->steps;
	}
	known->used = ++texts->uses;
	buf_add(buf, str_slice(buf_str(&known->written), 0, known->ends[steps - 1].written));
	json_escape(buf, str_skip(text, known->ends[steps - 1].text));
}
