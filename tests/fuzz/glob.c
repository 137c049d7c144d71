/* Fuzzes path patterns: the first line is a list of them, the rest a path. */
#include <stdlib.h>

#include "base/glob.h"
#include "base/glob_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str path = str_of((const char *)data, size);
	struct str patterns[8];
	struct str list;
	struct error err;
	size_t count = 0;

	if (size > 4096 || !str_next_line(&path, &list, NULL))
		return 0;
	while (count < ARRAY_LEN(patterns) && str_next_part(&list, ' ', &patterns[count])) {
		/* What is refused matches nothing. */
		if (!glob_check(patterns[count], &err) && glob_match(patterns[count], path))
			abort();
		count++;
	}
	glob_list_match(patterns, count, path);
	return 0;
}
