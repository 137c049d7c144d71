/* Short names for building JSON bodies. */
#ifndef VALUE_PUT_H
#define VALUE_PUT_H

#include "base/common.h"
#include "value/value.h"

/* Each put_ function sets a member of `object`; each append_ function adds to an array. */
static inline void UNUSED put_text(struct arena *arena, struct value *object, const char *name,
				   struct str text)
{
	value_set(arena, object, name, value_string(arena, text));
}

/* A text that outlives the object. */
static inline void UNUSED put_borrowed(struct arena *arena, struct value *object, const char *name,
				       struct str text)
{
	value_set(arena, object, name, value_borrowed(arena, text));
}

static inline void UNUSED put_int(struct arena *arena, struct value *object, const char *name,
				  int64_t number)
{
	value_set(arena, object, name, value_int(arena, number));
}

static inline void UNUSED put_real(struct arena *arena, struct value *object, const char *name,
				   double number)
{
	value_set(arena, object, name, value_real(arena, number));
}

static inline void UNUSED put_bool(struct arena *arena, struct value *object, const char *name,
				   bool truth)
{
	value_set(arena, object, name, value_bool(arena, truth));
}

/* A C string, such as a constant. */
static inline void UNUSED put_word(struct arena *arena, struct value *object, const char *name,
				   const char *text)
{
	value_set(arena, object, name, value_text(arena, text));
}

/* Sets an empty object or array as a member, and returns it. */
static inline struct value *UNUSED put_object(struct arena *arena, struct value *object,
					      const char *name)
{
	struct value *member = value_object(arena);

	value_set(arena, object, name, member);
	return member;
}

static inline struct value *UNUSED put_array(struct arena *arena, struct value *object,
					     const char *name)
{
	struct value *member = value_array(arena);

	value_set(arena, object, name, member);
	return member;
}

/* Appends an empty object to an array, and returns it. */
static inline struct value *UNUSED append_object(struct arena *arena, struct value *array)
{
	struct value *item = value_object(arena);

	value_append(arena, array, item);
	return item;
}

#endif
