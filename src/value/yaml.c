/* Reads YAML: the events of libyaml become a value tree. */
#include "value/yaml.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/map.h"
#include "base/utf8.h"
#include "value/scalar.h"

/* The node of an anchor, and how many values and levels an alias to it adds. */
struct anchor {
	const struct value *value;
	size_t values;
	int depth;
};

struct yaml_reader {
	yaml_parser_t parser;
	struct arena *arena;
	struct str text;
	struct str file;
	struct problems *problems;
	size_t values;      /* in the tree so far, aliases expanded */
	struct map anchors; /* name -> struct anchor *, the latest of that name */
};

/* The next event of a node, and what is known of its level. */
struct node {
	const yaml_event_t *event;
	int depth;       /* levels above */
	int depth_below; /* out: levels that it adds */
};

static struct position position_of(yaml_mark_t mark)
{
	return (struct position){
		.line = (int)MIN_OF(mark.line, (size_t)INT_MAX - 1) + 1,
		.column = (int)MIN_OF(mark.column, (size_t)INT_MAX - 1) + 1,
	};
}

static struct str text_of(const yaml_char_t *text)
{
	return str_from((const char *)text);
}

/* Adds an error; NULL always, so that a reader can `return fail(...)`. */
static void *PRINTF(3, 4) fail(struct yaml_reader *reader, struct position at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	problem_vadd(reader->problems, reader->file, at, PROBLEM_ERROR, fmt, args);
	va_end(args);
	return NULL;
}

/* The line of the source with that number (1-based). */
static struct str source_line(struct str text, int number)
{
	struct str line = STR_EMPTY;

	while (number-- > 0 && str_next_line(&text, &line, NULL))
		;
	return line;
}

/* Whether the line is indented with a tab, which YAML does not allow and editors do not show. */
static bool tab_indents(struct str line)
{
	for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++) {
		if (line.ptr[i] == '\t')
			return true;
	}
	return false;
}

/* The fix for problems that the library reports in terms of its own states. */
static const char *fix_of(const char *what)
{
	static const struct {
		const char *what;
		const char *fix;
	} fixes[] = {
		{"mapping values are not allowed",
		 "; check the indentation of this line and the one above, or quote text that has \": \" in it"},
		{"block sequence entries are not allowed",
		 "; check the indentation: each \"-\" of a list begins in the same column"},
		{"did not find expected '-' indicator",
		 "; check the indentation: each \"-\" of a list begins in the same column"},
		{"did not find expected key",
		 "; check the indentation, and that quotes are closed"},
		{"could not find expected ':'", "; a key needs \":\" and a blank after it"},
		{"found character that cannot start any token", "; put the text in quotes"},
	};

	for (size_t i = 0; i < ARRAY_LEN(fixes); i++) {
		if (strncmp(what, fixes[i].what, strlen(fixes[i].what)) == 0)
			return fixes[i].fix;
	}
	return "";
}

static void *parse_problem(struct yaml_reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	struct position at = position_of(parser->problem_mark);
	const char *what = parser->problem ? parser->problem : "cannot be read as YAML";

	if (parser->error == YAML_MEMORY_ERROR)
		memory_exhausted();
	if (tab_indents(source_line(reader->text, at.line)))
		return fail(reader, at, "a tab indents this line; YAML requires spaces");
	if (parser->context)
		return fail(reader, at, "%s %s (line %zu)%s", what, parser->context,
			    parser->context_mark.line + 1, fix_of(what));
	return fail(reader, at, "%s%s", what, fix_of(what));
}

static bool next_event(struct yaml_reader *reader, yaml_event_t *event)
{
	if (yaml_parser_parse(&reader->parser, event))
		return true;
	parse_problem(reader);
	return false;
}

static bool count_values(struct yaml_reader *reader, struct position at, size_t values)
{
	reader->values += values;
	if (reader->values <= YAML_VALUES_MAX)
		return true;
	fail(reader, at, "more than %d values, aliases expanded", YAML_VALUES_MAX);
	return false;
}

static void remember(struct yaml_reader *reader, const yaml_char_t *name, struct anchor known)
{
	struct anchor *anchor;

	if (!name)
		return;
	anchor = ARENA_NEW(reader->arena, struct anchor);
	*anchor = known;
	map_put(&reader->anchors, arena_str(reader->arena, text_of(name)), anchor);
}

static struct value *read_node(struct yaml_reader *reader, struct node *node);

static struct value *read_alias(struct yaml_reader *reader, struct node *node)
{
	struct position at = position_of(node->event->start_mark);
	struct str name = text_of(node->event->data.alias.anchor);
	const struct anchor *anchor = map_get(&reader->anchors, name);

	if (!anchor)
		return fail(reader, at, "the alias \"*%.*s\" has no anchor before it",
			    STR_ARG(name));
	if (node->depth + anchor->depth > YAML_DEPTH_MAX)
		return fail(reader, at, "nested deeper than %d levels", YAML_DEPTH_MAX);
	if (!count_values(reader, at, anchor->values))
		return NULL;
	node->depth_below = anchor->depth;
	return value_copy(reader->arena, anchor->value);
}

static struct value *read_scalar(struct yaml_reader *reader, const yaml_event_t *event)
{
	struct position at = position_of(event->start_mark);
	struct str text = str_of((const char *)event->data.scalar.value, event->data.scalar.length);
	const char *tag = (const char *)event->data.scalar.tag;
	bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct value *value;
	const char *why = NULL;

	if (memchr(event->data.scalar.value, '\0', event->data.scalar.length))
		return fail(reader, at, "a string must not hold a NUL");
	value = scalar_resolve(reader->arena, text, tag, is_plain, &why);
	if (!value)
		return fail(reader, at, "%s", why);
	value->at = at;
	return value;
}

/* Reads the next node; always deletes the event. */
static struct value *read_next(struct yaml_reader *reader, int depth, int *depth_below)
{
	yaml_event_t event;
	struct node node = {.event = &event, .depth = depth};
	struct value *value;

	if (!next_event(reader, &event))
		return NULL;
	value = read_node(reader, &node);
	yaml_event_delete(&event);
	*depth_below = MAX_OF(*depth_below, node.depth_below);
	return value;
}

/* Whether the next event ends the collection; then it is consumed. False in *ok after a syntax error. */
static bool at_end(struct yaml_reader *reader, yaml_event_type_t end, yaml_event_t *event, bool *ok)
{
	*ok = next_event(reader, event);
	if (!*ok || event->type != end)
		return false;
	yaml_event_delete(event);
	return true;
}

static struct value *read_sequence(struct yaml_reader *reader, struct node *node)
{
	struct value *array = value_array(reader->arena);
	yaml_event_t event;
	bool ok;

	array->at = position_of(node->event->start_mark);
	while (!at_end(reader, YAML_SEQUENCE_END_EVENT, &event, &ok)) {
		struct node item_node = {.event = &event, .depth = node->depth + 1};
		struct value *item;

		if (!ok)
			return NULL;
		item = read_node(reader, &item_node);
		yaml_event_delete(&event);
		if (!item)
			return NULL;
		value_append(reader->arena, array, item);
		node->depth_below = MAX_OF(node->depth_below, item_node.depth_below + 1);
	}
	return array;
}

/* The key as text; the event is the caller's. */
static bool read_key(struct yaml_reader *reader, const yaml_event_t *event, struct str *name)
{
	struct position at = position_of(event->start_mark);
	struct value *key;

	if (event->type != YAML_SCALAR_EVENT) {
		fail(reader, at, "a key must be a string");
		return false;
	}
	key = read_scalar(reader, event);
	if (!key)
		return false;
	if (key->kind != VALUE_STRING) {
		fail(reader, at, "a key must be a string, this is %s: put it into quotes",
		     value_kind_name(key->kind));
		return false;
	}
	*name = key->string;
	return true;
}

static bool read_member(struct yaml_reader *reader, struct node *node, const yaml_event_t *event,
			struct map *names, struct value *object)
{
	struct position at = position_of(event->start_mark);
	const struct value *earlier;
	struct member *member;
	struct value *value;
	struct str name;
	int depth_below = 0;

	if (!read_key(reader, event, &name))
		return false;
	value = read_next(reader, node->depth + 1, &depth_below);
	if (!value)
		return false;
	node->depth_below = MAX_OF(node->depth_below, depth_below + 1);
	earlier = map_get(names, name);
	if (earlier) {
		fail(reader, at, "the key \"%.*s\" occurs twice: first in line %d", STR_ARG(name),
		     earlier->at.line);
		return false;
	}
	member = value_add_member(reader->arena, object, name, value);
	member->name_at = at;
	map_put(names, member->name, value);
	return true;
}

static struct value *read_mapping(struct yaml_reader *reader, struct node *node)
{
	SCOPED(map) struct map names = {0};
	struct value *object = value_object(reader->arena);
	yaml_event_t event;
	bool ok;

	object->at = position_of(node->event->start_mark);
	while (!at_end(reader, YAML_MAPPING_END_EVENT, &event, &ok)) {
		if (!ok)
			return NULL;
		ok = read_member(reader, node, &event, &names, object);
		yaml_event_delete(&event);
		if (!ok)
			return NULL;
	}
	return object;
}

static bool collection_tag_ok(struct yaml_reader *reader, const yaml_event_t *event,
			      const yaml_char_t *tag, const char *core)
{
	if (!tag || strcmp((const char *)tag, "!") == 0 || strcmp((const char *)tag, core) == 0)
		return true;
	fail(reader, position_of(event->start_mark), "the tag \"%s\" is not known here", tag);
	return false;
}

/* Reads the node that begins with this event. */
static struct value *read_node(struct yaml_reader *reader, struct node *node)
{
	const yaml_event_t *event = node->event;
	struct position at = position_of(event->start_mark);
	size_t before = reader->values;
	struct value *value = NULL;
	const yaml_char_t *anchor = NULL;

	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(reader, node);
	if (!count_values(reader, at, 1))
		return NULL;
	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		value = read_scalar(reader, event);
	} else if (node->depth >= YAML_DEPTH_MAX) {
		return fail(reader, at, "nested deeper than %d levels", YAML_DEPTH_MAX);
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		if (collection_tag_ok(reader, event, event->data.sequence_start.tag, YAML_SEQ_TAG))
			value = read_sequence(reader, node);
	} else {
		assert(event->type == YAML_MAPPING_START_EVENT);
		anchor = event->data.mapping_start.anchor;
		if (collection_tag_ok(reader, event, event->data.mapping_start.tag, YAML_MAP_TAG))
			value = read_mapping(reader, node);
	}
	if (value)
		remember(reader, anchor,
			 (struct anchor){value, reader->values - before, node->depth_below});
	return value;
}

/* Takes an event of no content off the stream; its type goes to *type. */
static bool skip_event(struct yaml_reader *reader, yaml_event_type_t *type, struct position *at)
{
	yaml_event_t event;

	if (!next_event(reader, &event))
		return false;
	*type = event.type;
	*at = position_of(event.start_mark);
	yaml_event_delete(&event);
	return true;
}

/* Takes `count` events, and gives the last. */
static bool skip_events(struct yaml_reader *reader, int count, yaml_event_type_t *type,
			struct position *at)
{
	bool ok = true;

	for (int i = 0; ok && i < count; i++)
		ok = skip_event(reader, type, at);
	return ok;
}

static struct value *read_stream(struct yaml_reader *reader)
{
	yaml_event_type_t type;
	struct position at;
	struct value *value;
	int depth_below = 0;

	if (!skip_events(reader, 2, &type, &at)) /* the starts of the stream and of the document */
		return NULL;
	if (type == YAML_STREAM_END_EVENT)
		return value_null(reader->arena);
	value = read_next(reader, 0, &depth_below);
	if (!value || !skip_events(reader, 2, &type, &at))
		return NULL;
	if (type != YAML_STREAM_END_EVENT)
		return fail(reader, at, "a second document begins here; a file has one document");
	return value;
}

/* The position of the first byte that is not UTF-8. */
static struct position first_bad_byte(struct str text)
{
	struct position at = {.line = 1, .column = 1};
	uint32_t character;

	for (struct str before = text; utf8_next(&text, &character); before = text) {
		if (character == 0xfffd && before.len - text.len == 1)
			break;
		at.column = character == '\n' ? 1 : at.column + 1;
		at.line += character == '\n';
	}
	return at;
}

struct value *yaml_read(struct arena *arena, struct str text, struct str file,
			struct problems *problems)
{
	struct yaml_reader reader = {
		.arena = arena, .text = text, .file = file, .problems = problems};
	struct value *value;

	if (text.len > YAML_SIZE_MAX)
		return fail(&reader, (struct position){0}, "%zu bytes; at most %d are read",
			    text.len, YAML_SIZE_MAX);
	if (!utf8_valid(text))
		return fail(&reader, first_bad_byte(text), "this is not UTF-8");
	/* A byte order mark is not part of the text (YAML 1.2, 5.2). */
	reader.text = text = utf8_skip_mark(text);
	if (!yaml_parser_initialize(&reader.parser))
		memory_exhausted();
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser,
				     (const unsigned char *)(text.len ? text.ptr : ""), text.len);
	value = read_stream(&reader);
	map_release(&reader.anchors);
	yaml_parser_delete(&reader.parser);
	return value;
}
