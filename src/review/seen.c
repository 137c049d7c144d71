/* The visible form of an answer in a comment, for the search for secrets. */
#include "review/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/breathe.h"
#include "base/utf8.h"

enum { ENTITY_LEN_MAX = 32 };

/* Names of ASCII characters (HTML, named character references), and of characters without a shape: 0. Sorted. */
static const struct entity {
	const char *name;
	char character;
} entities[] = {
	{"AMP", '&'},
	{"ApplyFunction", 0},
	{"DiacriticalGrave", '`'},
	{"GT", '>'},
	{"Hat", '^'},
	{"InvisibleComma", 0},
	{"InvisibleTimes", 0},
	{"LT", '<'},
	{"NegativeMediumSpace", 0},
	{"NegativeThickSpace", 0},
	{"NegativeThinSpace", 0},
	{"NegativeVeryThinSpace", 0},
	{"NewLine", '\n'},
	{"NoBreak", 0},
	{"QUOT", '"'},
	{"Tab", '\t'},
	{"UnderBar", '_'},
	{"VerticalLine", '|'},
	{"ZeroWidthSpace", 0},
	{"af", 0},
	{"amp", '&'},
	{"apos", '\''},
	{"ast", '*'},
	{"bsol", '\\'},
	{"colon", ':'},
	{"comma", ','},
	{"commat", '@'},
	{"dollar", '$'},
	{"equals", '='},
	{"excl", '!'},
	{"grave", '`'},
	{"gt", '>'},
	{"ic", 0},
	{"it", 0},
	{"lbrace", '{'},
	{"lbrack", '['},
	{"lcub", '{'},
	{"lowbar", '_'},
	{"lpar", '('},
	{"lrm", 0},
	{"lsqb", '['},
	{"lt", '<'},
	{"midast", '*'},
	{"num", '#'},
	{"percnt", '%'},
	{"period", '.'},
	{"plus", '+'},
	{"quest", '?'},
	{"quot", '"'},
	{"rbrace", '}'},
	{"rbrack", ']'},
	{"rcub", '}'},
	{"rlm", 0},
	{"rpar", ')'},
	{"rsqb", ']'},
	{"semi", ';'},
	{"shy", 0},
	{"sol", '/'},
	{"verbar", '|'},
	{"vert", '|'},
	{"zwj", 0},
	{"zwnj", 0},
};

static int compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct entity *)row)->name);
}

/* False when `digits` are not a number, or that of no character. */
static bool read_number(struct str digits, uint32_t *c)
{
	bool hex = str_starts_nocase(digits, STR("x"));
	int base = hex ? 16 : 10;
	uint32_t value = 0;

	digits = str_skip(digits, hex ? 1 : 0);
	for (size_t i = 0; i < digits.len; i++) {
		int number = ascii_hex_value(digits.ptr[i]);

		if (number < 0 || number >= base || value > 0x10ffff)
			return false;
		value = value * (uint32_t)base + (uint32_t)number;
	}
	*c = value;
	return digits.len && value >= ' ' && value <= 0x10ffff &&
	       (value < 0xd800 || value > 0xdfff);
}

/* Reads "&#65;", "&#x41;" or "&lowbar;" at the start of `text`; its length, 0 when it is something else. */
static size_t read_entity(struct str text, uint32_t *c)
{
	char name[ENTITY_LEN_MAX + 1] = "";
	const struct entity *entity;
	ptrdiff_t end;

	if (!str_starts(text, STR("&")))
		return 0;
	text = str_slice(text, 1, ENTITY_LEN_MAX);
	end = str_find_char(text, ';', 0);
	if (end <= 0)
		return 0;
	if (text.ptr[0] == '#')
		return read_number(str_slice(text, 1, (size_t)end - 1), c) ? (size_t)end + 2 : 0;
	memcpy(name, text.ptr, (size_t)end);
	entity = bsearch(name, entities, ARRAY_LEN(entities), sizeof(*entities), compare);
	if (!entity)
		return 0;
	*c = (uint32_t)entity->character;
	return (size_t)end + 2;
}

void seen_add(struct buf *out, struct str text)
{
	size_t count = 0;

	while (text.len) {
		uint32_t c;
		size_t entity = read_entity(text, &c);

		if (entity) {
			text = str_skip(text, entity);
		} else if (text.len > 1 && text.ptr[0] == '\\' && text.ptr[1] > ' ' &&
			   text.ptr[1] < 0x7f && !ascii_is_alnum(text.ptr[1])) {
			text = str_skip(text, 1);
			continue;
		} else if (!utf8_next(&text, &c)) {
			return;
		}
		if (!utf8_has_no_shape(c))
			utf8_add(out, c);
		breathe_each(&count);
	}
}
