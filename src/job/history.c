/* Gives earlier findings to the models, so that they do not repeat them. */
#include "job/history.h"

#include "base/log.h"
#include "publish/recent.h"

static struct said said_of(const struct previous_finding *finding, struct arena *arena)
{
	bool closed = previous_is_closed(finding);

	return (struct said){
		.path = finding->record.path,
		.line = finding->first_line ? finding->first_line : finding->record.line,
		.title = finding->record.title.len ? finding->record.title : finding->text,
		.closed = closed,
		.why = closed ? previous_closed_why(finding, arena) : STR_EMPTY,
	};
}

static void tell_dismissed_elsewhere(struct job *job, struct said *said, size_t *len)
{
	struct arena *arena = job->runtime->arena;
	struct dismissals *dismissals = ARENA_NEW(arena, struct dismissals);
	struct error err = {0};

	if (!recent_dismissals(job->target.forge.github, &job->previous,
			       clock_wall_ms(&job->runtime->clock), arena, dismissals, &err)) {
		log_notice(
			"review",
			"the models do not know what people dismissed on other pull requests: %s",
			err.message);
		return;
	}
	for (size_t i = 0; i < dismissals->len; i++)
		said[(*len)++] = (struct said){
			.elsewhere = true,
			.closed = true,
			.path = dismissals->items[i].path,
			.title = dismissals->items[i].title,
			.why = dismissals->items[i].reason,
		};
	if (dismissals->len)
		log_info("review",
			 "%zu findings that were dismissed on other pull requests are known",
			 dismissals->len);
}

void history_tell(struct job *job)
{
	struct arena *arena = job->runtime->arena;
	struct change *change = &job->target.change;
	const struct previous *previous = &job->previous;
	struct said *said;
	size_t len = 0;

	if (!previous->name.len || job->trigger.dismissed || !job->reviewed.len)
		return;
	said = ARENA_ARRAY(arena, struct said, previous->findings.len + DISMISSALS_MAX);
	for (size_t i = 0; i < previous->findings.len; i++)
		said[len++] = said_of(&previous->findings.items[i], arena);
	tell_dismissed_elsewhere(job, said, &len);
	change->said = said;
	change->said_len = len;
}
