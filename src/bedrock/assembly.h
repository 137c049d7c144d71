/* A reply put together from what arrives, whole or in pieces, in either API. */
#ifndef BEDROCK_ASSEMBLY_H
#define BEDROCK_ASSEMBLY_H

#include "base/buf.h"
#include "base/vec.h"
#include "model/model.h"

enum {
	ASSEMBLY_BLOCKS_MAX = 1024,
	ASSEMBLY_SIZE_MAX = 32 << 20, /* of all that one reply holds */
};

/* A block that is being received. */
struct assembly_block {
	enum block_kind kind;
	bool started;
	struct buf text, signature;
	struct str id, name;
};

/*
 * Zero-initialize with `arena` and `watch` set.  What arrives is passed to the watch (which may be
 * NULL) immediately.  Blocks are addressed by the index that the service gives them.
 *
 * Life cycle: assembly_open() -> assembly_add...() -> assembly_finish() -> assembly_release().
 */
struct assembly {
	struct arena *arena;
	const struct watch *watch;
	struct str output_tool; /* its input is the answer: the watch hears it as text */
	VEC_FIELDS(struct assembly_block);
	size_t size;
	bool stopped;    /* why it stops is known */
	bool ended;      /* the stop event came: the answer is complete */
	bool intervened; /* a guardrail did; the Messages API reports that besides the stop reason */
	enum stop_reason stop;
	struct str stop_text;
	struct usage usage;
	bool metered;       /* the service reported the usage */
	struct str problem; /* what was repaired in the JSON that came; or empty */
};

void assembly_release(struct assembly *assembly);

/* Begins a block (or finds it, when it was begun). ERROR_PROTOCOL, ERROR_LIMIT for a wrong index. */
bool assembly_open(struct assembly *assembly, int64_t idx, enum block_kind kind,
		   struct error *err) MUST_USE;

/* For BLOCK_TOOL_USE, after assembly_open(). */
void assembly_name(struct assembly *assembly, int64_t idx, struct str id, struct str name);

/* Adds to an open block: text, JSON of a tool's input, reasoning; ERROR_LIMIT beyond the maximum. */
bool assembly_add(struct assembly *assembly, int64_t idx, struct str piece,
		  struct error *err) MUST_USE;
bool assembly_add_signature(struct assembly *assembly, int64_t idx, struct str piece,
			    struct error *err) MUST_USE;

/* Sets why the reply stopped, in the service's word. */
void assembly_stop(struct assembly *assembly, struct str reason);

/*
 * Fills message, stop and usage of `reply`. ERROR_PROTOCOL without a stop reason. Input of a tool that is not a
 * JSON object is empty, and `text` holds what came; unless the answer was cut, `problem` says what is wrong.
 */
bool assembly_finish(struct assembly *assembly, struct reply *reply, struct error *err) MUST_USE;

/* With OUTPUT_TOOL: the calls of the tool `name`, joined, become the text that was asked for. */
void reply_unwrap_output(struct arena *arena, struct reply *reply, struct str name);

/* The other way round: the JSON object of the text becomes a call of the tool `name`. */
void reply_wrap_answer(struct arena *arena, struct reply *reply, struct str name);

#endif
