/* The attribute linguist-generated, as gitattributes(5) and GitHub's linguist read it. */
#include "review/attributes.h"

#include <string.h>

#include "base/glob.h"
#include "base/log.h"
#include "base/vec.h"

enum { FILES_MAX = 50, ATTRIBUTES_SIZE_MAX = 256 << 10, RULES_MAX = 1000 };

#define ATTRIBUTES_NAME ".gitattributes"

struct rule_list {
	VEC_FIELDS(struct attribute_rule);
};

/* The next word of a line; a pattern may be in double quotes. */
static struct str next_word(struct str *rest)
{
	struct str word;
	size_t len = 0;

	*rest = str_trim(*rest);
	if (rest->len > 1 && rest->ptr[0] == '"') {
		ptrdiff_t end = str_find_char(*rest, '"', 1);

		if (end > 0) {
			word = str_slice(*rest, 1, (size_t)end - 1);
			*rest = str_skip(*rest, (size_t)end + 1);
			return word;
		}
	}
	while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
		len++;
	word = str_slice(*rest, 0, len);
	*rest = str_skip(*rest, len);
	return word;
}

/* True when the word is about the attribute: "NAME", "NAME=true", "-NAME", or "!NAME", which unsets it. */
static bool read_state(struct str word, int *generated)
{
	const struct str name = STR("linguist-generated");
	char sign = word.len && strchr("-!", word.ptr[0]) ? word.ptr[0] : '\0';
	struct str rest = str_skip(word, sign ? 1 : 0);

	if (!str_starts(rest, name))
		return false;
	rest = str_skip(rest, name.len);
	if (rest.len && rest.ptr[0] != '=')
		return false;
	if (sign == '!')
		*generated = 0;
	else
		*generated = sign || str_eq_nocase(rest, STR("=false")) ? -1 : 1;
	return true;
}

/* Braces are literal in these patterns, but mark alternatives in ours. */
static struct str as_glob(struct arena *arena, struct str pattern)
{
	SCOPED(buf) struct buf glob = BUF_INIT;

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '{')
			buf_add_char(&glob, '\\');
		buf_add_char(&glob, pattern.ptr[i]);
	}
	return arena_str(arena, buf_str(&glob));
}

static void read_line(struct rule_list *list, struct arena *arena, struct str folder,
		      struct str line)
{
	struct str pattern = next_word(&line);
	struct str word;
	int generated;

	/* A pattern with a '/' at its end matches nothing here, unlike in .gitignore. */
	if (!pattern.len || pattern.ptr[0] == '#' || str_ends(pattern, STR("/")))
		return;
	while ((word = next_word(&line)).len) {
		if (read_state(word, &generated) && list->len < RULES_MAX)
			VEC_PUSH(list, (struct attribute_rule){folder, as_glob(arena, pattern),
							       generated});
	}
}

static void read_text(struct rule_list *list, struct arena *arena, struct str folder,
		      struct str text)
{
	struct str line;

	while (str_next_line(&text, &line, NULL))
		read_line(list, arena, folder, line);
}

/* Whether a changed file is below the folder. */
static bool has_changes(const struct diff *diff, struct str folder)
{
	for (size_t i = 0; i < diff->len; i++) {
		if (str_starts(diff->files[i].path, folder))
			return true;
	}
	return false;
}

/* The folder of an attributes file that applies; false for any other file. */
static bool is_wanted(const struct diff *diff, struct str path, struct str *folder)
{
	*folder = path;
	if (!str_ends(path, STR(ATTRIBUTES_NAME)))
		return false;
	folder->len -= STR(ATTRIBUTES_NAME).len;
	return (!folder->len || str_ends(*folder, STR("/"))) && !diff_find(diff, path) &&
	       has_changes(diff, *folder);
}

void attributes_read(struct attributes *attributes, const struct source *base,
		     const struct diff *diff, struct arena *arena)
{
	struct rule_list list = {0};
	struct source_tree tree = {0};
	struct error err;
	struct str folder;
	int files = 0;

	*attributes = (struct attributes){0};
	if (!base || !diff->len)
		return;
	if (!source_tree(base, arena, &tree, &err)) {
		log_debug("review", "no attributes are read: %s", err.message);
		return;
	}
	for (size_t i = 0; i < tree.len && files < FILES_MAX; i++) {
		SCOPED(buf) struct buf text = BUF_INIT;

		if (!is_wanted(diff, tree.files[i].path, &folder))
			continue;
		files++;
		if (source_blob(base, tree.files[i].id, ATTRIBUTES_SIZE_MAX, &text, &err))
			read_text(&list, arena, arena_str(arena, folder), buf_str(&text));
		else
			log_debug("review", "%.*s is not read: %s", STR_ARG(tree.files[i].path),
				  err.message);
	}
	attributes->rules = ARENA_ARRAY(arena, struct attribute_rule, list.len + 1);
	attributes->len = list.len;
	for (size_t i = 0; i < list.len; i++)
		attributes->rules[i] = list.items[i];
	VEC_RELEASE(&list);
}

int attributes_generated(const struct attributes *attributes, struct str path)
{
	const struct attribute_rule *found = NULL;

	for (size_t i = 0; i < attributes->len; i++) {
		const struct attribute_rule *rule = &attributes->rules[i];

		/* The deepest file takes precedence; in a file, the last line. */
		if ((found && rule->folder.len < found->folder.len) ||
		    !str_starts(path, rule->folder) ||
		    !glob_match(rule->pattern, str_skip(path, rule->folder.len)))
			continue;
		found = rule;
	}
	return found ? found->generated : 0;
}
