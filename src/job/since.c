/* The time from which `outcomes` counts findings. */
#include "job/since.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"

enum { DAYS_DEFAULT = 30, COUNT_MAX = 3660 };

bool since_read(struct str text, int64_t now_ms, int64_t *since_ms, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	int64_t days = str_ends(text, STR("d")) ? 1 : str_ends(text, STR("w")) ? 7 : 0;
	int64_t count = DAYS_DEFAULT;

	if (!text.len)
		days = 1;
	else if (!days || !str_to_int64(str_slice(text, 0, text.len - 1), &count) || count <= 0 ||
		 count > COUNT_MAX)
		days = 0;
	if (days) {
		*since_ms = now_ms - count * days * DAY_MS;
		return true;
	}
	if (time_parse(text, since_ms) ||
	    time_parse(arena_printf(&arena, "%.*sT00:00:00Z", STR_ARG(text)), since_ms))
		return true;
	return error_set(
		err, ERROR_USAGE,
		"%s \"%.*s\": must be a number of days or weeks (30d, 12w) or a date (2026-11-01)",
		log_setting("since", "--since"), STR_ARG(text));
}
