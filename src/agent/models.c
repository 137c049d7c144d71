/* The table of models that is part of the program. */
#include "agent/models.h"

#include "agent/builtin.h"
#include "value/problems.h"
#include "value/yaml.h"

/* ---- Its shape ---- */

#define UNKNOWN_PRICE {-1, -1, -1, -1}

static const char *const support_names[] = {
	[TOOLS_NONE] = "none", [TOOLS_PLAIN] = "plain", [TOOLS_FORCED] = "forced", NULL};
static const char *const thinking_names[] = {[THINKING_OFF] = "off",
					     [THINKING_BUDGET] = "budget",
					     [THINKING_ADAPTIVE] = "adaptive",
					     NULL};

static const struct field price_items[] = {
	{.name = "input", .type = FIELD_NUMBER, .offset = offsetof(struct price, input)},
	{.name = "output", .type = FIELD_NUMBER, .offset = offsetof(struct price, output)},
	{.name = "cache_read", .type = FIELD_NUMBER, .offset = offsetof(struct price, cache_read)},
	{.name = "cache_write",
	 .type = FIELD_NUMBER,
	 .offset = offsetof(struct price, cache_write)},
};
static const struct fields price_fields = {
	.title = "a price",
	.items = price_items,
	.len = ARRAY_LEN(price_items),
	.size = sizeof(struct price),
};

/* The integers of the traits are of several widths, so they are decoded beside them. */
struct raw_row {
	struct model_row row;
	int64_t cache_points_max;
};

#define RAW_TRAIT(member) .offset = offsetof(struct raw_row, row.traits.member)
static const struct field row_items[] = {
	{.name = "match",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct raw_row, row.match),
	 .required = true},
	{.name = "family", .type = FIELD_STRING, RAW_TRAIT(family), .required = true},
	{.name = "cache_tokens_min", .type = FIELD_INT, RAW_TRAIT(cache_tokens_min)},
	{.name = "cache_points_max",
	 .type = FIELD_INT,
	 .offset = offsetof(struct raw_row, cache_points_max)},
	{.name = "tools", .type = FIELD_ENUM, RAW_TRAIT(tools), .choices = support_names},
	{.name = "streaming_tools", .type = FIELD_BOOL, RAW_TRAIT(streaming_tools)},
	{.name = "system_text", .type = FIELD_BOOL, RAW_TRAIT(system_text)},
	{.name = "structured_output", .type = FIELD_BOOL, RAW_TRAIT(structured_output)},
	{.name = "thinking", .type = FIELD_ENUM, RAW_TRAIT(thinking), .choices = thinking_names},
	{.name = "context_tokens", .type = FIELD_INT, RAW_TRAIT(context_tokens), .required = true},
	{.name = "output_tokens_max", .type = FIELD_INT, RAW_TRAIT(output_tokens_max)},
	{.name = "price",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct raw_row, row.price),
	 .fields = &price_fields},
	{.name = "price_global",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct raw_row, row.price_global),
	 .fields = &price_fields},
};
static const struct raw_row row_defaults = {
	.row = {.price = UNKNOWN_PRICE, .price_global = UNKNOWN_PRICE},
};
static const struct fields row_fields = {
	.title = "a model",
	.items = row_items,
	.len = ARRAY_LEN(row_items),
	.size = sizeof(struct raw_row),
	.defaults = &row_defaults,
};

static const struct field alias_items[] = {
	{.type = FIELD_NAME, .offset = offsetof(struct model_alias, name)},
	{.name = "id",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct model_alias, id),
	 .required = true},
	{.name = "groups",
	 .type = FIELD_STRINGS,
	 .offset = offsetof(struct model_alias, groups),
	 .required = true},
};
static const struct fields alias_fields = {
	.title = "an alias",
	.items = alias_items,
	.len = ARRAY_LEN(alias_items),
	.size = sizeof(struct model_alias),
};

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
static const struct fields region_fields = {
	.title = "a region",
	.items = region_items,
	.len = ARRAY_LEN(region_items),
	.size = sizeof(struct region_row),
};

struct raw_table {
	struct str date;
	struct list regions, aliases, models;
	struct value *families;
};

static const struct field table_items[] = {
	{.name = "date",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct raw_table, date),
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
static const struct fields table_fields = {
	.title = "the table of models",
	.items = table_items,
	.len = ARRAY_LEN(table_items),
	.size = sizeof(struct raw_table),
};

/* ---- Reading ---- */

static void take_rows(struct arena *arena, const struct list *raw, struct model_table *table)
{
	const struct raw_row *rows = raw->items;

	table->rows = ARENA_ARRAY(arena, struct model_row, raw->len);
	table->rows_len = raw->len;
	for (size_t i = 0; i < raw->len; i++) {
		table->rows[i] = rows[i].row;
		table->rows[i].traits.cache_points_max = (int)rows[i].cache_points_max;
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
	const struct builtin_file *file = builtin_find(STR("models.yml"));
	struct decoding decoding = {
		.arena = arena, .file = STR("models.yml"), .problems = &problems};
	struct raw_table raw = {0};
	struct value *root = yaml_read(arena, file->text, file->name, &problems);
	bool ok = root && fields_decode(&decoding, &table_fields, root, &raw);

	/* It is part of the program, and a test reads it. */
	assert(ok);
	if (!ok)
		return;
	*table = (struct model_table){
		.date = raw.date,
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

bool model_is_id(struct str name)
{
	return str_find_char(name, '.', 0) >= 0 || str_find_char(name, ':', 0) >= 0 ||
	       str_find_char(name, '/', 0) >= 0;
}

/* What stands behind the last '/' of an ARN; another id as it is. */
static struct str last_part(struct str id)
{
	ptrdiff_t slash = str_rfind_char(id, '/');

	return slash < 0 ? id : str_skip(id, (size_t)slash + 1);
}

const struct model_row *model_table_row(const struct model_table *table, struct str id)
{
	struct str whole = last_part(id);
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
