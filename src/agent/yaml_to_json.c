/* Writes a YAML file as JSON while the program is built, since JSON is read ten times as fast. */
#include <stdio.h>

#include "base/file.h"
#include "value/json.h"
#include "value/yaml.h"

static bool convert(const char *from, FILE *to)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf json = BUF_INIT;
	struct error err = {0};
	struct value *root;

	if (!file_read(from, YAML_SIZE_MAX, &text, &err)) {
		fprintf(stderr, "yaml_to_json: %s\n", err.message);
		return false;
	}
	root = yaml_read(&arena, buf_str(&text), str_from(from), &problems);
	if (!root) {
		problems_write(&problems, &json);
		fwrite(json.ptr, 1, json.len, stderr);
		return false;
	}
	json_write(&json, root, JSON_COMPACT);
	return fwrite(json.ptr, 1, json.len, to) == json.len;
}

int main(int argc, char **argv)
{
	FILE *to;
	bool ok;

	if (argc != 3) {
		fputs("usage: yaml_to_json FROM TO\n", stderr);
		return 2;
	}
	to = fopen(argv[2], "w");
	if (!to) {
		perror(argv[2]);
		return 1;
	}
	ok = convert(argv[1], to);
	return fclose(to) == 0 && ok ? 0 : 1;
}
