/* Runs the tests of one folder, a suite for each file, and prints TAP on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "root.h"
#include "unit.h"

/* In seconds, for one test; sanitizers on a loaded machine are slow. */
#define TEST_TIMEOUT 180

static struct unit_test *first_test, **next_test = &first_test;
static struct unit_fixture *fixtures;

void unit_register(struct unit_test *test)
{
	*next_test = test;
	next_test = &test->next;
}

void unit_register_fixture(struct unit_fixture *fixture)
{
	fixture->next = fixtures;
	fixtures = fixture;
}

/* Starts the suite of `file`: its name without folders. */
static TCase *open_suite(SRunner *runner, const char *file)
{
	const char *slash = strrchr(file, '/');
	Suite *suite = suite_create(slash ? slash + 1 : file);
	TCase *tcase = tcase_create("");

	tcase_set_timeout(tcase, TEST_TIMEOUT);
	for (const struct unit_fixture *fixture = fixtures; fixture; fixture = fixture->next) {
		if (strcmp(fixture->file, file) == 0)
			tcase_add_checked_fixture(tcase, fixture->set_up, fixture->clean_up);
	}
	suite_add_tcase(suite, tcase);
	srunner_add_suite(runner, suite);
	return tcase;
}

/*
 * `unit_FOLDER [TEXT]`: with TEXT, only the tests whose name or file contains it.  Exit status 1 also when
 * none does.
 */
int main(int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	const char *wanted = argc > 1 ? argv[1] : "";
	const char *file = NULL;
	TCase *tcase = NULL;
	int count = 0, failed;

	if (chdir(unit_source_root) != 0) {
		perror(unit_source_root);
		return EXIT_FAILURE;
	}
	for (const struct unit_test *test = first_test; test; test = test->next) {
		if (!strstr(test->test->name, wanted) && !strstr(test->file, wanted))
			continue;
		if (!file || strcmp(file, test->file) != 0)
			tcase = open_suite(runner, file = test->file);
		if (test->from == test->to)
			tcase_add_test(tcase, test->test);
		else
			tcase_add_loop_test(tcase, test->test, test->from, test->to);
		count++;
	}
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed || !count ? EXIT_FAILURE : EXIT_SUCCESS;
}
