/* Runs the suites of one folder and prints TAP on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

const char *unit_shared_data(void)
{
	static const char *const places[] = {OUTCROP_SOURCE_ROOT "/../shared/data"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (access(places[i], R_OK) == 0)
			return places[i];
	}
	printf("# skipped: no shared data beside this checkout\n");
	return NULL;
}

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (size_t i = 0; unit_suites[i]; i++)
		srunner_add_suite(runner, unit_suites[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
