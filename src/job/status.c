/* Exit statuses: of an error, and of a review. */
#include "job/status.h"

#include "base/log.h"
#include "output/texts.h"

enum exit_status status_of_error(const struct error *err)
{
	switch (err->kind) {
	case ERROR_USAGE:
	case ERROR_CONFIG:
	case ERROR_SYNTAX:
		return EXIT_WRONG_USE;
	case ERROR_CREDENTIALS:
		return EXIT_CREDENTIALS;
	case ERROR_CANCELLED:
		return EXIT_STOPPED;
	default:
		return EXIT_INCOMPLETE;
	}
}

/* ---- Of a review ---- */

static bool fail_alike(const struct agent_result *a, const struct agent_result *b)
{
	return a->status == AGENT_FAILED && b->status == AGENT_FAILED &&
	       a->required == b->required &&
	       text_same_failure(text_agent_error(a), text_agent_error(b));
}

/* Logs a failure once for all agents that it stopped; `first` is the first of them. */
static void log_failure(const struct review_result *result, size_t first)
{
	const struct agent_result *agent = &result->agents.items[first];
	struct str why = text_agent_error(agent);
	SCOPED(buf) struct buf names = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *other = &result->agents.items[i];

		if (!fail_alike(agent, other))
			continue;
		if (i < first)
			return;
		buf_addf(&names, "%s\"%.*s\" (%.*s)", count++ ? ", " : "", STR_ARG(other->agent),
			 STR_ARG(other->model));
	}
	if (agent->required)
		log_error("review", "agent%s %s did not finish: %.*s", count == 1 ? "" : "s",
			  names.ptr, STR_ARG(why));
	else
		log_warning("review", "optional agent%s %s failed: %.*s", count == 1 ? "" : "s",
			    names.ptr, STR_ARG(why));
}

static enum exit_status agents_status(const struct review_result *result)
{
	enum exit_status status = EXIT_DONE;

	for (size_t i = 0; i < result->agents.len; i++) {
		if (result->agents.items[i].status != AGENT_FAILED)
			continue;
		log_failure(result, i);
		if (result->agents.items[i].required)
			status = EXIT_INCOMPLETE;
	}
	return status;
}

static enum exit_status findings_status(const struct review_result *result, struct str fail_on)
{
	enum severity limit;
	int64_t count = 0;

	if (!severity_parse(fail_on, &limit))
		return EXIT_DONE;
	for (size_t i = 0; i < result->findings.len; i++)
		count += finding_can_fail(&result->findings.items[i]) &&
			 result->findings.items[i].severity <= limit;
	if (!count)
		return EXIT_DONE;
	log_error("review", "%lld open finding%s at or above \"%.*s\" (%s)", (long long)count,
		  count == 1 ? "" : "s", STR_ARG(fail_on), log_setting("fail-on", "--fail-on"));
	return EXIT_FINDINGS;
}

static enum exit_status published_status(const struct publish_report *published)
{
	if (!published || !published->error.kind)
		return EXIT_DONE;
	log_error(
		"publish",
		"not everything could be posted: %lld planned, %lld posted, %lld unchanged, %lld failed: %s",
		(long long)published->planned, (long long)published->posted,
		(long long)published->unchanged, (long long)published->failed,
		published->error.message);
	return EXIT_UNPOSTED;
}

enum exit_status status_of_review(const struct review_result *result,
				  const struct publish_report *published, struct str fail_on)
{
	enum exit_status status = findings_status(result, fail_on);

	status = exit_worse(status, agents_status(result));
	status = exit_worse(status, published_status(published));
	if (result->stopped != STOPPED_NOT) {
		log_error("review", "%s", stop_cause_text(result->stopped));
		status = exit_worse(status, EXIT_STOPPED);
	}
	return status;
}
