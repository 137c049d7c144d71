/* Reading the published vectors that lie beside the checkout. */
#include "shared.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "value/json.h"

enum { NAMES_MAX = 256, FILE_SIZE_MAX = 4 << 20 };

static char *full_path(struct arena *arena, const char *path)
{
	struct str full = arena_printf(arena, "%s/aws/%s", unit_shared_data(), path);

	return arena_text(arena, full);
}

struct str shared_file(struct arena *arena, const char *path)
{
	char *name = full_path(arena, path);
	FILE *file = fopen(name, "rb");
	char *bytes = arena_alloc(arena, FILE_SIZE_MAX, 1);
	size_t len;

	ck_assert_msg(file != NULL, "cannot open %s", name);
	len = fread(bytes, 1, FILE_SIZE_MAX, file);
	ck_assert(len < FILE_SIZE_MAX);
	fclose(file);
	return str_of(bytes, len);
}

struct value *shared_json(struct arena *arena, const char *path)
{
	struct error err = {0};
	struct value *value = json_read(arena, shared_file(arena, path), 0, &err);

	ck_assert_msg(value != NULL, "%s: %s", path, err.message);
	return value;
}

struct shared_names shared_folder(struct arena *arena, const char *path)
{
	struct shared_names names = {.items = ARENA_ARRAY(arena, struct str, NAMES_MAX)};
	DIR *folder = opendir(full_path(arena, path));
	struct dirent *entry;

	ck_assert_msg(folder != NULL, "cannot open %s", path);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		ck_assert(names.len < NAMES_MAX);
		names.items[names.len++] = arena_str(arena, str_from(entry->d_name));
	}
	closedir(folder);
	qsort(names.items, names.len, sizeof(names.items[0]), str_compare_items);
	return names;
}
