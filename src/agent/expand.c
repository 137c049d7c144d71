/* Variables of the environment in a configuration. */
#include "agent/expand.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "value/scalar.h"
#include "value/yaml.h"

enum { NAME_LEN_MAX = 200, VALUE_LEN_MAX = 16384 };

static void complain(const struct expansion *expansion, const struct value *string, size_t offset,
		     struct str text)
{
	struct position at = string->at;

	/* Finding a place walks the file: not for problems that are only counted. */
	if (expansion->problems->len < PROBLEMS_MAX)
		at = yaml_place(expansion->text, string, offset);
	problem_add(expansion->problems, expansion->file, at, PROBLEM_ERROR, "%.*s", STR_ARG(text));
}

static bool name_ok(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool letter = ascii_is_upper(c) || ascii_is_lower(c) || c == '_';

		if (!letter && !(i && ascii_is_digit(c)))
			return false;
	}
	return name.len > 0 && name.len <= NAME_LEN_MAX;
}

/* The variable's value; a variable that was taken out of the environment keeps it here. */
static struct str lookup(const struct expansion *expansion, struct str name, bool secret)
{
	char text[NAME_LEN_MAX + 1];
	const struct secret *taken;
	struct str value;

	for (size_t i = 0; i < name.len; i++)
		text[i] = name.ptr[i];
	text[name.len] = '\0';
	if (secret) {
		taken = env_take_secret(expansion->env, text);
	} else {
		value = env_get(expansion->env, text);
		if (value.len)
			return value;
		taken = map_get(&expansion->env->secrets, name);
	}
	return taken ? secret_str(taken) : STR_EMPTY;
}

/* Appends the value of "${inside}". */
static void add_variable(const struct expansion *expansion, struct buf *out,
			 const struct value *string, size_t offset, struct str inside, bool secret)
{
	struct str name = inside;
	struct str fallback = STR_EMPTY;
	bool has_fallback = str_cut(inside, STR(":-"), &name, &fallback);
	struct str value;

	if (!name_ok(name)) {
		complain(expansion, string, offset,
			 STR("a variable is written ${NAME} or ${NAME:-default}"));
		return;
	}
	value = lookup(expansion, name, secret);
	if (!value.len && !has_fallback) {
		complain(
			expansion, string, offset,
			arena_printf(
				expansion->arena,
				"the environment variable %.*s is not set; set it, or write ${%.*s:-default}",
				STR_ARG(name), STR_ARG(name)));
		return;
	}
	buf_add(out, utf8_cut(value.len ? value : fallback, VALUE_LEN_MAX));
}

/* True when the string held a variable; its text is then replaced. */
static bool expand_string(const struct expansion *expansion, struct value *string, bool secret)
{
	struct str text = string->string;
	SCOPED(buf) struct buf out = BUF_INIT;
	size_t start = 0;
	bool found = false;

	for (ptrdiff_t open; (open = str_find(text, STR("${"), start)) >= 0;) {
		ptrdiff_t close = str_find_char(text, '}', (size_t)open);

		found = true;
		buf_add(&out, str_slice(text, start, (size_t)open - start));
		if (close < 0) {
			complain(expansion, string, (size_t)open, STR("\"${\" without \"}\""));
			return true;
		}
		add_variable(expansion, &out, string, (size_t)open,
			     str_slice(text, (size_t)open + 2, (size_t)(close - open) - 2), secret);
		start = (size_t)close + 1;
	}
	if (!found)
		return false;
	buf_add(&out, str_skip(text, start));
	string->string = value_string(expansion->arena, buf_str(&out))->string;
	if (secret)
		secret_wipe(out.ptr, out.len);
	return true;
}

static const struct field *find_field(const struct fields *fields, struct str name)
{
	for (size_t i = 0; fields && i < fields->len; i++) {
		if (fields->items[i].name && str_eq(str_from(fields->items[i].name), name))
			return &fields->items[i];
	}
	return NULL;
}

/* max_tokens: "${MAX_TOKENS}" means a number. */
static void resolve_kind(const struct expansion *expansion, const struct field *field,
			 struct value *value)
{
	const char *why;
	struct value *resolved;

	if (!field ||
	    (field->type != FIELD_INT && field->type != FIELD_NUMBER && field->type != FIELD_BOOL))
		return;
	resolved = scalar_resolve(expansion->arena, value->string, NULL, true, &why);
	if (!resolved)
		return;
	resolved->at = value->at;
	*value = *resolved;
}

static bool is_other_than_string(const struct field *field)
{
	return field && (field->type == FIELD_INT || field->type == FIELD_NUMBER ||
			 field->type == FIELD_BOOL || field->type == FIELD_ENUM);
}

/* Without an environment a number that is a variable cannot be checked: it is left out. */
static void leave_out_variables(const struct fields *fields, struct value *object)
{
	size_t kept = 0;

	for (size_t i = 0; i < object->object.len; i++) {
		struct member member = object->object.members[i];

		if (is_other_than_string(find_field(fields, member.name)) &&
		    str_contains(value_as_string(member.value), STR("${")))
			continue;
		object->object.members[kept++] = member;
	}
	object->object.len = kept;
}

static void expand_list(const struct expansion *expansion, struct value *list)
{
	for (size_t i = 0; i < list->array.len; i++) {
		struct value *item = list->array.items[i];

		if (item->kind == VALUE_STRING)
			expand_string(expansion, item, false);
		else if (item->kind == VALUE_OBJECT)
			expand_variables(expansion, NULL, item);
		else if (item->kind == VALUE_ARRAY)
			expand_list(expansion, item);
	}
}

void expand_variables(const struct expansion *expansion, const struct fields *fields,
		      struct value *value)
{
	if (!value_is(value, VALUE_OBJECT))
		return;
	if (!expansion->env)
		leave_out_variables(fields, value);
	for (size_t i = 0; i < value->object.len; i++) {
		struct member *member = &value->object.members[i];
		const struct field *field = find_field(fields, member->name);

		if (member->value->kind == VALUE_OBJECT) {
			expand_variables(expansion, field ? field->fields : NULL, member->value);
		} else if (!expansion->env) {
			continue;
		} else if (member->value->kind == VALUE_ARRAY) {
			expand_list(expansion, member->value);
		} else if (member->value->kind == VALUE_STRING &&
			   expand_string(expansion, member->value,
					 expansion->is_secret(member->name))) {
			resolve_kind(expansion, field, member->value);
		}
	}
}
