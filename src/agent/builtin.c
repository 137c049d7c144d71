/* Files that are part of the program. */
#include "agent/builtin.h"

const struct str builtin_pack[] = {
	STR_INIT("architect"),
	STR_INIT("code-quality"),
	STR_INIT("security"),
};
const size_t builtin_pack_len = ARRAY_LEN(builtin_pack);

const struct builtin_file *builtin_find(struct str name)
{
	for (size_t i = 0; i < builtin_files_len; i++) {
		if (str_eq(builtin_files[i].name, name))
			return &builtin_files[i];
	}
	return NULL;
}

bool builtin_is_agent(const struct builtin_file *file)
{
	return str_ends(file->name, STR(".yml"));
}
