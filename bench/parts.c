/* Measures single parts of a call, each beside a plain copy or jansson where they do the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/eventstream.h"
#include "aws/sigv4.h"
#include "base/file.h"
#include "diff/diff.h"
#include "peak.h"
#include "redact/redact.h"
#include "value/json.h"

/* Last: its macro JSON_COMPACT would hide the name in json.h. */
#include <jansson.h>

enum {
	FILE_SIZE_LIMIT = 64 << 20,
	ROUNDS = 5,
	ROUND_MS = 100,
	SIGNED_BODY_SIZE = 11500,
	PIECE_SIZE = 16384
};

/* ---- What is done once ---- */

typedef void part_fn(struct str text);

static void stop(const char *what, const struct error *err)
{
	fprintf(stderr, "bench_parts: %s: %s\n", what, err->message);
	exit(1);
}

static void sign(struct str body)
{
	const struct http_header headers[] = {
		{STR("Host"), STR("bedrock-runtime.us-east-1.amazonaws.com")},
		{STR("Content-Type"), STR("application/json")},
	};
	struct sigv4_request request = {
		.method = STR("POST"),
		.path = STR("/model/us.anthropic.claude-sonnet-4-6/converse-stream"),
		.headers = headers,
		.headers_len = ARRAY_LEN(headers),
		.body = str_slice(body, 0, SIGNED_BODY_SIZE),
	};
	struct sigv4_signer signer = {
		.access_key_id = STR("AKIDEXAMPLE"),
		.secret_access_key = STR("not-a-real-secret-key"),
		.region = STR("us-east-1"),
		.service = STR("bedrock"),
		.wall_ms = 1767225600000,
	};
	struct sigv4_headers signature;
	SCOPED(arena) struct arena arena = {0};

	sigv4_sign(&arena, &signer, &request, &signature);
}

/* As it comes from a connection: in pieces. */
static void read_events(struct str text)
{
	struct eventstream stream = EVENTSTREAM_INIT;
	struct stream_event event;
	struct error err = {0};
	bool found;

	for (size_t at = 0; at < text.len; at += PIECE_SIZE) {
		eventstream_feed(&stream, str_slice(text, at, PIECE_SIZE));
		do {
			if (!eventstream_next(&stream, &event, &found, &err))
				stop("event stream", &err);
		} while (found);
	}
	if (!eventstream_end(&stream, &err))
		stop("event stream", &err);
	eventstream_release(&stream);
}

static void read_json(struct str text)
{
	SCOPED(arena) struct arena arena = {0};
	struct error err = {0};

	if (!json_read(&arena, text, 0, &err))
		stop("JSON", &err);
}

static void read_json_by_jansson(struct str text)
{
	json_error_t problem;
	json_t *root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &problem);

	if (!root) {
		fprintf(stderr, "bench_parts: jansson: %s\n", problem.text);
		exit(1);
	}
	json_decref(root);
}

static void parse_diff(struct str text)
{
	struct diff diff = {0};
	struct error err = {0};

	if (!diff_parse(text, &diff, &err))
		stop("diff", &err);
	diff_release(&diff);
}

static void redact(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	redact_add(&out, text);
}

static void copy(struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add(&out, text);
}

/* ---- How often in a second ---- */

/* Milliseconds of CPU for one time: of the best of several rounds, as another program only makes it slower. */
static double time_once(part_fn *part, struct str text)
{
	double best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double started = cpu_ms();
		double each;
		int times = 0;

		do {
			part(text);
			times++;
		} while (cpu_ms() - started < ROUND_MS);
		each = (cpu_ms() - started) / times;
		if (!round || each < best)
			best = each;
	}
	return best;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		part_fn *part;
		int file; /* among the arguments */
	} parts[] = {
		{"sign", sign, 1},       {"eventstream", read_events, 2},
		{"json", read_json, 1},  {"json by jansson", read_json_by_jansson, 1},
		{"diff", parse_diff, 3}, {"redaction", redact, 3},
		{"copy", copy, 3},
	};

	if (argc != 4) {
		fprintf(stderr, "usage: bench_parts JSON EVENTS DIFF\n");
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		SCOPED(buf) struct buf text = BUF_INIT;
		struct error err = {0};

		if (!file_read(argv[parts[i].file], FILE_SIZE_LIMIT, &text, &err))
			stop("input", &err);
		printf("%s\t%.6f\t%zu\n", parts[i].name, time_once(parts[i].part, buf_str(&text)),
		       text.len);
	}
	return 0;
}
