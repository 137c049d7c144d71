/* Groups dismissed findings by agent, category and folder: the kinds that people here do not want. */
#include "eval/lessons.h"

#include <stdlib.h>

static struct str folder_of(struct str path)
{
	ptrdiff_t slash = str_rfind_char(path, '/');

	return str_slice(path, 0, (size_t)(slash + 1));
}

static bool is_dismissed(const struct outcome *outcome)
{
	return outcome->dismissed || outcome->down > 0;
}

static struct lesson *find_lesson(struct lessons *lessons, const struct outcome *outcome,
				  struct str agent)
{
	struct str folder = folder_of(outcome->path);

	for (size_t i = 0; i < lessons->len; i++) {
		struct lesson *lesson = &lessons->items[i];

		if (str_eq(lesson->agent, agent) && str_eq(lesson->folder, folder) &&
		    str_eq(lesson->category, outcome->category))
			return lesson;
	}
	lessons->items[lessons->len] =
		(struct lesson){.agent = agent, .category = outcome->category, .folder = folder};
	return &lessons->items[lessons->len++];
}

static void add_example(struct arena *arena, struct strings *examples, struct str text)
{
	if (!text.len || examples->len == LESSON_EXAMPLES_MAX)
		return;
	if (!examples->items)
		examples->items = ARENA_ARRAY(arena, struct str, LESSON_EXAMPLES_MAX);
	if (!strings_have(examples, text))
		examples->items[examples->len++] = text;
}

static void count(struct arena *arena, struct lessons *lessons, const struct outcome *outcome,
		  struct str agent)
{
	struct lesson *lesson = find_lesson(lessons, outcome, agent);

	lesson->posted++;
	lesson->changed += outcome->lines_changed > 0;
	if (!is_dismissed(outcome))
		return;
	lesson->dismissed++;
	add_example(arena, &lesson->titles, outcome->title);
	add_example(arena, &lesson->reasons, outcome->reason);
}

static int compare_lessons(const void *a, const void *b)
{
	const struct lesson *first = a;
	const struct lesson *second = b;
	int order;

	if (first->dismissed != second->dismissed)
		return first->dismissed > second->dismissed ? -1 : 1;
	if (first->posted != second->posted)
		return first->posted < second->posted ? -1 : 1;
	order = str_cmp(first->agent, second->agent);
	if (!order)
		order = str_cmp(first->category, second->category);
	return order ? order : str_cmp(first->folder, second->folder);
}

struct lessons lessons_make(struct arena *arena, const struct outcomes *outcomes)
{
	const struct outcome *findings = outcomes->findings.items;
	struct lessons lessons = {0};
	size_t max = 1;
	size_t kept = 0;

	for (size_t i = 0; i < outcomes->findings.len; i++)
		max += MAX_OF(findings[i].agents.len, (size_t)1);
	lessons.items = ARENA_ARRAY(arena, struct lesson, max);
	for (size_t i = 0; i < outcomes->findings.len; i++) {
		if (!findings[i].agents.len)
			count(arena, &lessons, &findings[i], STR_EMPTY);
		for (size_t j = 0; j < findings[i].agents.len; j++)
			count(arena, &lessons, &findings[i], findings[i].agents.items[j]);
	}
	for (size_t i = 0; i < lessons.len; i++) {
		if (lessons.items[i].dismissed)
			lessons.items[kept++] = lessons.items[i];
	}
	lessons.len = kept;
	qsort(lessons.items, lessons.len, sizeof(*lessons.items), compare_lessons);
	lessons.len = MIN_OF(lessons.len, (size_t)LESSONS_MAX);
	return lessons;
}

/* ---- Files ---- */

static const struct field lesson_rows[] = {
	FIELD(lesson, agent, "agent", FIELD_STRING),
	FIELD(lesson, category, "category", FIELD_STRING),
	FIELD(lesson, folder, "folder", FIELD_STRING),
	FIELD(lesson, posted, "posted", FIELD_INT),
	FIELD(lesson, dismissed, "dismissed", FIELD_INT),
	FIELD(lesson, changed, "changed", FIELD_INT),
	FIELD(lesson, titles, "titles", FIELD_STRINGS),
	FIELD(lesson, reasons, "reasons", FIELD_STRINGS),
};
static const struct fields lesson_fields = TABLE(lesson, "a kind of finding", lesson_rows);

/* The list as a member, since a table describes an object. */
struct lesson_file {
	struct list lessons;
};
static const struct field file_rows[] = {
	NESTED(lesson_file, lessons, "lessons", FIELD_LIST, lesson_fields),
};
static const struct fields file_fields = TABLE(lesson_file, "lessons", file_rows);

struct value *lessons_value(struct arena *arena, const struct lessons *lessons)
{
	struct lesson_file file = {.lessons = {.items = lessons->items, .len = lessons->len}};

	return value_get(fields_encode(arena, &file_fields, &file), "lessons");
}
