/* Faults by order of the scenario. */
#include "faults.h"

#include "base/glob.h"

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
