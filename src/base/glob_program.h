/* A path pattern as a small automaton. */
#ifndef BASE_GLOB_PROGRAM_H
#define BASE_GLOB_PROGRAM_H

#include "base/common.h"
#include "base/str.h"

enum {
	GLOB_LEN_MAX = 512,
	/* At most two steps for a byte of the pattern (a ',' in braces), and the last one. */
	GLOB_STEPS_MAX = 2 * GLOB_LEN_MAX + 2,
	GLOB_NO_STEP = 0xffff,
};

enum glob_step_kind {
	STEP_CHAR,    /* this character, then the next step */
	STEP_ANY,     /* one character but '/' */
	STEP_SET,     /* one character of a class but '/' */
	STEP_STAR,    /* any number of characters but '/' */
	STEP_ALL,     /* any number of any characters */
	STEP_FOLDERS, /* nothing, or characters up to a '/'; its STEP_INSIDE follows */
	STEP_INSIDE,  /* within the folders of the step before */
	STEP_SPLIT,   /* the next step, or `target`: alternatives in braces */
	STEP_JUMP,    /* to `target` */
	STEP_MATCH,
};

struct glob_step {
	enum glob_step_kind kind;
	uint32_t character;
	uint16_t target;
	uint16_t set_start; /* of STEP_SET: where the text between the brackets starts */
	uint16_t set_len;
};

/* A pattern in steps, and what is needed while it is compiled. */
struct glob_program {
	struct str pattern;
	struct glob_step steps[GLOB_STEPS_MAX];
	size_t len;
	size_t depth;                  /* open braces */
	uint16_t splits[GLOB_LEN_MAX]; /* per open brace: the last alternative's STEP_SPLIT */
	uint16_t jumps[GLOB_LEN_MAX];  /* per open brace: chain of STEP_JUMP to its end */
};

/* Adds a step without a target. */
struct glob_step *glob_add_step(struct glob_program *program, enum glob_step_kind kind);

/*
 * Fills `program` with a pattern of at most GLOB_LEN_MAX bytes, which has to outlive it.  Returns NULL, or what is
 * wrong with the pattern and how to fix it.
 */
const char *glob_compile(struct glob_program *program, struct str pattern);

/*
 * Takes the text of a class, up to its ']', from `rest`, which starts behind the '['.  A ']' in first place is a
 * member.  Returns false when nothing closes the class.
 */
bool glob_take_set(struct str *rest, struct str *set);

#endif
