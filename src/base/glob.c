/* Path patterns: compiled to a small automaton, run over the path once. */
#include "base/glob.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

enum {
	PATTERN_LEN_MAX = 512,
	/* At most two steps for a byte of the pattern (a ',' in braces), and the last one. */
	STEPS_MAX = 2 * PATTERN_LEN_MAX + 2,
	NO_STEP = 0xffff,
};

enum step_kind {
	STEP_CHAR,    /* this character, then the next step */
	STEP_ANY,     /* one character but '/' */
	STEP_SET,     /* one character of a class but '/' */
	STEP_STAR,    /* any number of characters but '/' */
	STEP_ALL,     /* any number of any characters */
	STEP_FOLDERS, /* nothing, or characters up to a '/': stands before its STEP_INSIDE */
	STEP_INSIDE,  /* within the folders of the step before */
	STEP_SPLIT,   /* the next step, or `target`: alternatives in braces */
	STEP_JUMP,    /* to `target` */
	STEP_MATCH,
};

struct glob_step {
	enum step_kind kind;
	uint32_t character;
	uint16_t target;
	uint16_t
		set_start; /* of STEP_SET: where the text between '[' and ']' starts in the pattern */
	uint16_t set_len;
};

/* A pattern in steps, and what is needed while it is compiled. */
struct glob_program {
	struct str pattern;
	struct glob_step steps[STEPS_MAX];
	size_t len;
	size_t depth;                     /* open braces */
	uint16_t splits[PATTERN_LEN_MAX]; /* per open brace: the last alternative's STEP_SPLIT */
	uint16_t jumps[PATTERN_LEN_MAX];  /* per open brace: chain of STEP_JUMP to its end */
};

static struct glob_step *add_step(struct glob_program *program, enum step_kind kind)
{
	struct glob_step *step = &program->steps[program->len++];

	assert(program->len <= STEPS_MAX);
	*step = (struct glob_step){.kind = kind, .target = NO_STEP};
	return step;
}

static void add_set(struct glob_program *program, struct str set)
{
	struct glob_step *step = add_step(program, STEP_SET);

	step->set_start = (uint16_t)(set.ptr ? set.ptr - program->pattern.ptr : 0);
	step->set_len = (uint16_t)set.len;
}

static void open_brace(struct glob_program *program)
{
	program->splits[program->depth] = (uint16_t)program->len;
	program->jumps[program->depth] = NO_STEP;
	program->depth++;
	add_step(program, STEP_SPLIT);
}

static void next_alternative(struct glob_program *program)
{
	size_t level = program->depth - 1;
	struct glob_step *jump = add_step(program, STEP_JUMP);

	jump->target = program->jumps[level];
	program->jumps[level] = (uint16_t)(program->len - 1);
	program->steps[program->splits[level]].target = (uint16_t)program->len;
	program->splits[level] = (uint16_t)program->len;
	add_step(program, STEP_SPLIT);
}

static void close_brace(struct glob_program *program)
{
	size_t level = --program->depth;
	uint16_t jump = program->jumps[level];

	while (jump != NO_STEP) {
		uint16_t before = program->steps[jump].target;

		program->steps[jump].target = (uint16_t)program->len;
		jump = before;
	}
	/* The last alternative has no other beside it: its split stays without a target. */
}

/* The text of a class up to its ']' (which may stand first as a member); false when it is open. */
static bool take_set(struct str *rest, struct str *set)
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
		add_step(program, STEP_STAR);
	} else if (at_folder && rest->len && rest->ptr[0] == '/') {
		*rest = str_skip(*rest, 1);
		add_step(program, STEP_FOLDERS);
		add_step(program, STEP_INSIDE);
	} else {
		add_step(program, STEP_ALL);
	}
}

/* True when a "**" behind `before` stands for whole folders. */
static bool starts_folder(const struct glob_program *program, char before)
{
	return !before || before == '/' || (program->depth && (before == '{' || before == ','));
}

/* Fills `program`; what is wrong with the pattern, or NULL. */
static const char *compile(struct glob_program *program, struct str pattern)
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
			add_step(program, STEP_ANY);
		} else if (c == '[') {
			struct str set;

			if (!take_set(&rest, &set))
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
			add_step(program, STEP_CHAR)->character = character;
		}
		before = c;
	}
	if (program->depth)
		return "unclosed brace: close it or escape it as \"\\{\"";
	add_step(program, STEP_MATCH);
	return NULL;
}

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

/* The steps that the automaton is in; each at most once. */
struct states {
	uint16_t list[STEPS_MAX];
	size_t len;
};

struct run {
	const struct glob_program *program;
	struct states states[2];
	uint32_t seen[STEPS_MAX]; /* the round in which a step was added last */
	uint32_t round;
};

static void enter(struct run *run, struct states *states, size_t step)
{
	if (run->seen[step] == run->round)
		return;
	run->seen[step] = run->round;
	states->list[states->len++] = (uint16_t)step;
}

/* Adds what can be reached without a character. */
static void close_over(struct run *run, struct states *states)
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
			if (step->target != NO_STEP)
				enter(run, states, step->target);
		} else if (step->kind == STEP_JUMP) {
			enter(run, states, step->target);
		}
	}
}

static void advance(struct run *run, size_t at, uint32_t c, struct states *next)
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
	struct run run;
	struct states *now = &run.states[0];
	struct states *next = &run.states[1];
	uint32_t c;

	run.program = program;
	run.round = 1;
	memset(run.seen, 0, program->len * sizeof(run.seen[0]));
	now->len = 0;
	enter(&run, now, 0);
	close_over(&run, now);
	while (now->len && utf8_next(&path, &c)) {
		struct states *done = now;

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

/* Without "./" or "/" in front; whether the pattern is about whole paths. */
static struct str normalize(struct str pattern, bool *whole)
{
	*whole = str_find_char(pattern, '/', 0) >= 0;
	if (str_starts(pattern, STR("./")))
		return str_skip(pattern, 2);
	return str_skip(pattern, str_starts(pattern, STR("/")));
}

/* The length of the text in front of the next star or '?'. */
static size_t plain_len(struct str pattern)
{
	size_t len = 0;

	while (len < pattern.len && pattern.ptr[len] != '*' && pattern.ptr[len] != '?')
		len++;
	return len;
}

/*
 * False when the path lacks a text that the pattern has outside its stars: most patterns match no path, and are
 * not worth compiling.  What is not plain ASCII, and brackets and braces, are not looked at.
 */
static bool may_match(struct str pattern, struct str path, bool is_folder)
{
	bool first = true;
	size_t at = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if ((unsigned char)pattern.ptr[i] >= 0x80 || strchr("[]{}\\", pattern.ptr[i]))
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
		/* Stars for folders take their '/' with them. */
		pattern = str_skip(pattern, pattern.len && pattern.ptr[0] == '/');
		first = false;
	}
	return true;
}

bool glob_match(struct str pattern, struct str path)
{
	bool whole;
	bool is_folder = str_ends(pattern, STR("/"));

	if (!pattern.len || pattern.len > PATTERN_LEN_MAX)
		return false;
	pattern = normalize(pattern, &whole);
	if (!whole)
		path = str_last_part(path);
	if (!pattern.len || !may_match(pattern, path, is_folder))
		return false;
	/* Declared here, for it is large, and compilers are told to zero it. */
	struct glob_program program;
	if (compile(&program, pattern))
		return false;
	if (is_folder) {
		program.steps[program.len - 1].kind = STEP_ALL;
		add_step(&program, STEP_MATCH);
	}
	return run_over(&program, path);
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
			(void)take_set(&rest, &set);
		else if (c == '{')
			depth++;
		else if (c == '}' && depth)
			depth--;
	}
	return text.len - rest.len;
}

/* What can be read as a pattern, but was hardly meant as one. */
static const char *find_slip(struct str pattern)
{
	for (size_t i = 0; i + 1 < pattern.len; i += pattern.ptr[i] == '\\' ? 2 : 1) {
		if (pattern.ptr[i] == '\\' && ascii_is_alnum(pattern.ptr[i + 1]))
			return "folders are separated by \"/\"; a backslash takes the next character as it is";
		if (str_starts(str_skip(pattern, i), STR("** ")))
			return "a blank behind \"**\": separate patterns by commas or lines";
	}
	return NULL;
}

bool glob_check(struct str pattern, struct error *err)
{
	struct glob_program program;
	const char *wrong;
	bool whole;

	if (pattern.len > PATTERN_LEN_MAX)
		return error_set(err, ERROR_CONFIG, "a pattern of more than %d bytes",
				 PATTERN_LEN_MAX);
	if (!normalize(pattern, &whole).len)
		return error_set(err, ERROR_CONFIG, "\"%.*s\": an empty pattern", STR_ARG(pattern));
	wrong = compile(&program, normalize(pattern, &whole));
	wrong = wrong ? wrong : find_slip(pattern);
	if (wrong)
		return error_set(err, ERROR_CONFIG, "\"%.*s\": %s", STR_ARG(pattern), wrong);
	return true;
}
