/* Finds JSON in a text that a model wrote around it. */
#include "value/json_find.h"

#include <string.h>

#include "base/breathe.h"
#include "value/json.h"

enum {
	CANDIDATES_MAX = 200, /* brackets that are tried */
	WORK_FACTOR = 20,     /* how many times a text is read at most */
	FIND_SIZE_MAX = 32 << 20,
};

/* The text after the model's thoughts, if it wrote them before its answer. */
static struct str without_thoughts(struct str text)
{
	static const struct str ends[] = {STR_INIT("</think>"), STR_INIT("</thinking>"),
					  STR_INIT("</thought>")};

	ptrdiff_t last = str_rfind_char(text, '{');
	size_t start = 0;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		for (ptrdiff_t at = str_find(text, ends[i], start); at >= 0;
		     at = str_find(text, ends[i], start)) {
			if (last < at)
				return str_skip(text, start);
			start = (size_t)at + ends[i].len;
			breathe();
		}
	}
	return str_skip(text, start);
}

/* The index behind the bracket that closes the one at `start`; 0: none does. */
static size_t balanced_end(struct str text, size_t start)
{
	bool in_string = false;
	size_t steps = 0;
	int depth = 0;

	for (size_t i = start; i < text.len; i++) {
		char c = text.ptr[i];

		breathe_each(&steps);
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

struct json_search {
	struct arena *arena;
	const char *member; /* that an object must have; "": any object will do */
	struct json_found *found;
	struct error
		*unclosed; /* about the first object with that member that does not end; or NULL */
};

/*
 * Accepts an object that has the member. False if the object was meant to be the answer but
 * cannot be read: a part of it must not be taken for the whole.
 */
static bool take_object(struct json_search *search, struct str json, bool *taken, struct error *err)
{
	const char *member = search->member;
	struct value *value = json_read(search->arena, json, FIND_SIZE_MAX, err);

	*taken = value && (!*member || value_get(value, member));
	if (*taken)
		search->found->items[search->found->len++] = value;
	if (value)
		return true;
	if (begins_object(json) && (!*member || names(json, member)))
		return false;
	*err = (struct error){0};
	return true;
}

static void note_unclosed(struct json_search *search, struct str rest)
{
	struct error *why;

	if (search->unclosed || !names(rest, search->member))
		return;
	why = ARENA_NEW(search->arena, struct error);
	if (!json_read(search->arena, rest, FIND_SIZE_MAX,
		       why)) /* always: its brackets are not closed */
		search->unclosed = why;
}

static bool nothing_found(const struct json_search *search, struct error *err)
{
	const char *member = search->member;

	if (search->unclosed) {
		*err = *search->unclosed;
		return false;
	}
	return error_set(err, ERROR_SYNTAX, "the text holds no JSON object%s%s%s",
			 *member ? " with \"" : "", member, *member ? "\"" : "");
}

bool json_find(struct arena *arena, struct str text, const char *member, struct json_found *found,
	       struct error *err)
{
	struct json_search search = {.arena = arena, .member = member, .found = found};
	size_t work = 0;
	size_t next = 0;

	*found = (struct json_found){0};
	text = without_thoughts(text);
	for (int tries = 0; tries < CANDIDATES_MAX && found->len < JSON_FOUND_MAX &&
			    work <= WORK_FACTOR * text.len;
	     tries++) {
		ptrdiff_t bracket = str_find_char(text, '{', next);
		size_t start = (size_t)bracket;
		bool taken = false;
		size_t end;

		if (bracket < 0)
			break;
		end = balanced_end(text, start);
		work += (end ? end : text.len) - start;
		if (!end)
			note_unclosed(&search, str_skip(text, start));
		else if (!take_object(&search, str_slice(text, start, end - start), &taken, err))
			return false;
		next = taken ? end : start + 1;
	}
	return found->len > 0 || nothing_found(&search, err);
}
