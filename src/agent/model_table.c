/* The table of models that is part of the program. */
#include "agent/model_table.h"

#include "agent/builtin.h"
#include "value/fields.h"
#include "value/json.h"
#include "value/problems.h"

/* ---- Its shape ---- */

static const char *const support_names[] = {[TOOLS_NONE] = "none",
					    [TOOLS_PLAIN] = "plain",
					    [TOOLS_ANY] = "any",
					    [TOOLS_FORCED] = "forced",
					    NULL};
static const char *const thinking_names[] = {[THINKING_OFF] = "off",
					     [THINKING_BUDGET] = "budget",
					     [THINKING_ADAPTIVE] = "adaptive",
					     NULL};
static const char *const thinks_names[] = {[THINKS_ON_REQUEST] = "on-request",
					   [THINKS_BY_DEFAULT] = "by-default",
					   [THINKS_ALWAYS] = "always",
					   NULL};
static const char *const effort_way_names[] = {
	[EFFORT_NONE] = "none",           [EFFORT_OUTPUT_CONFIG] = "output_config",
	[EFFORT_REASONING] = "reasoning", [EFFORT_REASONING_EFFORT] = "reasoning_effort",
	[EFFORT_NOVA] = "nova",           NULL};

#define FIELDS_OF(text, array, type, first)                                                        \
	{.title = (text),                                                                          \
	 .items = (array),                                                                         \
	 .len = ARRAY_LEN(array),                                                                  \
	 .size = sizeof(type),                                                                     \
	 .defaults = (first)}

#define PRICE(member)                                                                              \
	{.name = #member,                                                                          \
	 .type = FIELD_NUMBER,                                                                     \
	 .offset = offsetof(struct model_price, price.member)}
static const struct field price_items[] = {
	{.type = FIELD_NAME, .offset = offsetof(struct model_price, group)},
	PRICE(input),
	PRICE(output),
	PRICE(cache_read),
	PRICE(cache_write),
	PRICE(cache_write_hour),
};
static const struct model_price price_defaults = {.price = {-1, -1, -1, -1}};
static const struct fields price_fields =
	FIELDS_OF("a price", price_items, struct model_price, &price_defaults);

#define NUMBER(type_, member)                                                                      \
	{.name = #member, .type = FIELD_NUMBER, .offset = offsetof(type_, member)}
static const struct field tiers_items[] = {
	NUMBER(struct model_tiers, flex),
	NUMBER(struct model_tiers, priority),
};
static const struct fields tiers_fields = FIELDS_OF("tiers", tiers_items, struct model_tiers, NULL);

static const struct field long_items[] = {
	{.name = "above_tokens",
	 .type = FIELD_INT,
	 .offset = offsetof(struct model_long, above_tokens),
	 .required = true},
	NUMBER(struct model_long, input),
	NUMBER(struct model_long, output),
};
static const struct fields long_fields =
	FIELDS_OF("a longer price", long_items, struct model_long, NULL);

/* The integers of the traits are of several widths, so they are decoded beside them. */
struct raw_row {
	struct model_row row;
	struct list prices;
	int64_t cache_points_max;
	struct str kind;      /* applied by flatten_row() */
	struct value *traits; /* likewise */
};

#define TRAIT(member, type_)                                                                       \
	.name = #member, .type = type_, .offset = offsetof(struct raw_row, row.traits.member)
#define ROW(member) .offset = offsetof(struct raw_row, row.member)
static const struct field row_items[] = {
	{.name = "match", .type = FIELD_STRING, ROW(match), .required = true},
	{.name = "kind", .type = FIELD_STRING, .offset = offsetof(struct raw_row, kind)},
	{.name = "traits", .type = FIELD_VALUE, .offset = offsetof(struct raw_row, traits)},
	{TRAIT(family, FIELD_STRING), .required = true},
	{TRAIT(cache_tokens_min, FIELD_INT)},
	{.name = "cache_points_max",
	 .type = FIELD_INT,
	 .offset = offsetof(struct raw_row, cache_points_max)},
	{TRAIT(tools, FIELD_ENUM), .choices = support_names},
	{TRAIT(streaming_tools, FIELD_BOOL)},
	{TRAIT(system_text, FIELD_BOOL)},
	{TRAIT(mixed_turns, FIELD_BOOL)},
	{TRAIT(structured_output, FIELD_BOOL)},
	{TRAIT(strict_tools, FIELD_BOOL)},
	{TRAIT(thinking, FIELD_ENUM), .choices = thinking_names},
	{TRAIT(thinks, FIELD_ENUM), .choices = thinks_names},
	{TRAIT(effort, FIELD_ENUM), .choices = effort_way_names},
	{TRAIT(effort_max, FIELD_STRING)},
	{TRAIT(tokens_percent, FIELD_INT)},
	{TRAIT(context_tokens, FIELD_INT), .required = true},
	{TRAIT(output_tokens_max, FIELD_INT)},
	{.name = "end_of_life", .type = FIELD_STRING, ROW(end_of_life)},
	{.name = "source", .type = FIELD_STRING, ROW(source)},
	{.name = "prices",
	 .type = FIELD_MAP,
	 .offset = offsetof(struct raw_row, prices),
	 .fields = &price_fields},
	{.name = "tiers", .type = FIELD_OBJECT, ROW(tiers), .fields = &tiers_fields},
	{.name = "long", .type = FIELD_OBJECT, ROW(long_input), .fields = &long_fields},
};
static const struct raw_row row_defaults = {.row.traits = MODEL_TRAITS_UNKNOWN};
static const struct fields row_fields =
	FIELDS_OF("a model", row_items, struct raw_row, &row_defaults);

#define PROFILES(member)                                                                           \
	{.name = "id",                                                                             \
	 .type = FIELD_STRING,                                                                     \
	 .offset = offsetof(struct model_profiles, id) + (member),                                 \
	 .required = true},                                                                        \
	{                                                                                          \
		.name = "groups", .type = FIELD_STRINGS,                                           \
		.offset = offsetof(struct model_profiles, groups) + (member), .required = true     \
	}
static const struct field profiles_items[] = {PROFILES(0)};
static const struct fields profiles_fields =
	FIELDS_OF("profiles", profiles_items, struct model_profiles, NULL);

static const struct field alias_items[] = {
	{.type = FIELD_NAME, .offset = offsetof(struct model_alias, name)},
	PROFILES(offsetof(struct model_alias, newest)),
	{.name = "previous",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct model_alias, previous),
	 .fields = &profiles_fields},
};
static const struct fields alias_fields =
	FIELDS_OF("an alias", alias_items, struct model_alias, NULL);

static const struct field source_items[] = {
	{.type = FIELD_NAME, .offset = offsetof(struct model_source, name)},
	{.name = "date",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct model_source, date),
	 .required = true},
	{.name = "what",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct model_source, what),
	 .required = true},
};
static const struct fields source_fields =
	FIELDS_OF("a source", source_items, struct model_source, NULL);

static const struct field region_items[] = {
	{.name = "prefix",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct region_row, prefix),
	 .required = true},
	{.name = "groups",
	 .type = FIELD_STRINGS,
	 .offset = offsetof(struct region_row, groups),
	 .required = true},
};
static const struct fields region_fields =
	FIELDS_OF("a region", region_items, struct region_row, NULL);

struct raw_table {
	struct str date;
	struct list sources, regions, aliases, models;
	struct value *kinds, *families;
};

static const struct field table_items[] = {
	{.name = "date",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct raw_table, date),
	 .required = true},
	{.name = "sources",
	 .type = FIELD_MAP,
	 .offset = offsetof(struct raw_table, sources),
	 .fields = &source_fields,
	 .required = true},
	{.name = "kinds",
	 .type = FIELD_VALUE,
	 .offset = offsetof(struct raw_table, kinds),
	 .required = true},
	{.name = "regions",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct raw_table, regions),
	 .fields = &region_fields,
	 .required = true},
	{.name = "aliases",
	 .type = FIELD_MAP,
	 .offset = offsetof(struct raw_table, aliases),
	 .fields = &alias_fields,
	 .required = true},
	{.name = "models",
	 .type = FIELD_LIST,
	 .offset = offsetof(struct raw_table, models),
	 .fields = &row_fields,
	 .required = true},
	{.name = "families",
	 .type = FIELD_VALUE,
	 .offset = offsetof(struct raw_table, families),
	 .required = true},
};
static const struct fields table_fields =
	FIELDS_OF("the table of models", table_items, struct raw_table, NULL);

/* ---- Reading ---- */

/* Sets what `object` does not say itself. */
static void add_missing(struct arena *arena, struct value *object, const struct value *from)
{
	for (size_t i = 0; value_is(from, VALUE_OBJECT) && i < from->object.len; i++) {
		const struct member *member = &from->object.members[i];

		if (!value_get_str(object, member->name))
			value_set_str(arena, object, member->name, member->value);
	}
}

/* A row says its traits in an object, and the rest of them by naming a kind. */
static void flatten_row(struct arena *arena, struct value *row, const struct value *kinds)
{
	add_missing(arena, row, value_get(row, "traits"));
	add_missing(arena, row, value_get_str(kinds, value_get_string(row, "kind")));
}

static void flatten(struct arena *arena, struct value *root)
{
	const struct value *models = value_get(root, "models");

	for (size_t i = 0; i < value_len(models); i++)
		flatten_row(arena, value_at(models, i), value_get(root, "kinds"));
}

static void take_rows(struct arena *arena, const struct list *raw, struct model_table *table)
{
	const struct raw_row *rows = raw->items;

	table->rows = ARENA_ARRAY(arena, struct model_row, raw->len);
	table->rows_len = raw->len;
	for (size_t i = 0; i < raw->len; i++) {
		table->rows[i] = rows[i].row;
		table->rows[i].traits.cache_points_max = (int)rows[i].cache_points_max;
		table->rows[i].prices = rows[i].prices.items;
		table->rows[i].prices_len = rows[i].prices.len;
	}
}

static void take_families(struct arena *arena, const struct value *families,
			  struct model_table *table)
{
	size_t len = value_len(families);

	table->families = arena_alloc(arena, len, sizeof(table->families[0]));
	table->families_len = len;
	for (size_t i = 0; i < len; i++) {
		table->families[i].family = families->object.members[i].name;
		table->families[i].match = value_as_string(families->object.members[i].value);
	}
}

void model_table_read(struct arena *arena, struct model_table *table)
{
	SCOPED(problems) struct problems problems = {0};
	const struct builtin_file *file = builtin_find(STR("models.json"));
	struct decoder decoder = {.arena = arena, .file = file->name, .problems = &problems};
	struct raw_table raw = {0};
	struct error err = {0};
	struct value *root = json_read(arena, file->text, 0, &err);
	bool ok;

	if (root)
		flatten(arena, root);
	ok = root && fields_decode(&decoder, &table_fields, root, &raw);
	/* It is part of the program, and a test reads it. */
	assert(ok);
	if (!ok)
		return;
	*table = (struct model_table){
		.date = raw.date,
		.sources = raw.sources.items,
		.sources_len = raw.sources.len,
		.aliases = raw.aliases.items,
		.aliases_len = raw.aliases.len,
		.regions = raw.regions.items,
		.regions_len = raw.regions.len,
	};
	take_rows(arena, &raw.models, table);
	take_families(arena, raw.families, table);
}

/* ---- Looking up ---- */

const struct model_alias *model_table_alias(const struct model_table *table, struct str name)
{
	for (size_t i = 0; i < table->aliases_len; i++) {
		if (str_eq(table->aliases[i].name, name))
			return &table->aliases[i];
	}
	return NULL;
}

/* "us-east-1/..." */
static bool starts_region(struct str text, struct str *region, struct str *rest)
{
	ptrdiff_t dash = str_find_char(text, '-', 0);

	return dash > 0 && str_cut(text, STR("/"), region, rest) && (size_t)dash < region->len &&
	       str_find_char(*region, '.', 0) < 0 && str_find_char(*region, ':', 0) < 0 &&
	       region->len <= 20;
}

struct str model_plain_id(struct str name, struct str *region)
{
	static const struct str routes[] = {STR_INIT("converse/"), STR_INIT("invoke/")};
	struct str id = str_trim(name);
	struct str rest;

	*region = STR_EMPTY;
	if (!str_starts(id, STR("bedrock/")))
		return id;
	id = str_skip(id, STR("bedrock/").len);
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (str_starts(id, routes[i]))
			id = str_skip(id, routes[i].len);
	}
	if (starts_region(id, region, &rest))
		return rest;
	*region = STR_EMPTY;
	return id;
}

bool model_is_id(struct str name)
{
	return str_find_char(name, '.', 0) >= 0 || str_find_char(name, ':', 0) >= 0 ||
	       str_find_char(name, '/', 0) >= 0;
}

const struct model_row *model_table_row(const struct model_table *table, struct str id)
{
	struct str whole = str_last_part(id);
	ptrdiff_t dot = str_find_char(whole, '.', 0);
	struct str rest = dot < 0 ? STR_EMPTY : str_skip(whole, (size_t)dot + 1);
	const struct model_row *best = NULL;

	for (size_t i = 0; i < table->rows_len; i++) {
		const struct model_row *row = &table->rows[i];

		/* A profile has a group before the model's id: "us.", "global.", those to come. */
		if (!str_starts(whole, row->match) && !str_starts(rest, row->match))
			continue;
		if (!best || row->match.len > best->match.len)
			best = row;
	}
	return best;
}
