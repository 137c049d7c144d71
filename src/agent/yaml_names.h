/* How the YAML files of a repository are named. */
#ifndef AGENT_YAML_NAMES_H
#define AGENT_YAML_NAMES_H

#include "source/source.h"

/* "lld" of "review/lld.yml" and of "review/lld.yaml". */
struct str file_stem(struct str path);

/* True for a name that ends in ".yml" or ".yaml". */
bool file_is_yaml(struct str path);

/*
 * The file of the tree that `path` (which ends in ".yml") means: it, or the one that ends in ".yaml".  NULL
 * with ERROR_NOT_FOUND, or ERROR_CONFIG when both are there.
 */
const struct source_file *file_find_yaml(struct arena *arena, const struct source_tree *tree,
					 struct str path, struct error *err);

#endif
