/* Every request of a run fails in every way; the next run repairs what the fault left. */
#include <stdio.h>

#include "scenario.h"
#include "unit.h"

static const struct spec findings[] = {
	{"src/a.c", 2, 0, SEVERITY_HIGH, "Lock is never released", "It waits forever."},
	{"src/b.c", 3, 5, SEVERITY_LOW, "Name says nothing", "Call it what it is."},
	{"src/c.c", 0, 0, SEVERITY_LOW, "The design is unclear", "It has no place."},
	{NULL},
};

static int count_pending(const struct local_hub *github)
{
	int count = 0;

	for (size_t i = 0; i < github->hub->reviews.len; i++)
		count += github->hub->reviews.items[i].pending;
	return count;
}

static void check_state(const struct publish_scenario *scenario, int request, int fault)
{
	const struct local_hub *github = &scenario->github;

	ck_assert_msg(!scenario->read_failed && !scenario->error.kind, "request %d, fault %d: %s",
		      request, fault, scenario->error.message);
	ck_assert_msg(local_count_lines(github, "") == 2, "request %d, fault %d: %d on lines",
		      request, fault, local_count_lines(github, ""));
	ck_assert_msg(local_count_lines(github, "Lock is never") == 1 &&
			      local_count_lines(github, "Name says") == 1,
		      "request %d, fault %d: not one of each", request, fault);
	ck_assert_msg(local_count_conversation(github, "") == 1,
		      "request %d, fault %d: %d summaries", request, fault,
		      local_count_conversation(github, ""));
	ck_assert_msg(local_count_conversation(github, "The design is unclear") == 1,
		      "request %d, fault %d: lost", request, fault);
	ck_assert_msg(count_pending(github) == 0, "request %d, fault %d: pending", request, fault);
	ck_assert_int_eq(scenario->planned, 3);
}

/* One run with a fault, one without.  False when the run has fewer requests. */
static bool try_fault(int request, enum local_fault fault)
{
	struct publish_scenario scenario = {0};
	bool reached;

	scenario_start(&scenario);
	scenario.github.fault_at = request;
	scenario.github.fault = fault;
	scenario_run(&scenario, findings);
	reached = scenario.github.requests >= request;
	/* What did not get through must be known. */
	ck_assert_msg(scenario.read_failed || scenario.error.kind || scenario.posted == 3,
		      "request %d, fault %d: silently lost", request, (int)fault);
	scenario.github.fault_at = 0;
	scenario_run(&scenario, findings);
	check_state(&scenario, request, (int)fault);
	scenario_stop(&scenario);
	return reached;
}

TEST_LOOP(every_fault_at_every_request_heals, FAULT_NONE + 1, FAULT_COUNT)
{
	enum local_fault fault = (enum local_fault)_i;
	int request = 1;

	while (try_fault(request, fault))
		request++;
	ck_assert_int_ge(request, 6);
}

/* The same while the code of one finding is gone, and another is new. */
TEST_LOOP(faults_of_a_second_run_heal_in_the_third, FAULT_NONE + 1, FAULT_COUNT)
{
	static const struct spec before[] = {
		{"src/a.c", 7, 0, SEVERITY_HIGH, "Old and gone", "It was here."},
		{"src/b.c", 3, 5, SEVERITY_LOW, "Name says nothing", "Call it what it is."},
		{NULL},
	};
	static const char *const head[] = {
		"src/a.c", "a one\na two\n",
		"src/b.c", "b one\nb two\nb three\nb four\nb five\nb six\nb seven\nb eight\n",
		NULL,
	};
	enum local_fault fault = (enum local_fault)_i;

	for (int request = 1, reached = 1; reached; request++) {
		struct publish_scenario scenario = {0};

		scenario_start(&scenario);
		scenario_run(&scenario, before);
		scenario.head_files = head;
		scenario.github.requests = 0;
		scenario.github.fault_at = request;
		scenario.github.fault = fault;
		scenario_run(&scenario, findings);
		reached = scenario.github.requests >= request;
		scenario.github.fault_at = 0;
		scenario_run(&scenario, findings);
		ck_assert_int_eq(local_count_lines(&scenario.github, ""), 3);
		ck_assert_int_eq(local_count_conversation(&scenario.github, ""), 1);
		ck_assert(local_find_line(&scenario.github, "Old and gone")->resolved ||
			  str_starts(local_find_line(&scenario.github, "Old and gone")->body,
				     STR("**Gone")));
		ck_assert(!local_find_line(&scenario.github, "Lock is never")->resolved);
		ck_assert_int_eq(scenario.planned, 3);
		scenario_stop(&scenario);
	}
}
