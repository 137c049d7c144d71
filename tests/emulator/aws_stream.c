/* Frames on the wire: when each is sent, and what goes wrong on the way. */
#include "aws_stream.h"
#include "value/put.h"

enum { SILENCE_MS = 600000, END_FRAMES = 2, DRIP_MS = 20 };

/* Exceptions in the stream, by the name of the fault. Sorted. */
static const struct {
	struct str fault;
	const char *type, *message;
} exceptions[] = {
	{STR_INIT("stream-error"), "modelStreamErrorException",
	 "The model has failed while it answered."},
	{STR_INIT("stream-server-error"), "internalServerException",
	 "The system has met an unexpected error."},
	{STR_INIT("stream-throttling"), "throttlingException",
	 "Too many tokens, please wait before trying again."},
	{STR_INIT("stream-timeout"), "modelTimeoutException", "The model took too long to answer."},
	{STR_INIT("stream-unavailable"), "serviceUnavailableException",
	 "The service is not able to handle the request."},
	{STR_INIT("stream-validation"), "validationException", "The input is not valid."},
};

/* Frames that are sent before it goes wrong: "after" of the fault, or half of them. */
static size_t frames_before(const struct asked_model *asked, const struct frames *frames)
{
	int64_t after = value_get_int(asked->fault, "after", (int64_t)(frames->len / 2));

	return MIN_OF((size_t)MAX_OF(after, 0), frames->len - 1);
}

static struct str flipped(struct arena *arena, struct str frame)
{
	char *copy = arena_text(arena, frame);

	copy[frame.len - 1] = (char)(copy[frame.len - 1] ^ 0x5a);
	return str_of(copy, frame.len);
}

/* True when the fault is one of an exception; it then ends the frames. */
static bool add_exception(struct asked_model *asked, struct frames *frames)
{
	struct str name = value_get_string(asked->fault, "fault");

	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++) {
		struct value *payload = value_object(asked->arena);

		if (!str_eq(exceptions[i].fault, name))
			continue;
		put_word(asked->arena, payload, "message", exceptions[i].message);
		frames->len = frames_before(asked, frames);
		frames_add(frames, asked->arena, true, exceptions[i].type, payload);
		return true;
	}
	return false;
}

/* What happens to the frames before they are sent. */
static void spoil(struct asked_model *asked, struct frames *frames)
{
	struct str name = value_get_string(asked->fault, "fault");
	size_t at = frames_before(asked, frames);

	if (add_exception(asked, frames))
		return;
	if (str_eq(name, STR("cut-frame"))) {
		frames->items[at].len /= 2;
		frames->len = at + 1;
		asked->answer->fault = ANSWER_CUT;
		asked->answer->cut_after = SIZE_MAX;
	} else if (str_eq(name, STR("bad-checksum"))) {
		frames->items[at] = flipped(asked->arena, frames->items[at]);
	} else if (str_eq(name, STR("bad-json"))) {
		frames->len = at;
		frames_add_bytes(frames, asked->arena, false,
				 asked->messages ? "chunk" : "contentBlockDelta", STR("{\"p\":"));
	} else if (str_eq(name, STR("no-stop"))) {
		frames->len -= END_FRAMES;
	} else if (str_eq(name, STR("stream-silence"))) {
		frames->len = at;
	}
}

/* A byte or a few at a time. */
static void drip(struct asked_model *asked, struct str frame)
{
	int64_t delay_ms = value_get_int(asked->fault, "every_ms", DRIP_MS);

	for (size_t i = 0; i < frame.len; i += 7)
		answer_piece(asked->answer, str_slice(frame, i, 7), delay_ms);
}

void stream_send(struct asked_model *asked, const struct emulated_reply *reply,
		 struct frames *frames)
{
	struct str name = value_get_string(asked->fault, "fault");
	int64_t rest_ms = reply->latency_ms - reply->first_token_ms;
	int64_t done_ms = 0;

	if (asked->fault)
		spoil(asked, frames);
	asked->answer->delay_ms += reply->first_token_ms;
	asked->answer->held = reply->is_held;
	for (size_t i = 0; i < frames->len; i++) {
		int64_t at_ms = rest_ms * (int64_t)(i + 1) / (int64_t)frames->len;

		if (str_eq(name, STR("slow-drip")))
			drip(asked, frames->items[i]);
		else
			answer_piece(asked->answer, frames->items[i], at_ms - done_ms);
		done_ms = at_ms;
	}
	if (reply->is_end_held && asked->answer->pieces.len)
		asked->answer->pieces.items[asked->answer->pieces.len - 1].held = true;
	if (str_eq(name, STR("stream-silence")) || str_eq(name, STR("stream-open"))) {
		answer_piece(asked->answer, STR_EMPTY, SILENCE_MS);
		asked->answer->fault = ANSWER_CUT;
		asked->answer->cut_after = SIZE_MAX;
	}
	asked->answer->status = 200;
	answer_header(asked->answer, STR("Content-Type"),
		      STR("application/vnd.amazon.eventstream"));
	aws_request_id(asked->state, asked->answer);
}
