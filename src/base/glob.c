/* Path patterns: a small automaton, which runs over the path once. */
#include "base/glob.h"

#include <string.h>

#include "base/ascii.h"
#include "base/glob_program.h"
#include "base/utf8.h"

static uint32_t set_character(struct str *rest)
{
	uint32_t character = 0;

	if (rest->len > 1 && rest->ptr[0] == '\\')
		*rest = str_skip(*rest, 1);
	utf8_next(rest, &character);
	return character;
}

static bool set_has(struct str set, uint32_t character)
{
	bool negated = set.len && (set.ptr[0] == '!' || set.ptr[0] == '^');
	bool found = false;

	set = str_skip(set, negated);
	while (set.len) {
		uint32_t first = set_character(&set);
		uint32_t last = first;

		if (set.len > 1 && set.ptr[0] == '-') {
			set = str_skip(set, 1);
			last = set_character(&set);
		}
		found = found || (character >= first && character <= last);
	}
	return found != negated;
}

static struct str step_set(const struct glob_program *program, const struct glob_step *step)
{
	return str_slice(program->pattern, step->set_start, step->set_len);
}

/* The states of the automaton; each at most once. */
struct glob_states {
	uint16_t list[GLOB_STEPS_MAX];
	size_t len;
};

struct glob_run {
	const struct glob_program *program;
	struct glob_states states[2];
	uint32_t seen[GLOB_STEPS_MAX]; /* the round in which a step was added last */
	uint32_t round;
};

static void enter(struct glob_run *run, struct glob_states *states, size_t step)
{
	if (run->seen[step] == run->round)
		return;
	run->seen[step] = run->round;
	states->list[states->len++] = (uint16_t)step;
}

/* Adds the states that are reachable without a character. */
static void close_over(struct glob_run *run, struct glob_states *states)
{
	for (size_t i = 0; i < states->len; i++) {
		size_t at = states->list[i];
		const struct glob_step *step = &run->program->steps[at];

		if (step->kind == STEP_STAR || step->kind == STEP_ALL) {
			enter(run, states, at + 1);
		} else if (step->kind == STEP_FOLDERS) {
			enter(run, states, at + 1);
			enter(run, states, at + 2);
		} else if (step->kind == STEP_SPLIT) {
			enter(run, states, at + 1);
			if (step->target != GLOB_NO_STEP)
				enter(run, states, step->target);
		} else if (step->kind == STEP_JUMP) {
			enter(run, states, step->target);
		}
	}
}

static void advance(struct glob_run *run, size_t at, uint32_t c, struct glob_states *next)
{
	const struct glob_step *step = &run->program->steps[at];

	switch (step->kind) {
	case STEP_CHAR:
		if (c == step->character)
			enter(run, next, at + 1);
		break;
	case STEP_ANY:
		if (c != '/')
			enter(run, next, at + 1);
		break;
	case STEP_SET:
		if (c != '/' && set_has(step_set(run->program, step), c))
			enter(run, next, at + 1);
		break;
	case STEP_STAR:
		if (c != '/')
			enter(run, next, at);
		break;
	case STEP_ALL:
		enter(run, next, at);
		break;
	case STEP_INSIDE:
		enter(run, next, at);
		if (c == '/')
			enter(run, next, at + 1);
		break;
	case STEP_FOLDERS:
	case STEP_SPLIT:
	case STEP_JUMP:
	case STEP_MATCH:
		break;
	}
}

static bool run_over(const struct glob_program *program, struct str path)
{
	struct glob_run run;
	struct glob_states *now = &run.states[0];
	struct glob_states *next = &run.states[1];
	uint32_t c;

	run.program = program;
	run.round = 1;
	memset(run.seen, 0, program->len * sizeof(run.seen[0]));
	now->len = 0;
	enter(&run, now, 0);
	close_over(&run, now);
	while (now->len && utf8_next(&path, &c)) {
		struct glob_states *done = now;

		run.round++;
		next->len = 0;
		for (size_t i = 0; i < now->len; i++)
			advance(&run, now->list[i], c, next);
		close_over(&run, next);
		now = next;
		next = done;
	}
	return now->len && run.seen[program->len - 1] == run.round;
}

/* What a pattern may mean by another character than that character; and bytes of longer characters. */
static bool is_special(char c)
{
	static const bool special[128] = {['*'] = true, ['?'] = true, ['['] = true, [']'] = true,
					  ['{'] = true, ['}'] = true, ['\\'] = true};

	return (unsigned char)c >= ARRAY_LEN(special) || special[(unsigned char)c];
}

static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_special(text.ptr[i]))
			return false;
	}
	return true;
}

/* Removes "./" or "/" at the start; reports whether the pattern is about whole paths. */
static struct str normalize(struct str pattern, bool *whole)
{
	*whole = str_find_char(pattern, '/', 0) >= 0;
	if (str_starts(pattern, STR("./")))
		return str_skip(pattern, 2);
	return str_skip(pattern, str_starts(pattern, STR("/")));
}

/* The length of the text before the next star or '?'. */
static size_t plain_len(struct str pattern)
{
	size_t len = 0;

	while (len < pattern.len && pattern.ptr[len] != '*' && pattern.ptr[len] != '?')
		len++;
	return len;
}

/*
 * False if the path lacks a text that the pattern has outside its stars: most patterns match no
 * path, and are not worth compiling. Characters that are not plain ASCII, brackets and braces are
 * not checked.
 */
static bool may_match(struct str pattern, struct str path, bool is_folder)
{
	bool first = true;
	size_t at = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if (is_special(pattern.ptr[i]) && pattern.ptr[i] != '*' && pattern.ptr[i] != '?')
			return true;
	}
	while (pattern.len) {
		struct str plain = str_slice(pattern, 0, plain_len(pattern));
		bool last = plain.len == pattern.len && !is_folder;
		ptrdiff_t found = str_find(path, plain, at);

		if (last && !str_ends(str_skip(path, at), plain))
			return false;
		if (found < 0 || (first && found > 0))
			return false;
		at = (size_t)found + plain.len;
		pattern = str_skip(pattern, plain.len);
		while (pattern.len && (pattern.ptr[0] == '*' || pattern.ptr[0] == '?'))
			pattern = str_skip(pattern, 1);
		/* Stars for folders include their '/'. */
		pattern = str_skip(pattern, pattern.len && pattern.ptr[0] == '/');
		first = false;
	}
	return true;
}

/* A valid pattern that is probably a mistake. */
static const char *find_slip(struct str pattern)
{
	for (size_t i = 0; i + 1 < pattern.len; i += pattern.ptr[i] == '\\' ? 2 : 1) {
		if (pattern.ptr[i] == '\\' && ascii_is_alnum(pattern.ptr[i + 1]))
			return "folders are separated by \"/\"; a backslash escapes the next character";
		if (str_starts(str_skip(pattern, i), STR("** ")))
			return "a blank behind \"**\": separate patterns by commas or lines";
	}
	return NULL;
}

/* Apart from glob_match(), because the program is large and compilers are told to zero it. */
static bool matches(struct str pattern, struct str path, bool is_folder)
{
	struct glob_program program;

	if (find_slip(pattern) || glob_compile(&program, pattern))
		return false;
	if (is_folder) {
		program.steps[program.len - 1].kind = STEP_ALL;
		glob_add_step(&program, STEP_MATCH);
	}
	return run_over(&program, path);
}

/* Most patterns need no automaton: a name, a star with a suffix, a folder between two double stars. */
static bool is_simple(struct str pattern, struct str path, bool whole, bool *matches)
{
	struct str folder = str_slice(pattern, 3, MAX_OF(pattern.len, (size_t)6) - 6);

	if (is_plain(pattern))
		*matches = str_eq(path, pattern);
	else if (!whole && pattern.ptr[0] == '*' && is_plain(str_skip(pattern, 1)))
		*matches = str_ends(path, str_skip(pattern, 1));
	else if (folder.len && str_starts(pattern, STR("**/")) && str_ends(pattern, STR("/**")) &&
		 is_plain(folder))
		*matches = str_is_within(path, folder);
	else
		return false;
	return true;
}

bool glob_match(struct str pattern, struct str path)
{
	bool matched;
	bool whole;
	bool is_folder = str_ends(pattern, STR("/"));

	if (!pattern.len || pattern.len > GLOB_LEN_MAX)
		return false;
	pattern = normalize(pattern, &whole);
	if (!whole)
		path = str_last_part(path);
	if (!pattern.len)
		return false;
	if (!is_folder && is_simple(pattern, path, whole, &matched))
		return matched;
	if (!may_match(pattern, path, is_folder))
		return false;
	return matches(pattern, path, is_folder);
}

size_t glob_item_len(struct str text)
{
	struct str rest = text;
	size_t depth = 0;

	while (rest.len) {
		char c = rest.ptr[0];
		struct str set;

		if (c == ',' && !depth)
			break;
		rest = str_skip(rest, c == '\\' ? 2 : 1);
		if (c == '[')
			(void)glob_take_set(&rest, &set);
		else if (c == '{')
			depth++;
		else if (c == '}' && depth)
			depth--;
	}
	return text.len - rest.len;
}

bool glob_check(struct str pattern, struct error *err)
{
	struct glob_program program;
	const char *wrong;
	bool whole;

	if (pattern.len > GLOB_LEN_MAX)
		return error_set(err, ERROR_CONFIG, "a pattern of more than %d bytes",
				 GLOB_LEN_MAX);
	if (!normalize(pattern, &whole).len)
		return error_set(err, ERROR_CONFIG, "\"%.*s\": an empty pattern", STR_ARG(pattern));
	wrong = glob_compile(&program, normalize(pattern, &whole));
	wrong = wrong ? wrong : find_slip(pattern);
	if (wrong)
		return error_set(err, ERROR_CONFIG, "\"%.*s\": %s", STR_ARG(pattern), wrong);
	return true;
}
