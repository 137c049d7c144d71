/* Field tables: one table decodes, encodes, validates and gives the JSON Schema of a structure. */
#ifndef VALUE_FIELDS_H
#define VALUE_FIELDS_H

#include "base/common.h"
#include "value/problems.h"
#include "value/strings.h"
#include "value/value.h"

enum field_type {
	FIELD_STRING,  /* struct str */
	FIELD_BOOL,    /* bool */
	FIELD_INT,     /* int64_t, within min..max */
	FIELD_NUMBER,  /* double, within min..max */
	FIELD_ENUM,    /* int: the index in `choices` */
	FIELD_STRINGS, /* struct strings; one string alone counts as a list of one when `or_one` */
	FIELD_OBJECT, /* the nested structure, by `fields`; of `fields->size` bytes at the offset */
	FIELD_LIST,   /* struct list of structures, by `fields` */
	FIELD_MAP, /* struct list of structures, by `fields`, whose first FIELD_NAME gets the key */
	FIELD_NAME,   /* struct str: the key of a FIELD_MAP's entry; never in the text */
	FIELD_VALUE,  /* struct value *: not decoded */
	FIELD_CUSTOM, /* `decode` reads it, `schema` says its JSON Schema */
};

struct list {
	void *items; /* an array of `len` structures */
	size_t len;
};

struct fields;
struct decoder;
struct decoder_place;

/*
 * What fields_encode() does with a field that is empty: "", 0, false, a list without items, a number below
 * zero (not known), or one whose `present` is false.
 */
enum field_empty {
	EMPTY_WRITTEN, /* written as any other value, unless `present` is false */
	EMPTY_LEFT_OUT,
	EMPTY_NULL,
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;    /* offsetof(struct x, y) */
	const char *help; /* one sentence; becomes the schema's description and the docs */
	bool required;
	bool or_one;     /* FIELD_STRINGS: a single string is accepted too */
	double min, max; /* both 0: no bounds; max below min: no upper bound */
	/* FIELD_LIST: at most max items; 0: any number */
	const char *const *choices;  /* FIELD_ENUM, and shown of FIELD_STRINGS: ended by NULL */
	const struct fields *fields; /* FIELD_OBJECT, FIELD_LIST, FIELD_MAP */
	size_t present;      /* offset of a bool that is set when the field is given; 0: none */
	const char *pattern; /* FIELD_STRING: shown in the schema; checked by `check` */
	/* A further check of a decoded field; adds problems by decoder_error(). May be NULL. */
	void (*check)(struct decoder *decoder, const struct value *value, void *field);
	/* FIELD_CUSTOM; false when it added an error. */
	bool (*decode)(struct decoder *decoder, const struct value *value, void *field);
	struct value *(*schema)(struct arena *arena);
	enum field_empty empty;
	/* FIELD_CUSTOM: the value of a field, or NULL to leave it out. */
	struct value *(*encode)(struct arena *arena, const void *field);
};

/*
 * Rows of a table.  The first argument is the structure's tag; FIELD_WITH adds what follows to the row:
 * FIELD_WITH(finding, line, "line", FIELD_INT, .max = 100).
 */
#define FIELD(owner, member, json_name, kind)                                                      \
	{.name = (json_name), .type = (kind), .offset = offsetof(struct owner, member)}
#define FIELD_WITH(owner, member, json_name, kind, ...)                                            \
	{.name = (json_name), .type = (kind), .offset = offsetof(struct owner, member), __VA_ARGS__}
#define NEEDED(owner, member, json_name, kind)                                                     \
	FIELD_WITH(owner, member, json_name, kind, .required = true)
#define NESTED(owner, member, json_name, kind, table)                                              \
	FIELD_WITH(owner, member, json_name, kind, .fields = &(table))
/* A table that ignores what it does not know: of a server's answer, or a file of another version. */
#define TABLE(owner, words, rows) TABLE_WITH(owner, words, rows, .open = true)
#define TABLE_WITH(owner, words, rows, ...)                                                        \
	{.title = (words),                                                                         \
	 .items = (rows),                                                                          \
	 .len = ARRAY_LEN(rows),                                                                   \
	 .size = sizeof(struct owner),                                                             \
	 __VA_ARGS__}

/* The table of one structure.  `items` are sorted as people should read them. */
struct fields {
	const char *title; /* "an agent definition" */
	const struct field *items;
	size_t len;
	size_t size; /* of the structure */
	bool open;   /* a server's answer: unknown members are ignored, null counts as not given */
	bool borrowed; /* fields_decode_json() copies no strings: they live as long as the value */
	const void *defaults; /* what an entry of a list or map of these starts as; NULL: zeroes */
};

/* What decoding needs besides the value; its fields may be used by `check` and `decode`. */
struct decoder {
	struct arena *arena; /* strings, lists and maps are copied here; values are borrowed */
	struct str file;     /* for problems */
	struct problems *problems; /* everything that is wrong, in one pass */
	void *ctx;                 /* for the checks of the caller */
	bool is_json;              /* places are JSON pointers, and null means "not given" */
	bool borrows;              /* strings are not copied: they live as long as the value */
	const struct decoder_place *place; /* where in the tree: kept by fields_decode() */
};

/* Adds an error or warning about `value`, which names the field that is being decoded. */
void decoder_error(struct decoder *decoder, const struct value *value, const char *fmt, ...)
	PRINTF(3, 4);
void decoder_warning(struct decoder *decoder, const struct value *value, const char *fmt, ...)
	PRINTF(3, 4);

/*
 * Fills `out` (which the caller has set to its defaults) from `value`.  Fields that are not given
 * are unchanged; entries of lists and maps start zeroed, or as `defaults` says.  Adds a problem for
 * each unknown member (with the nearest known name), wrong kind, value out of range or missing required
 * field.  False when it added an error.
 */
bool fields_decode(struct decoder *decoder, const struct fields *fields, const struct value *value,
		   void *out) MUST_USE;

/*
 * The same for one JSON text from a server or a model, where places are JSON pointers: the first
 * problem becomes an ERROR_PROTOCOL "what: /findings/3/line: must be a whole number".
 */
bool fields_decode_json(struct arena *arena, const struct fields *fields, const struct value *value,
			const char *what, void *out, struct error *err) MUST_USE;

/*
 * The object that fields_decode() would read back as `in`, its members in the order of the table.
 * Strings are copied.
 */
struct value *fields_encode(struct arena *arena, const struct fields *fields, const void *in);

/* The JSON Schema (draft 2020-12; without "$schema") of the structure, nested ones inlined. */
struct value *fields_schema(struct arena *arena, const struct fields *fields);

/* The same as a separate document: with "$schema", "$id" and "title" first. */
struct value *fields_schema_document(struct arena *arena, const struct fields *fields,
				     const char *id, const char *title);

/* A Markdown table of name, type and help; nested structures as dotted names. */
void fields_document(struct buf *out, const struct fields *fields);

#endif
