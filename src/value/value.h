/* One value tree for JSON and YAML, with the position of each value in the source. */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT, /* fits an int64_t */
	VALUE_REAL,
	VALUE_STRING, /* UTF-8 without NUL */
	VALUE_ARRAY,
	VALUE_OBJECT, /* members in the order of the source; no name twice */
};

/* 1-based; line 0 means "unknown" (a value from JSON, or one that code built). */
struct position {
	int line;
	int column; /* in characters */
};

struct value;

struct member {
	struct str name;
	struct position name_at;
	struct value *value;
};

/*
 * Lives in an arena with all below it.  Built by the readers (json.h, yaml.h) or by the functions
 * here; value_set() and value_append() change a tree, everything else takes it as const.
 */
struct value {
	enum value_kind kind;
	struct position at;
	union {
		bool boolean;
		int64_t integer;
		double real;
		struct str string;
		struct {
			struct value **items;
			size_t len, cap;
		} array;
		struct {
			struct member *members;
			size_t len, cap;
		} object;
	};
};

/* "null", "true or false", "a whole number", "a number", "a string", "a list", "a mapping". */
const char *value_kind_name(enum value_kind kind);

/* Building.  Strings are copied into the arena; bytes that are not UTF-8 become U+FFFD. */
struct value *value_null(struct arena *arena);
struct value *value_bool(struct arena *arena, bool boolean);
struct value *value_int(struct arena *arena, int64_t integer);
struct value *value_real(struct arena *arena, double real);
struct value *value_string(struct arena *arena, struct str string);
/* The same without a copy, for valid UTF-8 without NUL. */
struct value *value_string_of(struct arena *arena, struct str string);
/* Borrows it where it is valid, else copies and repairs it. */
struct value *value_borrowed(struct arena *arena, struct str string);
struct value *value_text(struct arena *arena, const char *text);
struct value *value_array(struct arena *arena);
struct value *value_object(struct arena *arena);
struct value *value_copy(struct arena *arena, const struct value *value);

/* Appends to an array; sets or replaces a member of an object (its name is copied). */
void value_append(struct arena *arena, struct value *array, struct value *item);
void value_set(struct arena *arena, struct value *object, const char *name, struct value *value);
void value_set_str(struct arena *arena, struct value *object, struct str name, struct value *value);

/* Appends a member; the caller makes sure that the object has none of that name. */
struct member *value_add_member(struct arena *arena, struct value *object, struct str name,
				struct value *value);

/*
 * Reading.  All accept NULL and a value of another kind, and then give NULL, the empty string, 0 or
 * `fallback`: so a path through an untrusted tree needs no checks in between.
 */
struct value *value_get(const struct value *object, const char *name);
struct value *value_get_str(const struct value *object, struct str name);
struct value *value_at(const struct value *array, size_t idx);
size_t value_len(const struct value *array_or_object);
struct str value_get_string(const struct value *object, const char *name);
int64_t value_get_int(const struct value *object, const char *name,
		      int64_t fallback); /* VALUE_INT only */
double value_get_number(const struct value *object, const char *name, double fallback);
bool value_get_bool(const struct value *object, const char *name, bool fallback);
struct str value_as_string(const struct value *value);
bool value_is(const struct value *value, enum value_kind kind);

/* Limits of value_join(). */
enum {
	VALUE_JOIN_DEPTH_MAX = 16,        /* levels that both values have */
	VALUE_JOINED_TEXT_MAX = 64 << 10, /* bytes of a text */
	VALUE_JOINED_MEMBERS_MAX = 256,   /* members of an object: each is compared with all */
};

/*
 * Joins two values that were given in place of one: lists are appended, members united, different texts put on
 * separate lines.  `a` becomes part of the result, so that many values are joined in linear time.  NULL when they
 * contradict each other, or when a limit above is exceeded; `a` is then half joined.
 */
struct value *value_join(struct arena *arena, struct value *a, const struct value *b);

/* Same kind and content; members in any order; 1 and 1.0 are equal. */
bool value_equal(const struct value *a, const struct value *b);

/* Appends a member's name as a JSON pointer has it. */
void value_add_pointer_name(struct buf *out, struct str name);

/* Follows a JSON pointer (RFC 6901); NULL when nothing is there. */
const struct value *value_at_pointer(const struct value *root, struct str pointer);

#endif
