/* Uploads SARIF for code scanning: compresses and sends it, and waits for the result. */
#include <zlib.h>

#include "base/encode.h"
#include "base/memory.h"
#include "github/checks.h"
#include "value/put.h"

enum { STATUS_ASKS = 4, STATUS_WAIT_MS = 2000, GZIP_WINDOW_BITS = 15 + 16 };

static bool compress_gzip(struct str text, struct buf *out, struct error *err)
{
	z_stream stream = {0};
	char *room;
	uLong bound;
	int status;

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW_BITS, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		memory_exhausted();
	bound = deflateBound(&stream, (uLong)text.len);
	room = buf_room(out, bound);
	stream.next_in = (z_const Bytef *)(uintptr_t)text.ptr;
	stream.avail_in = (uInt)text.len;
	stream.next_out = (Bytef *)room;
	stream.avail_out = (uInt)bound;
	status = deflate(&stream, Z_FINISH);
	buf_set_len(out, out->len + stream.total_out);
	deflateEnd(&stream);
	if (status != Z_STREAM_END)
		return error_set(err, ERROR_PROTOCOL, "compress SARIF: zlib status %d", status);
	return true;
}

/* Whether processing failed; "pending" for too long is not a failure. */
static bool await_processing(struct github *github, struct str id, struct arena *arena,
			     struct error *err)
{
	for (int i = 0; i < STATUS_ASKS; i++) {
		struct github_answer answer = {0};
		struct github_call call = {
			.method = "GET",
			.path = arena_printf(arena, "/repos/%.*s/code-scanning/sarifs/%.*s",
					     STR_ARG(github_repository(github)), STR_ARG(id)),
		};
		struct error failed = {0};
		struct str status;

		if (!task_sleep(STATUS_WAIT_MS, err))
			return false;
		if (!github_send(github, &call, arena, &answer, &failed)) {
			/* The result is available only after a moment. */
			if (failed.kind == ERROR_NOT_FOUND)
				continue;
			*err = failed;
			return false;
		}
		status = value_get_string(answer.json, "processing_status");
		if (str_eq(status, STR("complete")))
			return true;
		if (str_eq(status, STR("failed")))
			return error_set(err, ERROR_INVALID,
					 "GitHub cannot process the SARIF: %.*s",
					 STR_ARG(value_as_string(
						 value_at(value_get(answer.json, "errors"), 0))));
	}
	return true;
}

bool sarif_send(struct github *github, const struct sarif_upload *upload, struct arena *arena,
		struct str *id, struct error *err)
{
	SCOPED(buf) struct buf packed = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *body = value_object(arena);
	struct github_answer answer = {0};
	struct str made;
	struct github_call call = {
		.method = "POST",
		.path = arena_printf(arena, "/repos/%.*s/code-scanning/sarifs",
				     STR_ARG(github_repository(github))),
		.body = body,
		/* A second upload replaces the first: alerts are identified by fingerprint. */
		.repeat = GITHUB_REPEAT_SAFE,
	};

	if (upload->sarif.len > BUF_SIZE_MAX)
		return error_set(err, ERROR_LIMIT, "upload SARIF: %zu bytes are too many",
				 upload->sarif.len);
	if (!compress_gzip(upload->sarif, &packed, err))
		return error_wrap(err, "upload SARIF");
	if (packed.len > SARIF_PACKED_SIZE_MAX)
		return error_set(err, ERROR_LIMIT,
				 "upload SARIF: %zu bytes compressed, GitHub takes %d", packed.len,
				 SARIF_PACKED_SIZE_MAX);
	base64_add(&text, buf_str(&packed));
	put_text(arena, body, "commit_sha", upload->commit);
	put_text(arena, body, "ref", upload->ref);
	put_text(arena, body, "sarif", buf_str(&text));
	if (!github_send(github, &call, arena, &answer, err))
		return error_wrap(err, "upload SARIF");
	made = value_get_string(answer.json, "id");
	if (!made.len)
		return error_set(err, ERROR_PROTOCOL, "upload SARIF: the answer has no id");
	if (!await_processing(github, made, arena, err))
		return false;
	*id = made;
	return true;
}
