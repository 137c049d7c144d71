/* The names of YAML files of a repository. */
#include "agent/yaml_names.h"

static const struct str yaml_ends[] = {STR_INIT(".yaml"), STR_INIT(".yml")};

struct str file_stem(struct str path)
{
	struct str name = str_last_part(path);

	for (size_t i = 0; i < ARRAY_LEN(yaml_ends); i++) {
		if (str_ends(name, yaml_ends[i]))
			return str_slice(name, 0, name.len - yaml_ends[i].len);
	}
	return name;
}

bool file_is_yaml(struct str path)
{
	return str_ends(path, yaml_ends[0]) || str_ends(path, yaml_ends[1]);
}

const struct source_file *file_find_yaml(struct arena *arena, const struct source_tree *tree,
					 struct str path, struct error *err)
{
	struct str other = arena_printf(arena, "%.*s.yaml",
					STR_ARG(str_slice(path, 0, path.len - STR(".yml").len)));
	const struct source_file *file = source_tree_find(tree, path);
	const struct source_file *second = source_tree_find(tree, other);

	if (file && second) {
		error_set(err, ERROR_CONFIG, "\"%.*s\" and \"%.*s\" are both there: remove one",
			  STR_ARG(path), STR_ARG(other));
		return NULL;
	}
	if (!file && !second)
		error_set(err, ERROR_NOT_FOUND, "there is no file \"%.*s\"", STR_ARG(path));
	return file ? file : second;
}
