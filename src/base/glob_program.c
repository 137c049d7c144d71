/* Compiles a path pattern to an automaton. */
#include "base/glob_program.h"

#include "base/utf8.h"

struct glob_step *glob_add_step(struct glob_program *program, enum glob_step_kind kind)
{
	struct glob_step *step = &program->steps[program->len++];

	assert(program->len <= GLOB_STEPS_MAX);
	*step = (struct glob_step){.kind = kind, .target = GLOB_NO_STEP};
	return step;
}

static void add_set(struct glob_program *program, struct str set)
{
	struct glob_step *step = glob_add_step(program, STEP_SET);

	step->set_start = (uint16_t)(set.ptr ? set.ptr - program->pattern.ptr : 0);
	step->set_len = (uint16_t)set.len;
}

static void open_brace(struct glob_program *program)
{
	program->splits[program->depth] = (uint16_t)program->len;
	program->jumps[program->depth] = GLOB_NO_STEP;
	program->depth++;
	glob_add_step(program, STEP_SPLIT);
}

static void next_alternative(struct glob_program *program)
{
	size_t level = program->depth - 1;
	struct glob_step *jump = glob_add_step(program, STEP_JUMP);

	jump->target = program->jumps[level];
	program->jumps[level] = (uint16_t)(program->len - 1);
	program->steps[program->splits[level]].target = (uint16_t)program->len;
	program->splits[level] = (uint16_t)program->len;
	glob_add_step(program, STEP_SPLIT);
}

static void close_brace(struct glob_program *program)
{
	size_t level = --program->depth;
	uint16_t jump = program->jumps[level];

	while (jump != GLOB_NO_STEP) {
		uint16_t before = program->steps[jump].target;

		program->steps[jump].target = (uint16_t)program->len;
		jump = before;
	}
	/* No alternative follows the last one, so its split has no target. */
}

bool glob_take_set(struct str *rest, struct str *set)
{
	size_t end = rest->len && (rest->ptr[0] == '!' || rest->ptr[0] == '^');

	if (end < rest->len && rest->ptr[end] == ']')
		end++;
	while (end < rest->len && rest->ptr[end] != ']')
		end += rest->ptr[end] == '\\' && end + 1 < rest->len ? 2 : 1;
	if (end >= rest->len)
		return false;
	*set = str_slice(*rest, 0, end);
	*rest = str_skip(*rest, end + 1);
	return true;
}

static void add_stars(struct glob_program *program, struct str *rest, bool at_folder)
{
	size_t count = 0;

	while (count < rest->len && rest->ptr[count] == '*')
		count++;
	*rest = str_skip(*rest, count);
	if (count == 1) {
		glob_add_step(program, STEP_STAR);
	} else if (at_folder && rest->len && rest->ptr[0] == '/') {
		*rest = str_skip(*rest, 1);
		glob_add_step(program, STEP_FOLDERS);
		glob_add_step(program, STEP_INSIDE);
	} else {
		glob_add_step(program, STEP_ALL);
	}
}

/* Whether a "**" behind `before` means whole folders. */
static bool starts_folder(const struct glob_program *program, char before)
{
	return !before || before == '/' || (program->depth && (before == '{' || before == ','));
}

const char *glob_compile(struct glob_program *program, struct str pattern)
{
	struct str rest = pattern;
	char before = '\0';

	program->pattern = pattern;
	program->len = program->depth = 0;
	while (rest.len) {
		char c = rest.ptr[0];
		uint32_t character;

		if (c == '*') {
			add_stars(program, &rest, starts_folder(program, before));
			before = rest.ptr ? rest.ptr[-1] : c;
			continue;
		}
		utf8_next(&rest, &character);
		if (c == '?') {
			glob_add_step(program, STEP_ANY);
		} else if (c == '[') {
			struct str set;

			if (!glob_take_set(&rest, &set))
				return "unclosed bracket: close it or escape it as \"\\[\"";
			add_set(program, set);
		} else if (c == '{') {
			open_brace(program);
		} else if (c == ',' && program->depth) {
			next_alternative(program);
		} else if (c == '}' && program->depth) {
			close_brace(program);
		} else {
			if (c == '\\' && rest.len)
				utf8_next(&rest, &character);
			glob_add_step(program, STEP_CHAR)->character = character;
		}
		before = c;
	}
	if (program->depth)
		return "unclosed brace: close it or escape it as \"\\{\"";
	glob_add_step(program, STEP_MATCH);
	return NULL;
}
