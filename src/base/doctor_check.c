/* The results of `outcrop doctor`: a list of checks, each ok, or failed with its fix. */
#include "base/doctor_check.h"

void doctor_checks_release(struct doctor_checks *checks)
{
	if (!checks)
		return;
	VEC_RELEASE(checks);
	arena_release(&checks->arena);
}

void doctor_checks_add(struct doctor_checks *checks, const struct doctor_check *check)
{
	struct arena *arena = &checks->arena;
	struct doctor_check copy = {
		.name = arena_str(arena, check->name),
		.state = check->state,
		.text = arena_str(arena, check->text),
		.fix = arena_str(arena, check->fix),
	};

	VEC_PUSH(checks, copy);
}

bool doctor_checks_ok(const struct doctor_checks *checks)
{
	for (size_t i = 0; i < checks->len; i++) {
		if (checks->items[i].state != DOCTOR_OK)
			return false;
	}
	return true;
}
