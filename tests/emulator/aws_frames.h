/* Messages of the event stream, as services of AWS write them. */
#ifndef EMULATOR_AWS_FRAMES_H
#define EMULATOR_AWS_FRAMES_H

#include "base/arena.h"
#include "base/vec.h"
#include "value/value.h"

/* Whole messages, in order; the bytes are in the arena that they were made with. */
struct frames {
	VEC_FIELDS(struct str);
};

/*
 * Appends an event or (`is_exception`) an exception of that type: lengths, prelude CRC, headers,
 * payload, CRC.  Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
void frames_add(struct frames *frames, struct arena *arena, bool is_exception, const char *type,
		const struct value *payload);

/* The same with a payload that need not be JSON. */
void frames_add_bytes(struct frames *frames, struct arena *arena, bool is_exception,
		      const char *type, struct str payload);

#endif
