/* Replies of models on the wire: whole or streamed, in the form of either API. */
#ifndef EMULATOR_AWS_STREAM_H
#define EMULATOR_AWS_STREAM_H

#include "aws_frames.h"
#include "aws_replies.h"

/* Text in parts, as a model gives it out; at most 100 of them, cut between characters. */
struct stream_parts {
	VEC_FIELDS(struct str);
};
void parts_cut(struct stream_parts *parts, struct str text);

/* The input of a tool as text; the first half of it when the reply is cut there. */
struct str tool_input_text(const struct asked_model *asked, const struct emulated_reply *reply,
			   const struct value *use);

/* The events of each API. */
void converse_frames(const struct asked_model *asked, const struct emulated_reply *reply,
		     struct frames *frames);
void messages_frames(const struct asked_model *asked, const struct emulated_reply *reply,
		     struct frames *frames);

/* The whole answers. */
struct value *converse_answer(const struct asked_model *asked, const struct emulated_reply *reply);
struct value *messages_answer(const struct asked_model *asked, const struct emulated_reply *reply);

/* Puts the frames on the answer: with the reply's delays, and spoilt by the fault that is due. */
void stream_send(struct asked_model *asked, const struct emulated_reply *reply,
		 struct frames *frames);

#endif
