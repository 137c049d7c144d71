/* What a GraphQL operation selects: members by name, lists by pages, as GitHub gives them. */
#include "hub_select.h"
#include "value/put.h"

enum { PAGE_SIZE_MAX = 100, DEPTH_MAX = 32 };

/* The position of the reader; the operation keeps the first error. */
struct selection_reader {
	struct hub_operation *operation;
	struct arena *arena;
	struct str rest;
	int depth;
};

/* ---- Words ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static bool fail(struct selection_reader *reader, const char *why)
{
	if (!reader->operation->why)
		reader->operation->why = why;
	reader->rest = STR_EMPTY;
	return false;
}

/* The character that comes next, without taking it; 0 at the end. */
static char peek(struct selection_reader *reader)
{
	while (reader->rest.len && is_space(reader->rest.ptr[0]))
		reader->rest = str_skip(reader->rest, 1);
	return reader->rest.len ? reader->rest.ptr[0] : 0;
}

static bool take(struct selection_reader *reader, char c)
{
	if (peek(reader) != c)
		return false;
	reader->rest = str_skip(reader->rest, 1);
	return true;
}

/* A name or a number; empty when there is neither here. */
static struct str take_word(struct selection_reader *reader)
{
	struct str word;
	size_t len = 0;

	(void)peek(reader);
	while (len < reader->rest.len && is_word(reader->rest.ptr[len]))
		len++;
	word = str_slice(reader->rest, 0, len);
	reader->rest = str_skip(reader->rest, len);
	return word;
}

/* ---- Arguments ---- */

static struct value *read_value(struct selection_reader *reader);

static struct value *read_object(struct selection_reader *reader, char end)
{
	struct value *object = value_object(reader->arena);

	while (!take(reader, end)) {
		struct str name = take_word(reader);

		if (!name.len || !take(reader, ':')) {
			fail(reader, "Parse error on arguments");
			break;
		}
		value_set_str(reader->arena, object, name, read_value(reader));
	}
	return object;
}

static struct value *read_text(struct selection_reader *reader)
{
	struct str text = STR_EMPTY;

	if (!str_cut(reader->rest, STR("\""), &text, &reader->rest))
		fail(reader, "Parse error: a string without end");
	return value_string(reader->arena, text);
}

/* Numbers, names and enums, strings without escapes, variables, objects. */
static struct value *read_value(struct selection_reader *reader)
{
	struct value *given;
	struct str word;
	int64_t number;

	if (take(reader, '{'))
		return read_object(reader, '}');
	if (take(reader, '"'))
		return read_text(reader);
	if (take(reader, '$')) {
		given = value_get_str(reader->operation->variables, take_word(reader));
		return given ? value_copy(reader->arena, given) : value_null(reader->arena);
	}
	word = take_word(reader);
	if (!word.len)
		fail(reader, "Parse error on a value");
	if (str_eq(word, STR("null")))
		return value_null(reader->arena);
	if (str_eq(word, STR("true")) || str_eq(word, STR("false")))
		return value_bool(reader->arena, str_eq(word, STR("true")));
	if (str_to_int64(word, &number))
		return value_int(reader->arena, number);
	return value_string(reader->arena, word);
}

struct selected_field {
	struct str alias, name;
	struct value *arguments;
};

static bool read_field(struct selection_reader *reader, struct selected_field *field)
{
	field->name = take_word(reader);
	field->alias = field->name;
	if (take(reader, ':'))
		field->name = take_word(reader);
	if (!field->name.len)
		return fail(reader, "Parse error on a selection; the emulator knows no fragments");
	field->arguments =
		take(reader, '(') ? read_object(reader, ')') : value_object(reader->arena);
	return !reader->operation->why;
}

/* ---- Selections ---- */

/* One page of a connection, with `nodes`, `totalCount` and `pageInfo`; cursors are "c" and an index. */
static const struct value *page_of(struct selection_reader *reader, const struct value *connection,
				   const struct value *arguments)
{
	struct arena *arena = reader->arena;
	const struct value *all = value_get(connection, "nodes");
	struct value *page = value_object(arena);
	struct value *info = value_object(arena);
	struct value *nodes = value_array(arena);
	int64_t len = (int64_t)value_len(all);
	int64_t first = value_get_int(arguments, "first", 0);
	struct str after = value_get_string(arguments, "after");
	int64_t start = 0;
	int64_t end;

	if (first < 1 || first > PAGE_SIZE_MAX) {
		fail(reader, first ? "Requesting that many records exceeds the `first` limit of 100"
				   : "You must provide a `first` or `last` value to paginate");
		return NULL;
	}
	if (after.len && (!str_starts(after, STR("c")) ||
			  !str_to_int64(str_skip(after, 1), &start) || start < 0)) {
		fail(reader, "that does not appear to be a valid cursor");
		return NULL;
	}
	end = MIN_OF(start + first, len);
	for (int64_t i = start; i < end; i++)
		value_append(arena, nodes, value_at(all, (size_t)i));
	put_bool(arena, info, "hasNextPage", end < len);
	put_bool(arena, info, "hasPreviousPage", start > 0);
	value_set(arena, info, "endCursor",
		  end > start ? value_string(arena, arena_printf(arena, "c%lld", (long long)end))
			      : value_null(arena));
	value_set(arena, page, "nodes", nodes);
	value_set(arena, page, "pageInfo", info);
	put_int(arena, page, "totalCount", len);
	return page;
}

static struct value *select_members(struct selection_reader *reader, const struct value *from);

/* A selection of one object, or of each of a list; NULL `from`: the selection is only read. */
static struct value *select_each(struct selection_reader *reader, const struct value *from)
{
	struct value *list = value_array(reader->arena);
	struct str start = reader->rest;

	if (!value_is(from, VALUE_ARRAY))
		return select_members(reader, value_is(from, VALUE_NULL) ? NULL : from);
	if (!value_len(from))
		(void)select_members(reader, NULL);
	for (size_t i = 0; i < value_len(from); i++) {
		reader->rest = start;
		value_append(reader->arena, list, select_members(reader, value_at(from, i)));
	}
	return list;
}

static struct value *select_field(struct selection_reader *reader, const struct value *from,
				  const struct selected_field *field)
{
	const struct value *value = from ? value_get_str(from, field->name) : NULL;
	bool is_tree;

	if (from && !value) {
		fail(reader,
		     arena_printf(reader->arena, "Field '%.*s' doesn't exist", STR_ARG(field->name))
			     .ptr);
		return value_null(reader->arena);
	}
	if (value_get(value, "nodes"))
		value = page_of(reader, value, field->arguments);
	is_tree = value_is(value, VALUE_OBJECT) || value_is(value, VALUE_ARRAY);
	if (peek(reader) == '{')
		return select_each(reader, value);
	if (is_tree)
		fail(reader, "Field must have selections");
	return value ? value_copy(reader->arena, value) : value_null(reader->arena);
}

static struct value *select_members(struct selection_reader *reader, const struct value *from)
{
	struct value *object = value_object(reader->arena);

	if (!take(reader, '{') || ++reader->depth > DEPTH_MAX) {
		fail(reader, "Parse error: a selection is missing, or they are too deep");
		return value_null(reader->arena);
	}
	while (!take(reader, '}')) {
		struct selected_field field;

		if (!read_field(reader, &field))
			break;
		value_set_str(reader->arena, object, field.alias,
			      select_field(reader, from, &field));
	}
	reader->depth--;
	return from ? object : value_null(reader->arena);
}

/* ---- Operations ---- */

/* Returns a reader at the start of the operation's selection. */
static struct selection_reader begin(struct hub_operation *operation, struct arena *arena)
{
	struct selection_reader reader = {
		.operation = operation, .arena = arena, .rest = operation->query};
	struct str head = STR_EMPTY;

	if (peek(&reader) == '{')
		return reader;
	(void)take_word(&reader);
	(void)take_word(&reader);
	if (take(&reader, '(') && !str_cut(reader.rest, STR(")"), &head, &reader.rest))
		fail(&reader, "Parse error on the variables");
	return reader;
}

bool hub_is_mutation(const struct hub_operation *operation)
{
	return str_starts(str_trim(operation->query), STR("mutation"));
}

struct str hub_first_field(struct hub_operation *operation, struct arena *arena,
			   struct value **arguments)
{
	struct selection_reader reader = begin(operation, arena);
	struct selected_field field = {0};

	if (!take(&reader, '{'))
		fail(&reader, "Parse error: a selection is missing");
	(void)read_field(&reader, &field);
	*arguments = field.arguments;
	return field.name;
}

struct value *hub_select(struct hub_operation *operation, const struct value *root,
			 struct arena *arena)
{
	struct selection_reader reader = begin(operation, arena);
	struct value *data = select_members(&reader, root);

	if (!operation->why && peek(&reader))
		fail(&reader, "Parse error: unexpected text after the operation");
	return operation->why ? NULL : data;
}
