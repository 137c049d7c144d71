/* Diagnostics, collected, sorted and shown. */
#include "value/problems.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/log.h"

void problems_release(struct problems *problems)
{
	if (!problems)
		return;
	VEC_RELEASE(problems);
	arena_release(&problems->arena);
	problems->errors = 0;
}

/* A copy that is safe to print: names and keys in a message come from untrusted files. */
static struct str copy_escaped(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf escaped = BUF_INIT;

	log_escape(&escaped, text);
	return arena_str(arena, buf_str(&escaped));
}

void problem_vadd(struct problems *problems, struct str file, struct position at,
		  enum problem_level level, const char *fmt, va_list args)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (level == PROBLEM_ERROR)
		problems->errors++;
	if (problems->len >= PROBLEMS_MAX)
		return;
	buf_vaddf(&text, fmt, args);
	VEC_PUSH(problems, (struct problem){
				   .file = copy_escaped(&problems->arena, file),
				   .at = at,
				   .level = level,
				   .text = copy_escaped(&problems->arena, buf_str(&text)),
			   });
}

void problem_add(struct problems *problems, struct str file, struct position at,
		 enum problem_level level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	problem_vadd(problems, file, at, level, fmt, args);
	va_end(args);
}

static int compare(const void *a, const void *b)
{
	const struct problem *const *left = a;
	const struct problem *const *right = b;
	int order = str_cmp((*left)->file, (*right)->file);

	if (!order)
		order = (*left)->at.line - (*right)->at.line;
	if (!order)
		order = (*left)->at.column - (*right)->at.column;
	if (!order)
		order = *left < *right ? -1 : *left > *right;
	return order;
}

static void write_place(struct buf *out, const struct problem *problem)
{
	/* A runner reads a line that begins with "::" as a command. */
	if (str_starts(problem->file, STR("::")))
		buf_add_text(out, "./");
	buf_add(out, problem->file);
	if (problem->at.line)
		buf_addf(out, ":%d:%d", problem->at.line, problem->at.column);
	buf_add_text(out, ": ");
}

void problems_write(struct problems *problems, struct buf *out)
{
	const struct problem **sorted = NEW_ARRAY(const struct problem *, problems->len);

	for (size_t i = 0; i < problems->len; i++)
		sorted[i] = &problems->items[i];
	qsort(sorted, problems->len, sizeof(sorted[0]), compare);
	for (size_t i = 0; i < problems->len; i++) {
		write_place(out, sorted[i]);
		buf_add_text(out, sorted[i]->level == PROBLEM_ERROR ? "error: " : "warning: ");
		buf_add(out, sorted[i]->text);
		buf_add_char(out, '\n');
	}
	free(sorted);
}

bool problems_error(const struct problems *problems, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	const struct problem *first = NULL;

	for (size_t i = 0; i < problems->len; i++) {
		const struct problem *problem = &problems->items[i];

		if (problem->level == PROBLEM_ERROR && (!first || compare(&problem, &first) < 0))
			first = problem;
	}
	if (!first)
		return error_set(err, ERROR_CONFIG, "%zu problems", problems->errors);
	write_place(&text, first);
	buf_add(&text, first->text);
	if (problems->errors > 1)
		buf_addf(&text, " (and %zu more)", problems->errors - 1);
	return error_set(err, ERROR_CONFIG, "%s", text.ptr);
}
