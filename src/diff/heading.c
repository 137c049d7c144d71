/* Finds the lines that start a function: a table of patterns, and the search around a change. */
#include "diff/heading.h"

#include <pcre2.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum {
	LINE_LEN_MAX = 300,
	HEADING_STEPS_MAX = 20000, /* lines are untrusted; one that takes longer does not match */
	COMMENT_LINES_MAX = 12,    /* above a function; a longer block is left out */
	LOOK_BACK_MAX = 2000,      /* lines above a change that are searched for the beginning */
	TAB_WIDTH = 8,
};

#define CONTROL_WORDS                                                                                            \
	"(?:assert|await|break|case|catch|continue|default|defer|delete|do|else|finally|for|foreach|goto|if|in|" \
	"instanceof|lock|new|return|sizeof|super|switch|synchronized|this|throw|try|typeof|using|while|with|yield)\\b"

/*
 * Languages that git's drivers know (gitattributes(5), "Defining a custom hunk-header"; their
 * patterns are in git's userdiff.c), without those of prose, and some that it does not know.
 * Sorted by name.
 */
static const struct heading_language languages[] = {
	{"ada", ".adb .ads",
	 "(?i)^[ \t]*(?:overriding[ \t]+)?(?:procedure|function|package|protected|task|entry)\\b",
	 "(?i)\\bis[ \t]+new\\b", "end"},
	{"bash", ".bash .bats .ksh .sh .zsh",
	 "^[ \t]*(?:function[ \t]+[\\w:.-]+|[\\w:.-]+[ \t]*\\([ \t]*\\))", NULL, "}"},
	{"cpp", ".c .cc .cpp .cu .cuh .cxx .c++ .h .hh .hpp .hxx .inl .ino .ipp .tcc",
	 "^(?:::[ \t]*)?[A-Za-z_~]", "^(?:[A-Za-z_]\\w*:(?!:)|" CONTROL_WORDS ")", "}"},
	{"csharp", ".cs",
	 "^[ \t]*(?:(?:abstract|async|extern|file|internal|new|override|partial|private|protected|public|readonly|sealed|static|unsafe|virtual)[ \t]+)*"
	 "(?:(?:class|delegate|enum|interface|namespace|record|struct)\\b|[\\w<>\\[\\],.?]+[ \t]+[\\w<>,.]+[ \t]*(?:\\(|\\{|$))",
	 "^[ \t]*" CONTROL_WORDS "|;[ \t]*$", "}"},
	{"css", ".css .less .scss", "^[ \t]*[.#@:\\[*&]?[A-Za-z_-][^;]*(?:\\{|,)[ \t]*$", NULL,
	 "}"},
	{"dts", ".dts .dtsi",
	 "^[ \t]*(?:/[ \t]*\\{|&?[A-Za-z][\\w,.@+:-]*(?:[ \t]*[\\w,.@+-]+)?[ \t]*\\{)", NULL, "}"},
	{"elixir", ".ex .exs",
	 "^[ \t]*(?:def|defp|defmacro|defmacrop|defmodule|defprotocol|defimpl|defguard|defguardp|defdelegate|describe|test)\\b",
	 NULL, "end"},
	{"fortran", ".f .f03 .f08 .f77 .f90 .f95 .for .ftn",
	 "(?i)^[ \t]*(?:[\\w(),=*]+[ \t]+)*(?:block data|function|module|program|subroutine)\\b",
	 "(?i)^[ \t]*(?:end|[c!*][ \t])", "end"},
	{"golang", ".go", "^(?:func\\b|type[ \t]+\\w+)", NULL, "}"},
	{"java", ".java .groovy",
	 "^[ \t]*(?:(?:@?[A-Za-z_][\\w.]*(?:<[^(]*>)?[\\[\\]]*[ \t]+)*@?(?:class|enum|interface|record)\\b|"
	 "(?:@?[A-Za-z_][\\w.]*(?:<[^(]*>)?[\\[\\]]*[ \t]+)+[A-Za-z_]\\w*[ \t]*\\()",
	 "^[ \t]*" CONTROL_WORDS "|;[ \t]*$", "}"},
	{"javascript", ".cjs .js .jsx .mjs .svelte .vue .cts .mts .ts .tsx",
	 "^[ \t]*(?:(?:abstract|async|declare|default|export|get|override|private|protected|public|readonly|set|static)[ \t]+)*"
	 "(?:(?:class|enum|function|interface|namespace)\\b|(?:const|let|var)[ \t]+[\\w$]+.*(?:=>|\\bfunction\\b)|"
	 "[\\w$#*]+[ \t]*(?:<[^>]*>)?\\(.*\\{[ \t]*$)",
	 "^[ \t]*" CONTROL_WORDS, "}"},
	{"kotlin", ".kt .kts", "^[ \t]*(?:@?[a-z]\\w*[ \t]+)*(?:class|fun|interface|object)\\b",
	 NULL, "}"},
	{"lua", ".lua", "^[ \t]*(?:local[ \t]+)?(?:function\\b|[\\w.:]+[ \t]*=[ \t]*function\\b)",
	 NULL, "end"},
	{"matlab", ".m.matlab .mlx", "^[ \t]*(?:classdef|function)\\b|^%%", NULL, "end"},
	{"objc", ".m .mm",
	 "^[ \t]*[-+][ \t]*\\(|^@(?:implementation|interface|protocol)\\b|^[A-Za-z_]",
	 "^(?:[A-Za-z_]\\w*:(?!:)|" CONTROL_WORDS ")", "}"},
	{"pascal", ".dpr .lpr .pas .pp",
	 "(?i)^[ \t]*(?:(?:class[ \t]+)?(?:constructor|destructor|function|operator|procedure)|finalization|implementation|initialization|interface|program|unit)\\b",
	 NULL, "end"},
	{"perl", ".pl .pm .t",
	 "^[ \t]*(?:package|sub)\\b|^(?:AUTOLOAD|BEGIN|CHECK|DESTROY|END|INIT|UNITCHECK)\\b|^=head[0-9]",
	 NULL, "}"},
	{"php", ".php .phtml",
	 "^[ \t]*(?:(?:abstract|final|private|protected|public|readonly|static)[ \t]+)*(?:class|enum|function|interface|trait)\\b",
	 NULL, "}"},
	{"python", ".py .pyi .pyx .bzl", "^[ \t]*(?:class|(?:async[ \t]+)?def|cdef|cpdef)\\b", NULL,
	 NULL},
	{"ruby", ".rb .rake .gemspec", "^[ \t]*(?:class|def|module)\\b", NULL, "end"},
	{"rust", ".rs",
	 "^[ \t]*(?:pub(?:\\([^)]*\\))?[ \t]+)?(?:(?:async|const|default|extern(?:[ \t]+\"[^\"]*\")?|unsafe)[ \t]+)*(?:enum|fn|impl|macro_rules!|mod|struct|trait|union)(?![\\w:])",
	 NULL, "}"},
	{"scala", ".sc .scala",
	 "^[ \t]*(?:(?:[a-z]\\w*|private\\[\\w+\\]|protected\\[\\w+\\])[ \t]+)*(?:class|def|enum|extension|given|object|trait)\\b",
	 NULL, "}"},
	{"scheme", ".clj .cljc .cljs .el .lisp .rkt .scm .ss",
	 "^[ \t]*\\((?:def[\\w!*-]*|library|module|struct|class)(?![\\w-])", NULL, NULL},
	{"swift", ".swift",
	 "^[ \t]*(?:@?[a-z]\\w*(?:\\([a-z]+\\))?[ \t]+)*(?:actor|class|deinit|enum|extension|func|init|protocol|struct|subscript)\\b",
	 NULL, "}"},
	{"zig", ".zig",
	 "^[ \t]*(?:(?:export|extern|inline|pub)[ \t]+)*(?:fn\\b|test\\b|const[ \t]+\\w+[ \t]*=.*(?:enum|struct|union)\\b)",
	 NULL, "}"},
};

const struct heading_language *heading_languages(size_t *len)
{
	*len = ARRAY_LEN(languages);
	return languages;
}

static bool has_suffix(const char *suffixes, struct str name)
{
	struct str rest = str_from(suffixes);

	while (rest.len) {
		ptrdiff_t blank = str_find_char(rest, ' ', 0);
		struct str suffix = blank < 0 ? rest : str_slice(rest, 0, (size_t)blank);

		if (name.len > suffix.len && str_ends(name, suffix))
			return true;
		rest = blank < 0 ? STR_EMPTY : str_skip(rest, (size_t)blank + 1);
	}
	return false;
}

const struct heading_language *heading_language(struct str path)
{
	struct str name = str_last_part(path);

	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		if (has_suffix(languages[i].suffixes, name))
			return &languages[i];
	}
	return NULL;
}

/* ---- Matching ---- */

struct headings {
	const struct heading_language *language;
	pcre2_code *begins, *not; /* `not` may be NULL */
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static pcre2_code *compile(const char *pattern)
{
	int number;
	PCRE2_SIZE at;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, 0, &number, &at, NULL);

	assert(code);
	return code;
}

struct headings *headings_new(const struct heading_language *language)
{
	struct headings *headings = NEW(struct headings);

	*headings = (struct headings){
		.language = language,
		.begins = compile(language->begins),
		.not= language->not? compile(language->not) : NULL,
		.limits = pcre2_match_context_create(NULL),
		.data = pcre2_match_data_create(1, NULL),
	};
	if (!headings->limits || !headings->data)
		memory_exhausted();
	pcre2_set_match_limit(headings->limits, HEADING_STEPS_MAX);
	return headings;
}

void headings_free(struct headings *headings)
{
	if (!headings)
		return;
	pcre2_match_data_free(headings->data);
	pcre2_match_context_free(headings->limits);
	pcre2_code_free(headings->not);
	pcre2_code_free(headings->begins);
	free(headings);
}

static bool matches(const struct headings *headings, const pcre2_code *code, struct str line)
{
	return pcre2_match(code, (PCRE2_SPTR)line.ptr, line.len, 0, 0, headings->data,
			   headings->limits) >= 0;
}

bool headings_match(const struct headings *headings, struct str line)
{
	line = utf8_cut(line, LINE_LEN_MAX);
	if (!line.len || !matches(headings, headings->begins, line))
		return false;
	return !headings->not || !matches(headings, headings->not, line);
}

/* ---- The function around some lines ---- */

static bool is_blank(struct str line)
{
	return !str_trim(line).len;
}

/* In columns; a tab leads to the next multiple of eight. */
static uint32_t indentation(struct str line)
{
	uint32_t columns = 0;

	for (size_t i = 0; i < line.len && i < LINE_LEN_MAX; i++) {
		if (line.ptr[i] == '\t')
			columns += TAB_WIDTH - columns % TAB_WIDTH;
		else if (line.ptr[i] == ' ')
			columns++;
		else
			break;
	}
	return columns;
}

/* Lines whose indentation has no meaning: blank ones, braces, preprocessor lines and labels. */
static bool says_no_depth(struct str line)
{
	struct str text = str_trim(line);

	return !text.len || strchr("#{})", text.ptr[0]) ||
	       (text.ptr == line.ptr && str_ends(text, STR(":")));
}

static bool ends_here(const struct headings *headings, struct str line, uint32_t indent)
{
	const char *ends = headings->language->ends;

	return ends && indentation(line) == indent && str_starts(str_trim(line), str_from(ends));
}

/* The line on which the function around `at` begins; 0: none, or none near. */
static uint32_t find_heading(const struct headings *headings, const struct str *lines, uint32_t at)
{
	struct str self = lines[at - 1];
	uint32_t indent = says_no_depth(self) ? UINT32_MAX : indentation(self);
	uint32_t top = at > LOOK_BACK_MAX ? at - LOOK_BACK_MAX : 1;

	if (headings_match(headings, self))
		return at;
	for (uint32_t line = at - 1; indent && line >= top && line > 0; line--) {
		struct str text = lines[line - 1];
		uint32_t own = indentation(text);

		if (own < indent && headings_match(headings, text))
			return line;
		if (ends_here(headings, text, 0))
			return 0;
		if (indent == UINT32_MAX && !says_no_depth(text))
			indent = own + 1;
	}
	return 0;
}

/* Where a comment or attribute directly above `heading` begins. */
static uint32_t with_comment(const struct str *lines, uint32_t heading)
{
	uint32_t first = heading;

	while (first > 1 && heading - first <= COMMENT_LINES_MAX) {
		struct str above = str_trim(lines[first - 2]);

		if (!above.len || !strchr("/*#@[-;!\"'%(", above.ptr[0]))
			break;
		first--;
	}
	return heading - first > COMMENT_LINES_MAX ? heading : first;
}

/* The last line of the function that begins on `heading`; at most `reach` below `from`. */
static uint32_t find_end(const struct headings *headings, const struct str *lines, size_t len,
			 uint32_t heading, uint32_t from, uint32_t reach)
{
	uint32_t indent = indentation(lines[heading - 1]);
	uint32_t bottom = (uint32_t)MIN_OF((size_t)from + reach, len);
	uint32_t last = bottom;

	if (from > heading && ends_here(headings, lines[from - 1], indent))
		return from;
	for (uint32_t line = from + 1; line <= bottom; line++) {
		struct str text = lines[line - 1];

		if (ends_here(headings, text, indent))
			return line;
		if (!says_no_depth(text) && indentation(text) <= indent &&
		    headings_match(headings, text)) {
			last = with_comment(lines, line) - 1;
			break;
		}
	}
	while (last > from && is_blank(lines[last - 1]))
		last--;
	return MAX_OF(last, from);
}

/* For a longer function, the lines near the change, two thirds of them above it. */
static struct line_range trim(struct line_range range, struct line_range changed,
			      uint32_t lines_max)
{
	uint32_t above = changed.first - range.first;
	uint32_t below = range.last - changed.last;

	if (above + below <= lines_max)
		return range;
	above = MIN_OF(above, MAX_OF(lines_max * 2 / 3, lines_max - MIN_OF(below, lines_max)));
	below = MIN_OF(below, lines_max - above);
	return (struct line_range){changed.first - above, changed.last + below};
}

struct line_range headings_enclosing(const struct headings *headings, const struct str *lines,
				     size_t len, struct line_range changed, uint32_t lines_max)
{
	struct line_range range = changed;
	uint32_t above = find_heading(headings, lines, changed.first);
	uint32_t below = find_heading(headings, lines, changed.last);

	if (above)
		range.first = MIN_OF(with_comment(lines, above), changed.first);
	if (below)
		range.last = find_end(headings, lines, len, below, changed.last, lines_max);
	return trim(range, changed, lines_max);
}
