/* Attributes and tiny macros that every file may use. */
#ifndef BASE_COMMON_H
#define BASE_COMMON_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(fmt_idx, args_idx) __attribute__((format(printf, fmt_idx, args_idx)))
#define UNUSED __attribute__((unused))
#define NORETURN __attribute__((noreturn))

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))

/*
 * SCOPED(buf) struct buf body = BUF_INIT;   calls buf_release(&body) when the scope ends.
 * The type's release function takes a pointer to the value and accepts a zeroed one.
 */
#define SCOPED(type) __attribute__((cleanup(type##_release)))

/*
 * OWNED(loop) struct loop *loop = loop_new();   calls loop_free(loop) when the scope ends.
 * The type's header has DEFINE_OWNED(loop) once, below loop_free().
 */
#define OWNED(type) __attribute__((cleanup(type##_free_owned)))
#define DEFINE_OWNED(type)                                                                         \
	static inline void UNUSED type##_free_owned(struct type **ptr)                             \
	{                                                                                          \
		type##_free(*ptr);                                                                 \
	}                                                                                          \
	struct type

/* Transfers ownership: returns the pointer and sets the variable to NULL, so that OWNED frees nothing. */
#define steal(ptr_ptr)                                                                             \
	__extension__({                                                                            \
		__typeof__(*(ptr_ptr)) stolen_ = *(ptr_ptr);                                       \
		*(ptr_ptr) = NULL;                                                                 \
		stolen_;                                                                           \
	})

#endif
