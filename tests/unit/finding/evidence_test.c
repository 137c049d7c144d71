/* Placing by evidence: contract by contract, one small change. */
#include "finding/place.h"

#include <string.h>

#include "unit.h"

/* Old and new numbers follow each line. */
static const char change[] = "diff --git a/old/name.c b/src/name.c\n"
			     "similarity index 90%\n"
			     "rename from old/name.c\n"
			     "rename to src/name.c\n"
			     "--- a/old/name.c\n"
			     "+++ b/src/name.c\n"
			     "@@ -10,8 +10,9 @@ int load(void)\n"
			     " \tint count = 0;\n"                    /* 10 10 */
			     "-\tcount = read_all(file);\r\n"         /* 11 -- */
			     "+\tcount = read_some(file, limit);\r\n" /* -- 11 */
			     "+\tcheck(count);\n"                     /* -- 12 */
			     " \n"                                    /* 12 13 */
			     " \tif (count < 0)\n"                    /* 13 14 */
			     " \t\treturn -1;\n"                      /* 14 15 */
			     " \tuse(count);\n"                       /* 15 16 */
			     " \tclose(file);\n"                      /* 16 17 */
			     " }\n"                                   /* 17 18 */
			     "@@ -40,5 +41,6 @@ int store(void)\n"
			     " \topen(file);\n"      /* 40 41 */
			     " \tcheck(count);\n"    /* 41 42 */
			     "+\tlog(\"stored\");\n" /* -- 43 */
			     " \tclose(file);\n"     /* 42 44 */
			     " \treturn 0;\n"        /* 43 45 */
			     " }\n"                  /* 44 46 */
			     "diff --git a/logo.png b/logo.png\n"
			     "index 111..222 100644\n"
			     "Binary files a/logo.png and b/logo.png differ\n";

struct row {
	const char *path, *evidence;
	uint32_t line, end_line;
	enum diff_side side;
	enum placement placement;
	uint32_t then_line, then_end_line;
	enum diff_side then_side;
};

static void place(struct findings *findings, struct finding *finding)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	ck_assert_msg(diff_parse(str_from(change), &diff, &err), "%s", err.message);
	finding_place(findings, finding, &diff);
}

static void check_row(const struct row *row)
{
	SCOPED(findings) struct findings findings = {0};
	struct finding finding = {
		.path = str_from(row->path),
		.line = row->line,
		.end_line = row->end_line ? row->end_line : row->line,
		.side = row->side,
		.evidence = str_from(row->evidence),
	};

	place(&findings, &finding);
	ck_assert_msg(finding.placement == row->placement, "\"%s\" at %u: %s %u..%u (%.*s)",
		      row->evidence, row->line, placement_names[finding.placement], finding.line,
		      finding.end_line, STR_ARG(finding.placement_reason));
	ck_assert_uint_eq(finding.id.len, 16);
	if (row->placement == PLACEMENT_SUMMARY) {
		ck_assert_uint_gt(finding.placement_reason.len, 0);
		return;
	}
	ck_assert_str_is(finding.path, STR("src/name.c"));
	ck_assert_msg(finding.line == row->then_line && finding.end_line == row->then_end_line,
		      "\"%s\" at %u ended at %u..%u", row->evidence, row->line, finding.line,
		      finding.end_line);
	ck_assert_int_eq(finding.side, row->then_side);
}

#define HERE PLACEMENT_INLINE
#define MOVED PLACEMENT_MOVED
#define NOWHERE PLACEMENT_SUMMARY
#define RIGHT SIDE_RIGHT
#define LEFT SIDE_LEFT

static void check_rows(const struct row *rows, size_t len)
{
	for (size_t i = 0; i < len; i++)
		check_row(&rows[i]);
}

TEST(keeps_lines_on_which_the_evidence_stands)
{
	static const struct row rows[] = {
		{"src/name.c", "count = read_some(file, limit);", 11, 0, RIGHT, HERE, 11, 11,
		 RIGHT},
		{"src/name.c", "  count =  read_some(file,\tlimit);\r\n", 11, 0, RIGHT, HERE, 11,
		 11, RIGHT},
		{"src/name.c", "read_some(file, limit)", 11, 0, RIGHT, HERE, 11, 11, RIGHT},
		{"src/name.c", "check(count);", 11, 12, RIGHT, HERE, 11, 12, RIGHT},
		{"src/name.c", "}", 18, 0, RIGHT, HERE, 18, 18, RIGHT},
		{"src/name.c", "count = read_all(file);", 11, 0, LEFT, HERE, 11, 11, LEFT},
		{"src/name.c", "if (count < 0)\n\treturn -1;", 14, 15, RIGHT, HERE, 14, 15, RIGHT},
		{"src/name.c", "check(count);\nif (count < 0)", 12, 14, RIGHT, HERE, 12, 14, RIGHT},
		{"old/name.c", "check(count);", 12, 0, RIGHT, HERE, 12, 12, RIGHT},
		{"b/src/name.c", "check(count);", 12, 0, RIGHT, HERE, 12, 12, RIGHT},
		{"./src/name.c", "```c\ncheck(count);\n```", 12, 0, RIGHT, HERE, 12, 12, RIGHT},
		{"src/name.c", "    12 |+ \tcheck(count);", 12, 0, RIGHT, HERE, 12, 12, RIGHT},
		{"src/name.c", "+\tcheck(count);", 12, 0, RIGHT, HERE, 12, 12, RIGHT},
		{"src/name.c", "-\tcount = read_all(file);\n+\tcount = read_some(file, limit);", 11,
		 0, RIGHT, HERE, 11, 11, RIGHT},
		{"src/name.c", "if (count < 0)\n...\nclose(file);", 14, 17, RIGHT, HERE, 14, 17,
		 RIGHT},
		/* What goes beyond the hunk is cut to what is proven. */
		{"src/name.c", "close(file);", 17, 30, RIGHT, HERE, 17, 17, RIGHT},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

TEST(moves_to_where_the_evidence_stands)
{
	static const struct row rows[] = {
		{"src/name.c", "count = read_some(file, limit);", 14, 0, RIGHT, MOVED, 11, 11,
		 RIGHT},
		{"src/name.c", "check(count);", 15, 0, RIGHT, MOVED, 12, 12, RIGHT},
		{"src/name.c", "check(count);", 40, 0, RIGHT, MOVED, 42, 42, RIGHT},
		{"src/name.c", "if (count < 0)\n\t\treturn -1;", 15, 16, RIGHT, MOVED, 14, 15,
		 RIGHT},
		/* On a line that is in no hunk. */
		{"src/name.c", "log(\"stored\");", 300, 0, RIGHT, MOVED, 43, 43, RIGHT},
		/* A deleted line that was said to be on the right. */
		{"src/name.c", "count = read_all(file);", 11, 0, RIGHT, MOVED, 11, 11, LEFT},
		/* An added and an unchanged one that were said to be on the left. */
		{"src/name.c", "log(\"stored\");", 43, 0, LEFT, MOVED, 43, 43, RIGHT},
		{"src/name.c", "use(count);", 16, 0, LEFT, MOVED, 16, 16, RIGHT},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

TEST(leaves_to_the_summary_what_proves_no_place)
{
	static const struct row rows[] = {
		{"src/name.c", "never_written(here);", 11, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		{"src/name.c", "", 11, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		{"src/name.c", " \n\t", 11, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		{"src/name.c", "check(count);", 0, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		{"src/other.c", "check(count);", 12, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		{"", "check(count);", 12, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		{"logo.png", "check(count);", 12, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		/* Fewer than six letters or digits that are not at the stated line. */
		{"src/name.c", "}", 17, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		/* Equally near to lines 12 and 42. */
		{"src/name.c", "check(count);", 27, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		/* A part of a name is not that name. */
		{"src/name.c", "heck(count)", 12, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
		/* Lines of two hunks are not one place. */
		{"src/name.c", "}\nopen(file);", 18, 0, RIGHT, NOWHERE, 0, 0, RIGHT},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static bool suggestion_stays(uint32_t line, uint32_t end_line, enum diff_side side,
			     const char *evidence, const char *suggestion)
{
	SCOPED(findings) struct findings findings = {0};
	struct finding finding = {
		.path = STR("src/name.c"),
		.line = line,
		.end_line = end_line,
		.side = side,
		.evidence = str_from(evidence),
		.suggestion = str_from(suggestion),
		.has_suggestion = true,
	};

	place(&findings, &finding);
	ck_assert(finding.has_suggestion || !finding.suggestion.len);
	return finding.has_suggestion;
}

TEST(offers_only_suggestions_that_replace_lines_on_the_right)
{
	ck_assert(suggestion_stays(12, 12, RIGHT, "check(count);", "\tcheck(count, limit);"));
	ck_assert(suggestion_stays(12, 12, RIGHT, "check(count);", ""));
	ck_assert(suggestion_stays(15, 15, RIGHT, "check(count);", "\tcheck(count, limit);"));
	ck_assert(!suggestion_stays(11, 11, LEFT, "count = read_all(file);", "x"));
	ck_assert(!suggestion_stays(17, 30, RIGHT, "close(file);", "x"));
	ck_assert(!suggestion_stays(20, 22, RIGHT, "use(count);", "x"));
	ck_assert(!suggestion_stays(11, 11, RIGHT, "never(written);", "x"));
	/* What changes nothing, and what would put a placeholder into the code. */
	ck_assert(!suggestion_stays(12, 12, RIGHT, "check(count);", "\tcheck(count);\n"));
	ck_assert(!suggestion_stays(12, 12, RIGHT, "check(count);",
				    "k = \"[redacted:aws-access-key]\";"));
}

TEST(the_fingerprint_is_path_and_code_alone)
{
	SCOPED(findings) struct findings findings = {0};
	struct finding a = {.path = STR("src/name.c"),
			    .line = 12,
			    .end_line = 12,
			    .evidence = STR("check(count);"),
			    .title = STR("one")};
	struct finding b = {.path = STR("old/name.c"),
			    .line = 13,
			    .end_line = 13,
			    .evidence = STR("check(  count );"),
			    .severity = SEVERITY_LOW};
	struct finding c = {.path = STR("src/name.c"),
			    .line = 11,
			    .end_line = 12,
			    .evidence = STR("\t check(count);"),
			    .title = STR("two")};

	place(&findings, &a);
	place(&findings, &b);
	place(&findings, &c);
	ck_assert_str_is(a.id, c.id);
	ck_assert_str_is(a.quoted, STR("\tcheck(count);"));
	ck_assert(!str_eq(a.id, b.id));
	ck_assert_str_is(finding_fingerprint(&findings.arena, STR("p"), STR("a\n\n\tb  c\r\n")),
			 finding_fingerprint(&findings.arena, STR("p"), STR("a b c")));
}
