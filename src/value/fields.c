/* Decoding by field tables. */
#include "value/fields.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/breathe.h"
#include "base/utf8.h"

/* One step of the path from the root to the value that is being decoded. */
struct decoder_place {
	const struct decoder_place *parent;
	struct str name; /* of a member; with NULL as its ptr it is an item: */
	size_t idx;
};

enum { SHOWN_LEN_MAX = 40 };

/* ---- Saying what is wrong ---- */

/* "/findings/3/line" in JSON, "models.sonnet.cache" or "agents[3]" elsewhere. */
static void add_place(struct buf *out, const struct decoder *decoder,
		      const struct decoder_place *place)
{
	if (!place)
		return;
	add_place(out, decoder, place->parent);
	if (decoder->is_json) {
		buf_add_char(out, '/');
		if (place->name.ptr)
			value_add_pointer_name(out, place->name);
		else
			buf_addf(out, "%zu", place->idx);
		return;
	}
	if (!place->name.ptr) {
		buf_addf(out, "[%zu]", place->idx);
		return;
	}
	if (place->parent)
		buf_add_char(out, '.');
	buf_add(out, place->name);
}

static void PRINTF(4, 0) report(struct decoder *decoder, struct position at,
				enum problem_level level, const char *fmt, va_list args)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	add_place(&text, decoder, decoder->place);
	if (text.len)
		buf_add_text(&text, ": ");
	buf_vaddf(&text, fmt, args);
	problem_add(decoder->problems, decoder->file, at, level, "%s", text.ptr);
}

void decoder_error(struct decoder *decoder, const struct value *value, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(decoder, value ? value->at : (struct position){0}, PROBLEM_ERROR, fmt, args);
	va_end(args);
}

void decoder_warning(struct decoder *decoder, const struct value *value, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(decoder, value ? value->at : (struct position){0}, PROBLEM_WARNING, fmt, args);
	va_end(args);
}

static void wrong_kind(struct decoder *decoder, const struct value *value, const char *wanted)
{
	if (value->kind == VALUE_NULL)
		decoder_error(decoder, value, "must be %s, but is empty; is its value indented?",
			      wanted);
	else
		decoder_error(decoder, value, "must be %s, is %s", wanted,
			      value_kind_name(value->kind));
}

static bool expect(struct decoder *decoder, const struct value *value, enum value_kind kind)
{
	if (value->kind == kind)
		return true;
	if (kind == VALUE_STRING &&
	    (value->kind == VALUE_INT || value->kind == VALUE_REAL || value->kind == VALUE_BOOL))
		decoder_error(decoder, value, "must be a string, is %s: put it into quotes",
			      value_kind_name(value->kind));
	else
		wrong_kind(decoder, value, value_kind_name(kind));
	return false;
}

/* ---- The kinds of fields ---- */

typedef void field_reader(struct decoder *decoder, const struct field *field,
			  const struct value *value, void *out);

static void read_structure(struct decoder *decoder, const struct fields *fields,
			   const struct value *value, void *out);

static void read_string(struct decoder *decoder, const struct field *field UNUSED,
			const struct value *value, void *out)
{
	if (expect(decoder, value, VALUE_STRING))
		*(struct str *)out =
			decoder->borrows ? value->string : arena_str(decoder->arena, value->string);
}

static void read_bool(struct decoder *decoder, const struct field *field UNUSED,
		      const struct value *value, void *out)
{
	if (expect(decoder, value, VALUE_BOOL))
		*(bool *)out = value->boolean;
}

static bool within(struct decoder *decoder, const struct field *field, const struct value *value,
		   double number)
{
	bool has_bounds = field->min < 0 || field->min > 0 || field->max < 0 || field->max > 0;
	bool has_max = field->max >= field->min && isfinite(field->max);

	if (!has_bounds || (number >= field->min && (!has_max || number <= field->max)))
		return true;
	if (has_max && field->max <= field->min)
		decoder_error(decoder, value, "must be %.15g", field->min);
	else if (has_max)
		decoder_error(decoder, value, "must be between %.15g and %.15g", field->min,
			      field->max);
	else
		decoder_error(decoder, value, "must be at least %.15g", field->min);
	return false;
}

static void read_int(struct decoder *decoder, const struct field *field, const struct value *value,
		     void *out)
{
	int64_t integer;

	/* A model may write 42.0 for 42. */
	if (value->kind == VALUE_REAL && value->real == floor(value->real) &&
	    fabs(value->real) < 0x1p53) {
		integer = (int64_t)value->real;
	} else if (value->kind == VALUE_INT) {
		integer = value->integer;
	} else {
		wrong_kind(decoder, value, "a whole number");
		return;
	}
	if (within(decoder, field, value, (double)integer))
		*(int64_t *)out = integer;
}

static void read_number(struct decoder *decoder, const struct field *field,
			const struct value *value, void *out)
{
	double number;

	if (value->kind != VALUE_INT && value->kind != VALUE_REAL) {
		wrong_kind(decoder, value, "a number");
		return;
	}
	number = value->kind == VALUE_INT ? (double)value->integer : value->real;
	if (within(decoder, field, value, number))
		*(double *)out = number;
}

/* "a, b or c" */
static void add_choices(struct buf *out, const char *const *choices)
{
	for (size_t i = 0; choices[i]; i++) {
		if (i)
			buf_add_text(out, choices[i + 1] ? ", " : " or ");
		buf_add_text(out, choices[i]);
	}
}

static void read_enum(struct decoder *decoder, const struct field *field, const struct value *value,
		      void *out)
{
	SCOPED(buf) struct buf choices = BUF_INIT;
	struct str shown;

	if (!expect(decoder, value, VALUE_STRING))
		return;
	for (int i = 0; field->choices[i]; i++) {
		if (str_eq(value->string, str_from(field->choices[i]))) {
			*(int *)out = i;
			return;
		}
	}
	add_choices(&choices, field->choices);
	shown = utf8_cut(value->string, SHOWN_LEN_MAX);
	decoder_error(decoder, value, "must be %s, is \"%.*s\"", choices.ptr, STR_ARG(shown));
}

static void read_strings(struct decoder *decoder, const struct field *field,
			 const struct value *value, void *out)
{
	struct strings strings = {.source = value};

	if (field->or_one && value->kind == VALUE_STRING) {
		strings.items = ARENA_NEW(decoder->arena, struct str);
		strings.items[strings.len++] = arena_str(decoder->arena, value->string);
		*(struct strings *)out = strings;
		return;
	}
	if (field->or_one && value->kind != VALUE_ARRAY) {
		wrong_kind(decoder, value, "a string or a list of strings");
		return;
	}
	if (!expect(decoder, value, VALUE_ARRAY))
		return;
	strings.items = ARENA_ARRAY(decoder->arena, struct str, value->array.len);
	for (size_t i = 0; i < value->array.len; i++) {
		struct decoder_place place = {.parent = decoder->place, .idx = i};

		decoder->place = &place;
		read_string(decoder, field, value->array.items[i], &strings.items[strings.len++]);
		decoder->place = place.parent;
	}
	*(struct strings *)out = strings;
}

static void read_object(struct decoder *decoder, const struct field *field,
			const struct value *value, void *out)
{
	read_structure(decoder, field->fields, value, out);
}

/* The entry's memory, set to the defaults of its table. */
static void *entry_at(const struct list *list, const struct fields *fields, size_t idx)
{
	char *entry = (char *)list->items + idx * fields->size;

	if (fields->defaults)
		memcpy(entry, fields->defaults, fields->size);
	return entry;
}

static void read_list(struct decoder *decoder, const struct field *field, const struct value *value,
		      void *out)
{
	struct list list = {0};

	if (!expect(decoder, value, VALUE_ARRAY))
		return;
	if (field->max > 0 && (double)value->array.len > field->max) {
		decoder_error(decoder, value, "%zu are too many: give the %.0f that matter most",
			      value->array.len, field->max);
		return;
	}
	list.items = arena_alloc(decoder->arena, value->array.len, field->fields->size);
	for (size_t i = 0; i < value->array.len; i++) {
		struct decoder_place place = {.parent = decoder->place, .idx = i};

		decoder->place = &place;
		read_structure(decoder, field->fields, value->array.items[i],
			       entry_at(&list, field->fields, list.len++));
		decoder->place = place.parent;
	}
	*(struct list *)out = list;
}

static void set_name(struct arena *arena, const struct fields *fields, void *entry, struct str name)
{
	size_t i = 0;

	while (i < fields->len && fields->items[i].type != FIELD_NAME)
		i++;
	if (i < fields->len)
		*(struct str *)((char *)entry + fields->items[i].offset) = arena_str(arena, name);
}

static void read_map(struct decoder *decoder, const struct field *field, const struct value *value,
		     void *out)
{
	struct list list = {0};

	if (!expect(decoder, value, VALUE_OBJECT))
		return;
	list.items = arena_alloc(decoder->arena, value->object.len, field->fields->size);
	for (size_t i = 0; i < value->object.len; i++) {
		const struct member *member = &value->object.members[i];
		struct decoder_place place = {.parent = decoder->place, .name = member->name};
		void *entry = entry_at(&list, field->fields, list.len++);

		set_name(decoder->arena, field->fields, entry, member->name);
		decoder->place = &place;
		read_structure(decoder, field->fields, member->value, entry);
		decoder->place = place.parent;
	}
	*(struct list *)out = list;
}

static void read_value(struct decoder *decoder UNUSED, const struct field *field UNUSED,
		       const struct value *value, void *out)
{
	/* The tree belongs to the caller; the table only passes it on. */
	memcpy(out, &value, sizeof(struct value *));
}

static void read_custom(struct decoder *decoder, const struct field *field,
			const struct value *value, void *out)
{
	if (!field->decode(decoder, value, out))
		assert(decoder->problems->errors > 0);
}

static field_reader *const readers[] = {
	[FIELD_STRING] = read_string, [FIELD_BOOL] = read_bool,   [FIELD_INT] = read_int,
	[FIELD_NUMBER] = read_number, [FIELD_ENUM] = read_enum,   [FIELD_STRINGS] = read_strings,
	[FIELD_OBJECT] = read_object, [FIELD_LIST] = read_list,   [FIELD_MAP] = read_map,
	[FIELD_NAME] = NULL,          [FIELD_VALUE] = read_value, [FIELD_CUSTOM] = read_custom,
};

/* ---- Structures ---- */

static const struct field *find_field(const struct fields *fields, struct str name)
{
	for (size_t i = 0; i < fields->len; i++) {
		const struct field *field = &fields->items[i];

		if (field->type != FIELD_NAME && str_eq(name, str_from(field->name)))
			return field;
	}
	return NULL;
}

static void unknown_member(struct decoder *decoder, const struct fields *fields,
			   const struct member *member)
{
	SCOPED(buf) struct buf known = BUF_INIT;
	struct str shown = utf8_cut(member->name, SHOWN_LEN_MAX);
	const struct value name = {.kind = VALUE_STRING, .at = member->name_at};
	struct str *names = ARENA_ARRAY(decoder->arena, struct str, fields->len);
	struct str nearest;
	size_t len = 0;

	for (size_t i = 0; i < fields->len; i++) {
		if (fields->items[i].type == FIELD_NAME)
			continue;
		names[len++] = str_from(fields->items[i].name);
		buf_addf(&known, "%s%s", len > 1 ? ", " : "", fields->items[i].name);
	}
	nearest = str_nearest(member->name, names, len);
	if (utf8_first_unseen(member->name))
		decoder_error(
			decoder, &name,
			"unknown key \"%.*s\": U+%04X in it is an invisible character or no plain blank: remove it, or type a blank",
			STR_ARG(shown), (unsigned)utf8_first_unseen(member->name));
	else if (nearest.len)
		decoder_error(decoder, &name, "unknown key \"%.*s\"; did you mean \"%.*s\"?",
			      STR_ARG(shown), STR_ARG(nearest));
	else
		decoder_error(decoder, &name, "unknown key \"%.*s\"; the keys here are: %s",
			      STR_ARG(shown), known.ptr);
}

static void read_member(struct decoder *decoder, const struct field *field,
			const struct member *member, char *out)
{
	struct decoder_place place = {.parent = decoder->place, .name = member->name};
	size_t errors = decoder->problems->errors;

	if (!place.name.ptr)
		place.name.ptr = "";
	decoder->place = &place;
	readers[field->type](decoder, field, member->value, out + field->offset);
	if (decoder->problems->errors == errors) {
		if (field->present)
			*(bool *)(out + field->present) = true;
		if (field->check)
			field->check(decoder, member->value, out + field->offset);
	}
	decoder->place = place.parent;
}

/* Servers and models write null for missing values. */
static bool is_given(const struct decoder *decoder, const struct fields *fields,
		     const struct field *field, const struct value *value)
{
	if (!value)
		return false;
	return value->kind != VALUE_NULL || field->type == FIELD_VALUE ||
	       !(decoder->is_json || fields->open);
}

static void read_structure(struct decoder *decoder, const struct fields *fields,
			   const struct value *value, void *out)
{
	breathe_step();
	if (!expect(decoder, value, VALUE_OBJECT))
		return;
	for (size_t i = 0; i < value->object.len; i++) {
		const struct member *member = &value->object.members[i];
		const struct field *field = find_field(fields, member->name);

		if (!field && !fields->open)
			unknown_member(decoder, fields, member);
		else if (field && is_given(decoder, fields, field, member->value))
			read_member(decoder, field, member, out);
	}
	for (size_t i = 0; i < fields->len; i++) {
		const struct field *field = &fields->items[i];

		if (field->required && field->type != FIELD_NAME &&
		    !is_given(decoder, fields, field, value_get(value, field->name)))
			decoder_error(decoder, value, "\"%s\" is missing", field->name);
	}
}

bool fields_decode(struct decoder *decoder, const struct fields *fields, const struct value *value,
		   void *out)
{
	static const struct value nothing = {.kind = VALUE_NULL};
	size_t errors = decoder->problems->errors;

	value = value ? value : &nothing;
	if (value->kind != VALUE_OBJECT && !decoder->place && !decoder->is_json)
		decoder_error(decoder, value, "%s must be a mapping, is %s", fields->title,
			      value_kind_name(value->kind));
	else
		read_structure(decoder, fields, value, out);
	return decoder->problems->errors == errors;
}

bool fields_decode_json(struct arena *arena, const struct fields *fields, const struct value *value,
			const char *what, void *out, struct error *err)
{
	SCOPED(problems) struct problems problems = {0};
	struct decoder decoder = {.arena = arena, .problems = &problems, .is_json = true};

	decoder.borrows = fields->borrowed;
	if (fields_decode(&decoder, fields, value, out))
		return true;
	for (size_t i = 0; i < problems.len; i++) {
		if (problems.items[i].level == PROBLEM_ERROR)
			return error_set(err, ERROR_PROTOCOL, "%s: %.*s", what,
					 STR_ARG(problems.items[i].text));
	}
	return error_set(err, ERROR_PROTOCOL, "%s: %zu problems", what, problems.errors);
}
