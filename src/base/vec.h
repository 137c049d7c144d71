/* Growing arrays of any type. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdlib.h>

#include "base/memory.h"

/*
 * struct names { VEC_FIELDS(struct str); };   zeroed it is empty
 * VEC_PUSH(&names, STR("a"));
 * for (size_t i = 0; i < names.len; i++) use(names.items[i]);
 * VEC_RELEASE(&names);                         frees the array, not what its items own
 */
#define VEC_FIELDS(type)                                                                           \
	type *items;                                                                               \
	size_t len;                                                                                \
	size_t cap

#define VEC_PUSH(vec, ...)                                                                         \
	do {                                                                                       \
		__typeof__(vec) vec_ = (vec);                                                      \
		if (vec_->len == vec_->cap) {                                                      \
			vec_->cap = vec_->cap ? vec_->cap * 2 : 8;                                 \
			vec_->items = memory_grow(vec_->items, vec_->cap, sizeof(*vec_->items));   \
		}                                                                                  \
		vec_->items[vec_->len++] = (__VA_ARGS__);                                          \
	} while (0)

#define VEC_RELEASE(vec)                                                                           \
	do {                                                                                       \
		__typeof__(vec) vec_ = (vec);                                                      \
		free(vec_->items);                                                                 \
		vec_->items = NULL;                                                                \
		vec_->len = vec_->cap = 0;                                                         \
	} while (0)

#endif
