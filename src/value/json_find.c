/* Finding JSON in what a model wrote around it. */
#include "value/json_find.h"

#include <string.h>

#include "value/json.h"

enum {
	CANDIDATES_MAX = 200, /* brackets that are tried */
	WORK_FACTOR = 20,     /* how often a text is read over at most */
	FIND_SIZE_MAX = 32 << 20,
};

/* The text behind the model's thoughts, when it wrote them out in front of its answer. */
static struct str without_thoughts(struct str text)
{
	static const struct str ends[] = {STR_INIT("</think>"), STR_INIT("</thinking>"),
					  STR_INIT("</thought>")};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		for (ptrdiff_t at = str_find(text, ends[i], 0); at >= 0;
		     at = str_find(text, ends[i], 0)) {
			struct str rest = str_skip(text, (size_t)at + ends[i].len);

			if (str_find_char(rest, '{', 0) < 0)
				return text;
			text = rest;
		}
	}
	return text;
}

/* The index behind the bracket that closes the one at `start`; 0: none does. */
static size_t balanced_end(struct str text, size_t start)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = start; i < text.len; i++) {
		char c = text.ptr[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && --depth == 0)
			return i + 1;
	}
	return 0;
}

static bool names(struct str text, const char *member)
{
	size_t len = strlen(member);

	for (ptrdiff_t at = str_find(text, str_from(member), 0); at > 0;
	     at = str_find(text, str_from(member), (size_t)at + 1)) {
		size_t end = (size_t)at + len;

		if (text.ptr[at - 1] == '"' && end < text.len && text.ptr[end] == '"')
			return true;
	}
	return false;
}

/* Whether a bracket that is closed begins an object and not just words in braces. */
static bool begins_object(struct str json)
{
	struct str inside = str_trim(str_skip(json, 1));

	return str_starts(inside, STR("\"")) || str_starts(inside, STR("}"));
}

bool json_find(struct arena *arena, struct str text, const char *member, struct json_found *found,
	       struct error *err)
{
	struct error broken = {0};
	size_t work = 0;
	size_t i = 0;

	*found = (struct json_found){0};
	text = without_thoughts(text);
	for (int tries = 0; i < text.len && tries < CANDIDATES_MAX && found->len < JSON_FOUND_MAX &&
			    work <= WORK_FACTOR * text.len;) {
		size_t end = text.ptr[i] == '{' ? balanced_end(text, i) : 0;
		struct str json = str_slice(text, i, end ? end - i : 0);
		struct error why = {0};

		if (text.ptr[i] != '{') {
			i++;
			continue;
		}
		tries++;
		work += end ? end - i : text.len - i;
		struct value *value = end ? json_read(arena, json, FIND_SIZE_MAX, &why) : NULL;
		if (!end && broken.kind == ERROR_NONE && names(str_skip(text, i), member) &&
		    json_read(arena, str_skip(text, i), FIND_SIZE_MAX, &broken))
			broken.kind = ERROR_NONE; /* never: it is not balanced */
		bool wanted = value && (!*member || value_get(value, member));
		if (wanted) {
			found->items[found->len++] = value;
		} else if (end && !value && begins_object(json) &&
			   (!*member || names(json, member))) {
			/* It was meant to be the answer: a part of it must not pass as the whole. */
			*err = why;
			return false;
		}
		i = wanted ? end : i + 1;
	}
	if (!found->len && broken.kind != ERROR_NONE)
		*err = broken;
	else if (!found->len)
		error_set(err, ERROR_SYNTAX, "the text holds no JSON object%s%s%s",
			  *member ? " with \"" : "", member, *member ? "\"" : "");
	return found->len > 0;
}
