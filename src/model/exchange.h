/* One exchange with a model as JSON: the format and the file name of recordings. */
#ifndef MODEL_EXCHANGE_H
#define MODEL_EXCHANGE_H

#include "model/model.h"

enum { EXCHANGE_KEY_LEN = 16, EXCHANGE_SIZE_MAX = 32 << 20 };

/*
 * The request as a tree, without what varies between runs (origin), after redaction.  A text of
 * several lines is a list of lines, so that people can read and compare recordings.
 */
struct value *exchange_request(struct arena *arena, const struct model *model,
			       const struct chat *chat);
struct value *exchange_embed_request(struct arena *arena, const struct model *model,
				     const struct embed_request *request);

/* The reply as a tree, and back; ERROR_CONFIG when a recording does not have this form. */
struct value *exchange_reply(struct arena *arena, const struct reply *reply);
bool exchange_read_reply(struct arena *arena, const struct value *tree, struct reply *reply,
			 struct error *err) MUST_USE;
struct value *exchange_embed_reply(struct arena *arena, const struct embed_reply *reply);
bool exchange_read_embed_reply(struct arena *arena, const struct value *tree,
			       struct embed_reply *reply, struct error *err) MUST_USE;

/* "agent.unit.turn.", with characters other than letters, digits, '-' and '_' as '_'. */
struct str exchange_prefix(struct arena *arena, const struct chat_origin *origin);

/* The prefix, EXCHANGE_KEY_LEN hex digits of the request's SHA-256, ".json". */
struct str exchange_name(struct arena *arena, const struct chat_origin *origin,
			 const struct value *request);

#endif
