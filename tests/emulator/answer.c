/* Reading a request's headers and filling an answer. */
#include "server.h"
#include "value/json.h"

struct str headers_get(const struct headers *headers, struct str name)
{
	for (size_t i = 0; i < headers->len; i++) {
		if (str_eq_nocase(headers->items[i].name, name))
			return headers->items[i].value;
	}
	return STR_EMPTY;
}

void answer_header(struct answer *answer, struct str name, struct str value)
{
	VEC_PUSH(&answer->headers, (struct header){name, value});
}

void answer_piece(struct answer *answer, struct str bytes, int64_t delay_ms)
{
	VEC_PUSH(&answer->pieces, (struct piece){.bytes = bytes, .delay_ms = delay_ms});
}

void answer_text(struct answer *answer, int status, struct str type, struct str body)
{
	answer->status = status;
	answer->body = body;
	answer_header(answer, STR("Content-Type"), type);
}

void answer_json(struct request *request, struct answer *answer, int status,
		 const struct value *value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, value, JSON_COMPACT);
	answer_text(answer, status, STR("application/json"),
		    arena_str(&request->arena, buf_str(&text)));
}
