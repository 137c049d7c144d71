/* The faults of the scenario. */
#include "faults.h"

#include "base/glob.h"

/* Every name that some part acts on.  Keep alphabetized. */
static const char *const known_faults[] = {
	"access-denied",
	"bad-checksum",
	"bad-json",
	"close",
	"close-after",
	"cut",
	"cut-frame",
	"daily-quota",
	"expired-token",
	"forbidden",
	"half-json",
	"html-200",
	"http-500",
	"http-502",
	"http-502-after",
	"invalid",
	"legacy-model",
	"model-error",
	"model-not-ready",
	"model-timeout",
	"no-stop",
	"on-demand",
	"quota",
	"rate-limit",
	"reset",
	"secondary-limit",
	"server-error",
	"silence",
	"slow-drip",
	"stream-error",
	"stream-open",
	"stream-server-error",
	"stream-silence",
	"stream-throttling",
	"stream-timeout",
	"stream-unavailable",
	"stream-validation",
	"throttling",
	"too-large",
	"unavailable",
	"validation",
};

void faults_print(FILE *file)
{
	for (size_t i = 0; i < ARRAY_LEN(known_faults); i++)
		fprintf(file, "%s\n", known_faults[i]);
}

const struct value *faults_unknown(const struct value *list)
{
	for (size_t i = 0; i < value_len(list); i++) {
		struct str name = value_get_string(value_at(list, i), "fault");
		bool known = false;

		for (size_t j = 0; j < ARRAY_LEN(known_faults); j++)
			known = known || str_eq(name, str_from(known_faults[j]));
		if (!known)
			return value_at(list, i);
	}
	return NULL;
}

void faults_init(struct faults *faults, struct arena *arena, const struct value *list)
{
	faults->len = value_len(list);
	faults->rows = ARENA_ARRAY(arena, struct fault_row, faults->len + 1);
	for (size_t i = 0; i < faults->len; i++) {
		const struct value *row = value_at(list, i);

		faults->rows[i] = (struct fault_row){.on = value_get_string(row, "on"),
						     .nth = value_get_int(row, "nth", 1),
						     .times = value_get_int(row, "times", 1),
						     .row = row};
	}
}

static bool operation_matches(struct str pattern, struct str operation)
{
	struct str expected, word;

	for (int i = 0; str_next_part(&pattern, ' ', &expected); i++) {
		if (!str_next_part(&operation, ' ', &word))
			return false;
		if (str_eq(expected, STR("*")))
			continue;
		if (str_eq(expected, word))
			continue;
		/* Patterns are matched against paths that do not begin with '/'. */
		if (i != 2 || !glob_match(expected, str_skip(word, str_starts(word, STR("/")))))
			return false;
	}
	return operation.len == 0;
}

const struct value *faults_take(struct faults *faults, struct str operation)
{
	const struct value *taken = NULL;

	for (size_t i = 0; i < faults->len; i++) {
		struct fault_row *row = &faults->rows[i];

		if (!operation_matches(row->on, operation))
			continue;
		row->seen++;
		if (!taken && row->seen >= row->nth && row->seen - row->nth < row->times)
			taken = row->row;
	}
	return taken;
}
