/* Figures over cases, comparisons, thresholds and documents. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eval/summary.h"
#include "unit.h"
#include "value/json.h"

/* Four cases: two with one problem each, two clean ones; the third is held out. */
static const char cases_json[] = "defect-one|defect-two|clean-one|clean-two";

struct world {
	struct arena arena;
	struct eval_case cases[4];
	struct expectation rows[2];
	struct eval_results results;
	struct scores scores;
};

/* `replies` is the JSON of the list of replies. */
static void world_open(struct world *world, const char *replies)
{
	struct str rest = str_from(cases_json), name;
	struct error err = {0};
	struct str text;
	struct value *value;

	memset(world, 0, sizeof(*world));
	for (size_t i = 0; str_next_part(&rest, '|', &name); i++)
		world->cases[i] =
			(struct eval_case){.name = name, .language = i % 2 ? STR("C") : STR("Go")};
	for (size_t i = 0; i < 2; i++) {
		world->rows[i] = (struct expectation){.path = STR("a.c"),
						      .line = 5,
						      .end_line = 5,
						      .severity = i ? SEVERITY_LOW : SEVERITY_HIGH};
		world->cases[i].expect = (struct list){.items = &world->rows[i], .len = 1};
	}
	world->cases[2].held_out = true;
	text = arena_printf(&world->arena,
			    "{\"schema_version\": 1, \"label\": \"x\", \"replies\": [%s]}",
			    replies);
	value = json_read(&world->arena, text, 0, &err);
	ck_assert_msg(value && eval_results_read(&world->arena, value, &world->results, &err), "%s",
		      err.message);
	world->scores = scores_make(&world->arena, world->cases, 4, &world->results);
}

#define FINDING(line, severity, agent)                                                             \
	"{\"path\": \"a.c\", \"line\": " line ", \"end_line\": " line                              \
	", \"severity\": \"" severity "\", \"title\": \"t\", \"agents\": [\"" agent                \
	"\"], \"confidence\": 0.6}"
#define REPLY(name, findings)                                                                      \
	"{\"case\": \"" name "\", \"complete\": true, \"findings\": [" findings                    \
	"], \"cost_usd\": 0.5, \"seconds\": 2}"

static const char mixed[] =
	REPLY("defect-one", FINDING("5", "medium", "a") "," FINDING("40", "low", "b")) "," REPLY(
		"defect-two", "") "," REPLY("clean-one", "") "," REPLY("clean-two",
								       FINDING("1", "info", "b"));

TEST(counts_hits_noise_and_silence)
{
	struct world world;
	struct figures figures;

	world_open(&world, mixed);
	figures = figures_make(&world.scores, &(struct part){0});
	ck_assert_uint_eq(figures.cases, 4);
	ck_assert_uint_eq(figures.clean_cases, 2);
	ck_assert_double_eq_tol(figures.precision.value, 1.0 / 3, 1e-9);
	ck_assert_double_eq_tol(figures.recall.value, 0.5, 1e-9);
	ck_assert_double_eq_tol(figures.recall_high.value, 1, 1e-9);
	ck_assert_double_eq_tol(figures.f1.value, 0.4, 1e-9);
	ck_assert_double_eq_tol(figures.noise_per_clean.value, 0.5, 1e-9);
	ck_assert_double_eq_tol(figures.silent.value, 0.5, 1e-9);
	ck_assert_double_eq_tol(figures.tally.severity_near, 1, 1e-9);
	ck_assert_double_eq_tol(figures.tally.severity_exact, 0, 1e-9);
	ck_assert_double_eq_tol(figures.cost_usd, 2, 1e-9);
	ck_assert_double_eq_tol(figures.bands[2].shown, 3, 1e-9);
	ck_assert(figures.precision.low <= figures.precision.value &&
		  figures.precision.value <= figures.precision.high);
	ck_assert_msg(isnan(figures.recall_high.low), "one case tells nothing of others");
	arena_release(&world.arena);
}

TEST(what_the_referee_dropped_is_counted_and_whether_it_was_right)
{
	static const char dropped[] =
		"{\"path\": \"a.c\", \"line\": 5, \"end_line\": 5, \"severity\": \"high\", \"title\": \"t\","
		" \"shown\": \"dropped\"}";
	static const char wrong[] =
		"{\"path\": \"a.c\", \"line\": 60, \"end_line\": 60, \"severity\": \"high\", \"title\": \"t\","
		" \"shown\": \"dropped\"}";
	struct world world;
	struct figures figures;
	char replies[1500];

	snprintf(replies, sizeof(replies),
		 "{\"case\": \"defect-one\", \"complete\": true, \"findings\": [%s, %s]},"
		 "{\"case\": \"clean-one\", \"complete\": true, \"findings\": [%s]}",
		 dropped, wrong, dropped);
	world_open(&world, replies);
	figures = figures_make(&world.scores, &(struct part){0});
	ck_assert_double_eq_tol(figures.tally.dropped, 3, 1e-9);
	ck_assert_msg(figures.tally.dropped_wrongly == 1,
		      "only one of them was an expected problem");
	ck_assert_double_eq_tol(figures.recall.value, 0, 1e-9);
	ck_assert_double_eq_tol(figures.tally.noise, 0, 1e-9);
	arena_release(&world.arena);
}

TEST(cases_that_are_all_equal_have_no_interval)
{
	struct world world;
	struct figures figures;

	world_open(&world, REPLY("defect-one", FINDING("5", "medium", "a")) "," REPLY(
				   "clean-one",
				   FINDING("1", "info", "b")) "," REPLY("clean-two",
									FINDING("1", "info", "b")));
	figures = figures_make(&world.scores, &(struct part){0});
	ck_assert_double_eq_tol(figures.noise_per_clean.value, 1, 1e-9);
	ck_assert(isnan(figures.noise_per_clean.low) && isnan(figures.noise_per_clean.high));
	ck_assert_msg(figures.silent.high > 0.5, "Wilson's interval knows how few they are");
	arena_release(&world.arena);
}

TEST(parts_count_their_own_findings)
{
	struct world world;
	struct tally tally;

	world_open(&world, mixed);
	tally = figures_tally(&world.scores, &(struct part){.agent = STR("b")});
	ck_assert_double_eq_tol(tally.hits, 0, 1e-9);
	ck_assert_double_eq_tol(tally.noise, 2, 1e-9);
	tally = figures_tally(&world.scores, &(struct part){.language = STR("Go")});
	ck_assert_double_eq_tol(tally.expected, 1, 1e-9);
	ck_assert_uint_eq(figures_make(&world.scores, &(struct part){.tuning = true}).cases, 3);
	arena_release(&world.arena);
}

TEST(repeats_are_averaged_within_a_case)
{
	struct world world;
	struct figures figures;

	world_open(
		&world,
		REPLY("defect-one",
		      FINDING("5", "high",
			      "a")) ","
				    "{\"case\": \"defect-one\", \"repeat\": 2, \"complete\": true}");
	figures = figures_make(&world.scores, &(struct part){0});
	ck_assert_uint_eq(figures.cases, 1);
	ck_assert_double_eq_tol(figures.recall.value, 0.5, 1e-9);
	arena_release(&world.arena);
}

TEST(an_incomplete_reply_is_not_silence)
{
	struct world world;
	struct figures figures;

	world_open(&world,
		   "{\"case\": \"clean-one\", \"complete\": false, \"error\": \"throttled\"}");
	figures = figures_make(&world.scores, &(struct part){0});
	ck_assert_uint_eq(figures.cases, 0);
	ck_assert_uint_eq(figures.incomplete, 1);
	ck_assert(isnan(figures.silent.value));
	ck_assert_double_lt(figures.cost_usd, 0);
	arena_release(&world.arena);
}

TEST(compares_case_by_case_and_names_what_flipped)
{
	struct world ours, theirs;
	struct comparison comparison;

	world_open(&ours, mixed);
	world_open(&theirs, REPLY("defect-one", "") "," REPLY("clean-two", ""));
	comparison = figures_compare(&ours.arena, &ours.scores, &theirs.scores, &(struct part){0});
	ck_assert_uint_eq(comparison.cases, 2);
	ck_assert_double_eq_tol(comparison.recall.value, 1, 1e-9);
	ck_assert(isnan(comparison.recall.low));
	ck_assert_str_is(str_from(difference_verdict(comparison.recall)),
			 STR("not distinguishable"));
	ck_assert_uint_eq(comparison.flips_len, 3);
	ck_assert_str_is(comparison.flips[0].what, STR("found: a.c:5"));
	ck_assert(comparison.flips[0].better);
	ck_assert_str_is(comparison.flips[2].what, STR("noise: 0 -> 1"));
	ck_assert(!comparison.flips[2].better);
	comparison = figures_compare(&ours.arena, &ours.scores, &ours.scores, &(struct part){0});
	ck_assert_str_is(str_from(difference_verdict(comparison.f1)), STR("not distinguishable"));
	arena_release(&ours.arena);
	arena_release(&theirs.arena);
}

TEST(thresholds_are_read_and_missed)
{
	struct thresholds thresholds;
	struct figures figures = {.recall = {.value = 0.5}, .precision = {.value = NAN}};
	struct error err = {0};
	double value;

	ck_assert(thresholds_read(STR("recall=.5, precision=0.7"), &thresholds, &err));
	ck_assert_str_is(thresholds_missed(&thresholds, &figures, &value)->name, STR("precision"));
	ck_assert(thresholds_read(STR("recall=.5"), &thresholds, &err));
	ck_assert_ptr_null(thresholds_missed(&thresholds, &figures, &value));
	ck_assert(thresholds_read(STR("recall=.51"), &thresholds, &err));
	ck_assert_ptr_nonnull(thresholds_missed(&thresholds, &figures, &value));
	ck_assert(!thresholds_read(STR("recal=.5"), &thresholds, &err));
	ck_assert(str_contains(str_from(err.message), STR("recall-high, silent")));
	ck_assert(!thresholds_read(STR("recall=2"), &thresholds, &err));
	ck_assert(!thresholds_read(STR("recall"), &thresholds, &err));
}

TEST(documents_say_the_same_figures)
{
	struct world world;
	struct eval_summary summary;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct eval_results again;
	struct error err = {0};
	struct value *value;

	world_open(&world, mixed);
	summary = (struct eval_summary){.scores = &world.scores,
					.results = &world.results,
					.against = &world.scores,
					.against_label = STR("y"),
					.list_findings = true};
	summary_text(&out, &summary);
	ck_assert_msg(str_contains(buf_str(&out), STR("33.3 %")), "%s", out.ptr);
	ck_assert(str_contains(buf_str(&out), STR("defect-two: missed a.c:5")));
	ck_assert(str_contains(buf_str(&out), STR("clean-two#1: noise a.c:1 info: t")));
	ck_assert(str_contains(buf_str(&out), STR("not distinguishable")));
	buf_reset(&out);
	summary_markdown(&out, &summary);
	ck_assert(str_contains(buf_str(&out), STR("| precision | 33.3 %")));
	buf_reset(&out);
	summary_junit(&out, &summary);
	ck_assert(str_contains(buf_str(&out), STR("tests=\"4\" failures=\"3\" errors=\"0\"")));
	value = summary_value(&world.arena, &summary);
	ck_assert_double_eq_tol(value_get_number(value_get(value_get(value, "figures"), "recall"),
						 "value", 0),
				0.5, 1e-9);
	ck_assert_msg(eval_results_read(&world.arena, value, &again, &err), "%s", err.message);
	ck_assert_uint_eq(again.replies.len, 4);
	arena_release(&world.arena);
}
