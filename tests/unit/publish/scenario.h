/* A pull request on the emulator's GitHub, reviewed several times: shared by the tests of publishing. */
#ifndef TESTS_UNIT_PUBLISH_SCENARIO_H
#define TESTS_UNIT_PUBLISH_SCENARIO_H

#include "../github/local_hub.h"
#include "base/clock.h"
#include "publish/publish.h"
#include "unit.h"

/* A finding as a test says it; path NULL ends a list. */
struct spec {
	const char *path;
	uint32_t line, end_line; /* end_line 0: one line; line 0: no place in the diff */
	enum severity severity;
	const char *title;
	const char *body;
	const char *agent; /* NULL: "tester" */
};

struct publish_scenario {
	struct local_hub github;
	struct clock clock;
	struct str head; /* the commit that the runs review */
	/* What the next run does. */
	const struct spec *specs;
	const char *diff_text;
	bool no_summary, no_review, check, dry_run;
	int fail_on;
	bool has_fail_on;
	bool agent_failed;
	bool nothing_reviewed; /* all files are known from an earlier run */
	const char *sarif;
	const char *name;
	int64_t max_inline;
	enum severity
		min_severity; /* SEVERITY_INFO where the test does not care: see scenario_start */
	const char *const *head_files; /* path, content, path, content, NULL */
	const char *dismiss_id;        /* instead of a review */
	const char *dismiss_reason;
	const struct spec *race; /* what another run posts while this one reviews */
	bool dismiss_failed;
	size_t notice_size; /* makes the summary this long */
	/* Results. */
	int64_t planned, posted, unchanged, failed, resolved, would_post;
	struct error error;
	bool read_failed;
	size_t findings_len;
	char last_id[17]; /* the id of the first finding */
	enum placement placements[64];
	enum severity severities[64];
	bool carried[64], dismissed[64];
	char notes[64][100];
};

/* Three new files src/a.c, src/b.c, src/c.c of eight lines each. */
extern const char scenario_diff[];
extern const char *const scenario_head[];

void scenario_start(struct publish_scenario *scenario);
void scenario_stop(struct publish_scenario *scenario);

/* Reads what is posted, reviews, posts. */
void scenario_run(struct publish_scenario *scenario, const struct spec *specs);

/* Two findings on the files of a new scenario, and none. */
extern const struct spec two_findings[];
extern const struct spec nothing[];

/* The text of src/b.c at the head. */
#define B_TEXT "b one\nb two\nb three\nb four\nb five\nb six\nb seven\nb eight\n"

/* `head_files` in which the code of the first of the two is gone. */
extern const char *const head_without_lock[];

/* Starts a scenario of that name; scenario_stop() ends it. */
#define SCENARIO(scenario_name)                                                                    \
	struct publish_scenario scenario_name = {0};                                               \
	scenario_start(&scenario_name)

#endif
