/* A model's tool calls: whatever they ask for, only files of the tree are read, within bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/tools.h"
#include "base/utf8.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "hidden" is a blob that no tree lists: a key that redaction does not know. */
static const struct {
	struct str path, id, text;
} files[] = {
	{STR_INIT("README.md"), STR_INIT("aa"), STR_INIT("# Widgets\n")},
	{STR_INIT("src/a.c"), STR_INIT("bb"),
	 STR_INIT("int a;\nint aaaaaaaaaaaaaaaaaaaaaaaaaaaaab;\n")},
	{STR_INIT("src/deep/b.c"), STR_INIT("cc"), STR_INIT("\xff\xfe not text\n")},
	{STR_INIT("src/\n## File: x"), STR_INIT("dd"), STR_INIT("int d;\r\nint e;")},
};

static bool list_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	(void)ctx;
	(void)err;
	*tree = (struct source_tree){
		.files = ARENA_ARRAY(arena, struct source_file, ARRAY_LEN(files)),
		.len = ARRAY_LEN(files),
	};
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		tree->files[i] =
			(struct source_file){.path = files[i].path, .id = files[i].id, .size = -1};
	return true;
}

static bool read_blob(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err)
{
	(void)ctx;
	(void)size_max;
	(void)err;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (!str_eq(files[i].id, id))
			continue;
		buf_add(out, files[i].text);
		return true;
	}
	abort(); /* an id that the tree does not hold */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct source_ops ops = {.tree = list_tree, .blob = read_blob};
	static const struct source source = {.ops = &ops};
	static struct str names[] = {STR_INIT("list_files"), STR_INIT("read_file"),
				     STR_INIT("search")};
	static const struct strings allowed = {.items = names, .len = ARRAY_LEN(names)};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct tools tools = {.source = &source};
	struct tool_answer answer;
	struct tool_call call = {.allowed = &allowed};
	struct error err;

	if (size < 2)
		return 0;
	call.name = names[data[0] % ARRAY_LEN(names)];
	call.input = json_read(&arena, str_of((const char *)data + 1, size - 1), 0, &err);
	if (call.input) {
		if (!tools_call(&tools, &arena, &call, &answer, &err))
			abort();
		if (answer.text.len > TOOL_ANSWER_SIZE_MAX || !utf8_valid(answer.text))
			abort();
	}
	tools_release(&tools);
	return 0;
}
