/* Sends one request: waits for limits, and retries if that is safe. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "github/answer.h"
#include "github/body.h"
#include "github/connection.h"
#include "github/hosts.h"
#include "value/json.h"
#include "value/put.h"

enum {
	FAULTS_MAX = 4,                /* attempts while the server or the network fails */
	RATE_WAITS_MAX = 5,            /* waits for a limit, for one call */
	RATE_WAIT_MAX_MS = 15 * 60000, /* of a run without a time limit */
	REDIRECTS_MAX = 3,
	IDLE_TIMEOUT_MS = 60000, /* GitHub itself gives up after ten seconds */
};

bool github_answer_lost(const struct error *err)
{
	return err->kind == ERROR_NETWORK || err->kind == ERROR_TIMEOUT ||
	       err->kind == ERROR_PROTOCOL || err->kind == ERROR_SERVER ||
	       err->kind == ERROR_SYNTAX;
}

/* One call in progress: what it sends, and how long it has waited. */
struct transmission {
	struct github *github;
	struct asked asked;
	struct str url;
	struct str body;
	const char *accept;
	size_t body_size_max;
	bool is_write;
	bool may_repeat;
	bool is_graphql;
	int faults, rate_waits, redirects;
};

/* True when `url` is the prefix itself or goes on with '/' or '?': no other host can follow. */
static bool url_is_below(struct str url, struct str prefix)
{
	if (!str_starts(url, prefix))
		return false;
	url = str_skip(url, prefix.len);
	return !url.len || url.ptr[0] == '/' || url.ptr[0] == '?';
}

/* The token goes to the API's own URLs, nowhere else. */
static bool check_url(const struct github *github, struct str url, struct error *err)
{
	if (url_is_below(url, github->api_url) || url_is_below(url, github->graphql_url))
		return true;
	return error_set(err, ERROR_PROTOCOL,
			 "GitHub sends us to \"%.*s\", which is not below \"%.*s\"",
			 STR_ARG(utf8_cut(url, 200)), STR_ARG(github->api_url));
}

static bool transmit(struct transmission *sent, struct http_response *response, struct error *err)
{
	struct github *github = sent->github;
	struct http_request request = {
		.method = sent->asked.method,
		.url = sent->url,
		.body = sent->body,
		.body_size_max = sent->body_size_max,
		.long_answer = true,
		.idle_timeout_ms = IDLE_TIMEOUT_MS,
		.follow_redirects = !strcmp(sent->asked.method, "GET"),
	};
	bool ok;

	request.redirect_hosts = github->redirect_hosts;
	request.redirect_hosts_len = github->redirect_hosts_len;
	http_header_add(&request.headers, STR("accept"), str_from(sent->accept));
	http_header_add(&request.headers, STR("x-github-api-version"), STR("2022-11-28"));
	if (sent->body.len)
		http_header_add(&request.headers, STR("content-type"),
				STR("application/json; charset=utf-8"));
	if (secret_is_set(&github->authorization))
		http_header_add(&request.headers, STR("authorization"),
				secret_str(&github->authorization));
	ok = http_send(github->http, &request, response, err);
	http_headers_release(&request.headers);
	if (!ok)
		error_wrap(err, "%s %.*s", sent->asked.method, STR_ARG(sent->asked.path));
	return ok;
}

/* Writes go out one at a time, spaced (GitHub docs, "Best practices for using the REST API"). */
static bool transmit_spaced(struct transmission *sent, struct http_response *response,
			    struct error *err)
{
	struct github *github = sent->github;
	struct clock *clock = loop_clock(loop_current());
	bool ok = true;

	if (!sent->is_write)
		return transmit(sent, response, err);
	if (!permit_take(&github->writes, err))
		return false;
	if (github->has_written) {
		int64_t wait_ms =
			github->last_write_ms + github->write_spacing_ms - clock_ms(clock);

		if (wait_ms > 0)
			ok = task_sleep(wait_ms, err);
	}
	if (ok)
		ok = transmit(sent, response, err);
	github->last_write_ms = clock_ms(clock);
	github->has_written = true;
	permit_give(&github->writes);
	return ok;
}

/* 1 s, 4 s, 9 s: what GitHub's own clients wait after faults. */
static bool wait_after_fault(struct transmission *sent, struct error *err)
{
	struct error sleeping = {0};
	int nth = ++sent->faults;

	log_info("github", "%s; trying again in %d s", err->message, nth * nth);
	if (task_sleep((int64_t)nth * nth * 1000, &sleeping))
		return true;
	error_append(err, "; not tried again: %s", sleeping.message);
	err->kind = sleeping.kind;
	return false;
}

static bool may_try_again(const struct transmission *sent, const struct error *err)
{
	bool passes = err->kind == ERROR_NETWORK || err->kind == ERROR_TIMEOUT ||
		      err->kind == ERROR_SERVER;

	if (err->http_status && err->kind == ERROR_SERVER)
		passes = answer_is_fault(err->http_status);
	return sent->may_repeat && passes && sent->faults + 1 < FAULTS_MAX;
}

/* How an attempt ended. */
enum attempt_end { ATTEMPT_DONE, ATTEMPT_AGAIN, ATTEMPT_FAILED };

/* How long to wait for a limit at most. */
static int64_t wait_max_ms(const struct github *github)
{
	int64_t left_ms;

	if (!github->waits_end_ms)
		return RATE_WAIT_MAX_MS;
	left_ms = github->waits_end_ms - clock_ms(loop_clock(loop_current()));
	return MAX_OF(left_ms, (int64_t)0);
}

static enum attempt_end wait_for_limit(struct transmission *sent, int64_t wait_ms,
				       struct error *err)
{
	int64_t max_ms = wait_max_ms(sent->github);

	if (wait_ms > max_ms) {
		err->kind = ERROR_QUOTA;
		err->retry_after_ms = wait_ms;
		error_append(
			err,
			"; the limit lasts for another %lld s and this run waits for %lld s at most: run it again after that, or give it more time",
			(long long)(wait_ms / 1000), (long long)(max_ms / 1000));
		return ATTEMPT_FAILED;
	}
	if (sent->rate_waits >= RATE_WAITS_MAX) {
		err->retry_after_ms = wait_ms;
		error_append(err, "; it was waited out %d times", RATE_WAITS_MAX);
		return ATTEMPT_FAILED;
	}
	sent->rate_waits++;
	log_notice("github", "rate limit: waiting %lld s before %s %.*s",
		   (long long)(wait_ms / 1000), sent->asked.method, STR_ARG(sent->asked.path));
	return task_sleep(wait_ms, err) ? ATTEMPT_AGAIN : ATTEMPT_FAILED;
}

/* A write to a renamed repository is answered 307 or 308 with the new place, on the same host. */
static enum attempt_end follow_write(struct transmission *sent,
				     const struct http_response *response, struct arena *arena,
				     struct error *err)
{
	struct str location = http_header_get(&response->headers, "location");
	bool moved = response->status == 307 || response->status == 308;

	if (!moved || !location.len || sent->redirects >= REDIRECTS_MAX ||
	    !check_url(sent->github, location, err))
		return ATTEMPT_FAILED;
	sent->redirects++;
	sent->url = arena_str(arena, location);
	return ATTEMPT_AGAIN;
}

static enum attempt_end judge(struct transmission *sent, const struct http_response *response,
			      const struct value *json, struct arena *arena, struct error *err)
{
	int64_t now_ms = clock_wall_ms(loop_clock(loop_current()));
	int64_t wait_ms = answer_rate_wait(response, json, sent->rate_waits, now_ms);
	bool ok = response->status >= 200 && response->status < 300;

	if (ok && sent->is_graphql)
		ok = answer_graphql_error(&sent->asked, response, json, err);
	else if (!ok)
		answer_error(&sent->asked, response, json, err);
	if (ok)
		return ATTEMPT_DONE;
	if (wait_ms > 0) {
		err->kind = ERROR_THROTTLED;
		return wait_for_limit(sent, wait_ms, err);
	}
	return follow_write(sent, response, arena, err);
}

static bool wants_json(const struct transmission *sent)
{
	return strstr(sent->accept, "json") != NULL && !strstr(sent->accept, ".raw");
}

static bool read_answer(const struct transmission *sent, struct http_response *response,
			struct arena *arena, struct value **json, struct error *err)
{
	struct error unread = {0};

	*json = NULL;
	if (!wants_json(sent) && response->status < 300)
		return true;
	/* A deletion needs no words; everything else is answered with what was read or made. */
	if (!response->body.len && response->status < 300 &&
	    strcmp(sent->asked.method, "DELETE") != 0)
		return error_set(err, ERROR_PROTOCOL, "%s %.*s: status %d: the answer is empty",
				 sent->asked.method, STR_ARG(sent->asked.path), response->status);
	if (!response->body.len)
		return true;
	*json = body_read(arena, buf_str(&response->body), sent->body_size_max, &unread);
	if (*json || response->status >= 300)
		return true;
	return error_set(err, ERROR_PROTOCOL, "%s %.*s: the answer cannot be read: %s",
			 sent->asked.method, STR_ARG(sent->asked.path), unread.message);
}

static enum attempt_end attempt(struct transmission *sent, struct arena *arena,
				struct github_answer *answer, struct error *err)
{
	SCOPED(http_response) struct http_response response = {0};
	struct value *json;
	enum attempt_end end;

	if (!transmit_spaced(sent, &response, err) ||
	    !read_answer(sent, &response, arena, &json, err))
		return ATTEMPT_FAILED;
	end = judge(sent, &response, json, arena, err);
	if (end != ATTEMPT_DONE)
		return end;
	*answer = (struct github_answer){
		.status = response.status,
		.json = json,
		.text = wants_json(sent) ? STR_EMPTY : arena_str(arena, buf_str(&response.body)),
		.next = arena_str(arena,
				  answer_next_link(http_header_get(&response.headers, "link"))),
	};
	return ATTEMPT_DONE;
}

static bool send_all(struct transmission *sent, struct arena *arena, struct github_answer *answer,
		     struct error *err)
{
	if (sent->is_write && sent->github->dry_run) {
		error_set(err, ERROR_CANCELLED, "%s %.*s: not sent: dry run", sent->asked.method,
			  STR_ARG(sent->asked.path));
		memcpy(err->code, GITHUB_CODE_DRY_RUN, sizeof(GITHUB_CODE_DRY_RUN));
		return false;
	}
	if (!check_url(sent->github, sent->url, err))
		return false;
	for (;;) {
		struct error failed = {0};
		enum attempt_end end = attempt(sent, arena, answer, &failed);

		if (end == ATTEMPT_DONE)
			return true;
		if (end == ATTEMPT_AGAIN)
			continue;
		if (may_try_again(sent, &failed) && wait_after_fault(sent, &failed))
			continue;
		*err = failed;
		return false;
	}
}

bool github_send(struct github *github, const struct github_call *call, struct arena *arena,
		 struct github_answer *answer, struct error *err)
{
	SCOPED(buf) struct buf body = BUF_INIT;
	bool absolute =
		str_starts(call->path, STR("https://")) || str_starts(call->path, STR("http://"));
	struct transmission sent = {
		.github = github,
		.asked = {.method = call->method, .path = call->path},
		.url = absolute ? call->path
				: arena_printf(arena, "%.*s%.*s", STR_ARG(github->api_url),
					       STR_ARG(call->path)),
		.accept = call->accept ? call->accept : "application/vnd.github+json",
		.body_size_max = call->body_size_max ? call->body_size_max : GITHUB_BODY_SIZE_MAX,
		.is_write = strcmp(call->method, "GET") != 0,
		.may_repeat = call->repeat == GITHUB_REPEAT_SAFE,
	};

	if (absolute && url_is_below(call->path, github->api_url))
		sent.asked.path = str_skip(call->path, github->api_url.len);
	if (call->body)
		json_write(&body, call->body, JSON_COMPACT);
	sent.body = buf_str(&body);
	return send_all(&sent, arena, answer, err);
}

bool github_create(struct github *github, const struct github_call *call, struct arena *arena,
		   struct github_answer *answer, struct error *err)
{
	struct transmission waits = {.github = github};
	struct github_call once = *call;

	once.repeat = GITHUB_REPEAT_NEVER;
	for (;;) {
		struct error failed = {0};
		bool found = false;

		if (github_send(github, &once, arena, answer, &failed))
			return true;
		if (!github_answer_lost(&failed) || waits.faults + 1 >= FAULTS_MAX ||
		    !wait_after_fault(&waits, &failed)) {
			*err = failed;
			return false;
		}
		if (!call->exists(call->exists_ctx, &found, err))
			return error_wrap(err, "look whether it was created");
		if (found) {
			*answer = (struct github_answer){0};
			return true;
		}
	}
}

bool github_graphql(struct github *github, const char *query, const struct value *variables,
		    struct arena *arena, struct value **data, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *body = value_object(arena);
	struct github_answer answer = {0};
	bool is_mutation = str_starts(str_from(query), STR("mutation"));
	struct transmission sent = {
		.github = github,
		.asked = {.method = "POST", .path = STR("/graphql"), .is_mutation = is_mutation},
		.url = github->graphql_url,
		.accept = "application/json",
		.body_size_max = GITHUB_BODY_SIZE_MAX,
		.is_write = is_mutation,
		.is_graphql = true,
		/* Our mutations set a state (resolved), so that sending one twice does no harm. */
		.may_repeat = true,
	};

	put_word(arena, body, "query", query);
	if (variables)
		value_set(arena, body, "variables", value_copy(arena, variables));
	json_write(&text, body, JSON_COMPACT);
	sent.body = buf_str(&text);
	if (!send_all(&sent, arena, &answer, err))
		return false;
	*data = value_get(answer.json, "data");
	return true;
}
