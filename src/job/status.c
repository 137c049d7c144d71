/* Exit statuses: of an error, and of a review. */
#include "job/status.h"

#include "base/log.h"

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

static enum exit_status agents_status(const struct review_result *result)
{
	enum exit_status status = EXIT_DONE;

	for (size_t i = 0; i < result->agents.len; i++) {
		const struct agent_result *agent = &result->agents.items[i];

		if (agent->status != AGENT_FAILED)
			continue;
		if (agent->required) {
			log_error("review", "agent \"%.*s\" (%.*s) did not finish: %s",
				  STR_ARG(agent->agent), STR_ARG(agent->model),
				  agent->error.message);
			status = EXIT_INCOMPLETE;
		} else {
			log_warning("review", "optional agent \"%.*s\" (%.*s) failed: %s",
				    STR_ARG(agent->agent), STR_ARG(agent->model),
				    agent->error.message);
		}
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
	log_error("review", "%lld open findings at or above \"%.*s\" (fail-on)", (long long)count,
		  STR_ARG(fail_on));
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
