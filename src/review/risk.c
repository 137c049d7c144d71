/* The risk of a change: by its paths and its size. */
#include "review/risk.h"

#include "base/glob_list.h"
#include "task/task.h"

static const char *const names[] = {
	[RISK_TRIVIAL] = "trivial",
	[RISK_STANDARD] = "standard",
	[RISK_SENSITIVE] = "sensitive",
};

/* Paths where mistakes are most expensive: permissions, code that runs with secrets, irreversible steps. */
static const struct str default_paths[] = {
	STR_INIT(".github/**"),       STR_INIT("**/auth/**"),     STR_INIT("**/crypto/**"),
	STR_INIT("**/migrations/**"), STR_INIT("**/security/**"),
};

const char *risk_name(enum risk risk)
{
	return names[risk];
}

static int64_t count_lines(const struct rules *rules, const struct diff *diff, struct arena *arena)
{
	int64_t lines = 0;

	for (size_t i = 0; i < diff->len; i++) {
		const struct diff_file *file = &diff->files[i];
		struct rule_verdict verdict = rules_judge(rules, file, arena);

		task_breathe();
		if (!verdict.skip || !verdict.by_rule)
			lines += (int64_t)file->additions + file->deletions;
	}
	return lines;
}

/* The first file with a sensitive path, new or old; or an empty string. */
static struct str find_sensitive(const struct tiers *tiers, const struct diff *diff)
{
	const struct strings *own = &tiers->sensitive.paths;
	const struct str *globs = tiers->sensitive.has_paths ? own->items : default_paths;
	size_t len = tiers->sensitive.has_paths ? own->len : ARRAY_LEN(default_paths);

	for (size_t i = 0; i < diff->len; i++) {
		const struct diff_file *file = &diff->files[i];

		task_breathe();
		if (glob_list_match(globs, len, file->path))
			return file->path;
		if (file->old_path.len && !str_eq(file->old_path, file->path) &&
		    glob_list_match(globs, len, file->old_path))
			return file->old_path;
	}
	return STR_EMPTY;
}

struct risk_verdict risk_judge(const struct tiers *tiers, const struct rules *rules,
			       const struct diff *diff, struct arena *arena)
{
	int64_t lines = count_lines(rules, diff, arena);
	int64_t lines_min =
		tiers->sensitive.lines_min ? tiers->sensitive.lines_min : SENSITIVE_LINES_DEFAULT;
	int64_t lines_max =
		tiers->trivial.lines_max ? tiers->trivial.lines_max : TRIVIAL_LINES_DEFAULT;
	struct str path = find_sensitive(tiers, diff);
	struct risk_verdict verdict = {.risk = RISK_SENSITIVE};

	if (path.len) {
		verdict.why = arena_printf(arena, "\"%.*s\" is a sensitive path", STR_ARG(path));
	} else if (lines >= lines_min) {
		verdict.why = arena_printf(arena, "%lld changed lines, %lld or more are sensitive",
					   (long long)lines, (long long)lines_min);
	} else {
		verdict.risk = lines <= lines_max ? RISK_TRIVIAL : RISK_STANDARD;
		verdict.why = arena_printf(arena, "%lld changed line%s, no sensitive path",
					   (long long)lines, lines == 1 ? "" : "s");
	}
	return verdict;
}

const struct tier *risk_tier(const struct tiers *tiers, enum risk risk)
{
	if (risk == RISK_STANDARD)
		return NULL;
	return risk == RISK_TRIVIAL ? &tiers->trivial : &tiers->sensitive;
}
