/* One model on Bedrock, for the files of this folder: what is known about it, and how it is called. */
#ifndef BEDROCK_TRANSPORT_H
#define BEDROCK_TRANSPORT_H

#include "bedrock/refusal.h"
#include "bedrock/shared_body.h"
#include "credentials/session.h"
#include "model/model.h"

/* The ctx of a model's ops.  Lives in the session's arena. */
struct bedrock {
	struct aws_session *session;
	struct model model; /* a copy; strings borrowed or in the session's arena */
	enum model_api api;
	struct endpoint endpoint;
	struct provider *provider; /* NULL: the bearer token */
	struct str guardrail_id, guardrail_version;
	const struct value *request_fields;
	struct str anthropic_version;
	struct str service_tier, project; /* empty: none */
	struct refusals *refusals;
	struct shared_starts starts; /* of the bodies of calls under way */
};

/* One call of one operation: POST /model/ID/ACTION. */
struct bedrock_call {
	struct str model_id;
	const char *action;
	const char *accept;
	struct http_headers headers;      /* further ones; released by the caller */
	struct str body, body_end;        /* in two parts */
	const struct sha256 *body_digest; /* NULL: not known */
	void (*body_sent)(void *ctx);     /* called when the body is not needed any more; or NULL */
	void *body_sent_ctx;
	const struct chat_attempt *attempt; /* of the call; NULL or zeroed: there is one only */
	size_t part; /* of a question that takes several calls: the 0-based number of this one */
	bool silent; /* sends nothing until it is done: allow a long silence */
	bool bare;   /* errors are the service's: the caller explains them */
};

/* Signs a request to that endpoint, or adds the bearer token.  Waits when credentials have to be renewed. */
bool bedrock_authorize(struct bedrock *bedrock, const struct endpoint *endpoint,
		       struct arena *arena, struct http_request *request,
		       struct error *err) MUST_USE;

/* Sends and waits for the whole answer of a success; errors are explained. */
bool bedrock_post(struct bedrock *bedrock, const struct bedrock_call *call,
		  struct http_response *response, struct error *err) MUST_USE;

/*
 * An answer that is read piece by piece.  Zeroed it is closed.  The call's body must outlive it, or be used no
 * longer than until `body_sent` is called.
 */
struct bedrock_stream {
	struct http_stream *http;
	struct str chunk; /* the piece that was read last */
	int64_t sent_ms;  /* clock time */
};

void bedrock_stream_release(struct bedrock_stream *stream);

/*
 * Sends and waits for the head of the answer of a success; the first piece of the body is then in
 * `chunk`.  The watch (may be NULL) hears "sent" and "first_byte".  Errors are not explained.  Release `stream` in
 * any case.
 */
bool bedrock_open(struct bedrock *bedrock, const struct bedrock_call *call,
		  const struct watch *watch, struct bedrock_stream *stream,
		  struct error *err) MUST_USE;

/*
 * Whether to try a failed call once more, since its session expired early: with new credentials, and a body that is
 * written again if it was sent.  `attempt` counts from 1.  True: `err` is cleared.
 */
bool bedrock_try_afresh(struct bedrock *bedrock, int attempt, struct error *err) MUST_USE;

/* Appends fix, model, region and role to an error of a call.  Returns false. */
bool bedrock_explain(const struct bedrock *bedrock, struct error *err);

#endif
