/* The state and the marks in a comment that anybody with write permission may have edited. */
#include "publish/state.h"
#include <zlib.h>

#include "base/encode.h"
#include "publish/marker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a state, and what is written of it again. */
static void try_body(struct str body)
{
	SCOPED(state) struct state state = {0};
	SCOPED(state) struct state second = {0};
	struct str bodies[STATE_PIECES_MAX] = {body, body};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct pages pieces = {0};
	struct str digest;

	(void)state_strip(body);
	if (!state_read(bodies, 2, STR_EMPTY, &state))
		return;
	assert(state.findings_len <= STATE_FINDINGS_MAX && state.keys_len <= STATE_KEYS_MAX);
	state_write(&pieces, &state, &arena, &digest);
	assert(digest.len == 64);
	for (size_t i = 0; i < pieces.len; i++) {
		bodies[i] = buf_str(&pieces.items[i]);
		assert(bodies[i].len <= (i ? STATE_PIECE_MAX : STATE_TEXT_MAX) + 64);
	}
	if (!state_read(bodies, pieces.len, STR_EMPTY, &second))
		abort(); /* a state that was read can be written and read again */
	/* What it is bound to comes with it, whatever the comment says around it. */
	assert(state_owner_eq(&state.owner, &second.owner));
	pages_release(&pieces);
}

/* The input as the JSON inside of a state, which no mutation reaches through the compression. */
static void try_json(struct str json)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	SCOPED(buf) struct buf packed = BUF_INIT;
	uLongf len = compressBound((uLong)json.len);
	char *room = buf_room(&packed, len);

	if (compress((Bytef *)room, &len, (const Bytef *)json.ptr, (uLong)json.len) != Z_OK)
		return;
	buf_set_len(&packed, len);
	buf_add_text(&body, "<!-- outcrop:state ");
	base64_add(&body, buf_str(&packed));
	buf_add_text(&body, " -->");
	try_body(buf_str(&body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str input = str_of((const char *)data, size);
	struct marker mark;

	if (marker_find(input, "finding", STR("outcrop"), &arena, &mark))
		assert(str_eq(mark.name, STR("outcrop")));
	try_body(input);
	if (size)
		try_json(input);
	return 0;
}
