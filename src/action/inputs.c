/* Reads and checks the action's inputs by their table. */
#include "action/inputs.h"

#include <string.h>

#include "action/input_text.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "github/actions.h"
#include "review/shard.h"

struct input_reader {
	struct env *env;
	struct arena *arena;
	struct inputs *inputs;
	struct problems *problems;
};

static void wrong(struct input_reader *reader, const struct input *input, struct str value,
		  const char *want)
{
	problem_add(reader->problems, STR_EMPTY, (struct position){0}, PROBLEM_ERROR,
		    "%s: \"%.*s\" %s", input->name, STR_ARG(value), want);
}

/* Returns the choice in the table's spelling, compared without case; empty when it is unknown. */
static struct str find_choice(const struct input *input, struct str value)
{
	for (const char *const *choice = input->choices; *choice; choice++) {
		if (str_eq_nocase(value, str_from(*choice)))
			return str_from(*choice);
	}
	return STR_EMPTY;
}

static void want_choice(struct input_reader *reader, const struct input *input, struct str value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_add_text(&text, "must be one of");
	for (const char *const *choice = input->choices; *choice; choice++)
		buf_addf(&text, "%s %s", choice == input->choices ? "" : ",", *choice);
	wrong(reader, input, value, text.ptr);
}

static void read_number(struct input_reader *reader, const struct input *input, struct str value,
			void *field)
{
	double number;

	if (!str_to_double(value, &number) || number < input->min ||
	    (input->max > 0 && number > input->max)) {
		SCOPED(buf) struct buf want = BUF_INIT;

		buf_addf(&want, "must be a number of at least %g", input->min);
		if (input->max > 0)
			buf_addf(&want, " and at most %g", input->max);
		wrong(reader, input, value, want.ptr);
		return;
	}
	*(double *)field = number;
}

static void read_int(struct input_reader *reader, const struct input *input, struct str value,
		     void *field)
{
	int64_t number;

	if (!str_to_int64(value, &number) || (double)number < input->min ||
	    (double)number > input->max) {
		SCOPED(buf) struct buf want = BUF_INIT;

		buf_addf(&want, "must be a whole number from %.0f to %.0f", input->min, input->max);
		wrong(reader, input, value, want.ptr);
		return;
	}
	*(int64_t *)field = number;
}

static void read_list(struct input_reader *reader, const struct input *input, struct str value,
		      struct strings *strings)
{
	enum list_kind kind = input->type == INPUT_LINES   ? LIST_LINES
			      : input->type == INPUT_GLOBS ? LIST_GLOBS
							   : LIST_WORDS;
	struct str_list list = {0};
	struct error why;

	if (!list_split(reader->arena, value, kind, &list, &why)) {
		problem_add(reader->problems, STR_EMPTY, (struct position){0}, PROBLEM_ERROR,
			    "input \"%s\": %s", input->name, why.message);
		return;
	}
	*strings = (struct strings){.items = list.items, .len = list.len};
	for (size_t i = 0; input->choices && i < list.len; i++) {
		struct str choice = find_choice(input, list.items[i]);

		if (!choice.len)
			want_choice(reader, input, list.items[i]);
		else if (str_eq(choice, STR("none")) && list.len > 1)
			wrong(reader, input, value,
			      "has none beside others: give one or the other");
		else
			list.items[i] = choice;
	}
}

/* Takes a secret out of the environment under both spellings; the one with underscores takes precedence. */
static const struct secret *read_secret(struct input_reader *reader, const struct input *input)
{
	struct str underscore = action_input_variable(reader->arena, input->name, true);
	struct str dash = action_input_variable(reader->arena, input->name, false);
	const struct secret *first = env_take_secret(reader->env, underscore.ptr);
	const struct secret *second = env_take_secret(reader->env, dash.ptr);

	if (first)
		log_mask(first);
	if (second)
		log_mask(second);
	return first ? first : second;
}

static void read_file(struct input_reader *reader, const struct input *input, struct str value,
		      struct str *field)
{
	struct str workspace = actions_workspace(reader->env);
	struct str path = value;
	struct error err;

	while (str_ends(workspace, STR("/")))
		workspace.len--;
	if (workspace.len && str_starts(value, workspace) &&
	    str_starts(str_skip(value, workspace.len), STR("/")))
		path = str_skip(value, workspace.len + 1);
	*field = arena_str(reader->arena, path);
	if (!file_path_below(arena_text(reader->arena, path), &err))
		wrong(reader, input, value, err.message);
}

static void read_shard(struct input_reader *reader, const struct input *input, struct str value,
		       struct str *field)
{
	struct shard_name name;

	*field = arena_str(reader->arena, value);
	if (!shard_name_parse(value, &name))
		wrong(reader, input, value,
		      "must be an entry of plan's matrix (\"2/4@HEAD..BASE\")");
}

static void read_value(struct input_reader *reader, const struct input *input, struct str value)
{
	void *field = (char *)reader->inputs + input->offset;

	switch (input->type) {
	case INPUT_SECRET:
		break;
	case INPUT_TEXT:
		*(struct str *)field = arena_str(reader->arena, value);
		break;
	case INPUT_FILE:
		read_file(reader, input, value, field);
		break;
	case INPUT_SHARD:
		read_shard(reader, input, value, field);
		break;
	case INPUT_CHOICE:
		*(struct str *)field = find_choice(input, value);
		if (!((struct str *)field)->len)
			want_choice(reader, input, value);
		break;
	case INPUT_BOOL:
		if (!action_boolean(value, field))
			wrong(reader, input, value, "must be true or false");
		break;
	case INPUT_INT:
		read_int(reader, input, value, field);
		break;
	case INPUT_NUMBER:
		read_number(reader, input, value, field);
		break;
	case INPUT_LIST:
	case INPUT_GLOBS:
	case INPUT_LINES:
	case INPUT_CHOICES:
		read_list(reader, input, value, field);
		break;
	}
}

/* Sets a number to -1, which means "not given". */
static void set_unset(const struct input *input, struct inputs *inputs)
{
	void *field = (char *)inputs + input->offset;

	if (input->type == INPUT_INT)
		*(int64_t *)field = -1;
	else if (input->type == INPUT_NUMBER)
		*(double *)field = -1;
}

/* ---- Names that no input has ---- */

/* "INPUT_MAX_COST" as "max-cost"; empty: not an input's variable, or one of the runner's own for containers. */
static struct str input_name(struct arena *arena, struct str variable)
{
	char *text = arena_text(arena, str_skip(variable, strlen("INPUT_")));
	struct str name = str_from(text);

	for (char *c = text; *c; c++)
		*c = *c == '_' ? '-' : ascii_to_lower(*c);
	return str_eq(name, STR("args")) || str_eq(name, STR("entrypoint")) ? STR_EMPTY : name;
}

/* Returns the only input that begins with these letters, else the most similar name; or empty. */
static struct str input_like(struct arena *arena, struct str name)
{
	struct str *names = ARENA_ARRAY(arena, struct str, inputs_len);
	struct str begins = STR_EMPTY;
	size_t found = 0;

	for (size_t i = 0; i < inputs_len; i++) {
		names[i] = str_from(inputs_table[i].name);
		if (str_starts(names[i], name)) {
			begins = names[i];
			found++;
		}
	}
	return found == 1 ? begins : str_nearest(name, names, inputs_len);
}

/* For the runner an unknown input is only a warning: a limit with a misspelled name would have no effect. */
static void warn_unknown(const struct input_reader *reader)
{
	for (size_t i = 0; i < reader->env->names.len; i++) {
		struct str variable = reader->env->names.items[i];
		struct str like;
		struct str name;

		if (!str_starts(variable, STR("INPUT_")))
			continue;
		name = input_name(reader->arena, variable);
		like = input_like(reader->arena, name);
		if (!name.len || str_eq(like, name))
			continue;
		if (like.len)
			log_warning("inputs",
				    "%.*s: unknown input, ignored; did you mean \"%.*s\"?",
				    STR_ARG(name), STR_ARG(like));
		else
			log_warning("inputs", "%.*s: unknown input, ignored: see action.yml",
				    STR_ARG(name));
	}
}

bool inputs_read(struct env *env, struct arena *arena, struct inputs *inputs,
		 struct problems *problems)
{
	struct input_reader reader = {env, arena, inputs, problems};
	size_t errors = problems->errors;

	*inputs = (struct inputs){0};
	warn_unknown(&reader);
	for (size_t i = 0; i < inputs_len; i++) {
		const struct input *input = &inputs_table[i];
		struct str value;

		if (input->type == INPUT_SECRET) {
			*(const struct secret **)((char *)inputs + input->offset) =
				read_secret(&reader, input);
			continue;
		}
		set_unset(input, inputs);
		value = action_input(env, arena, input->name);
		if (!value.len)
			value = str_from(input->fallback);
		if (value.len)
			read_value(&reader, input, value);
	}
	return problems->errors == errors;
}
