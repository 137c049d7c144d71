/* What differs between systems behaves the same: this test runs with each of the two files. */
#include "base/system.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

TEST(wakes_a_poll_and_takes_all_of_it_back)
{
	struct system_watch *watch = system_watch_new();
	struct system_event event;
	struct system_wake wake;

	ck_assert(system_wake_open(&wake));
	system_watch_set(watch, &(struct system_event){.fd = wake.in, .readable = true}, true);
	ck_assert_int_eq(system_watch_wait(watch, &event, 1, 0), 0);
	for (int i = 0; i < 3; i++)
		system_wake_send(&wake);
	ck_assert_int_eq(system_watch_wait(watch, &event, 1, 0), 1);
	ck_assert_int_eq((int)event.number, 0);
	ck_assert(event.readable && !event.broken);
	system_wake_take(&wake);
	ck_assert_int_eq(system_watch_wait(watch, &event, 1, 0), 0);
	system_watch_free(watch);
	system_wake_close(&wake);
}

TEST(reports_each_descriptor_with_its_number_until_it_is_dropped)
{
	struct system_watch *watch = system_watch_new();
	struct system_event events[4];
	int ends[2];

	ck_assert(system_pipe(ends));
	ck_assert_int_eq(fcntl(ends[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	system_watch_set(
		watch, &(struct system_event){.fd = ends[1], .number = 7, .writable = true}, true);
	/* Wrong about what is new: it works too. */
	system_watch_set(
		watch, &(struct system_event){.fd = ends[0], .number = 8, .readable = true}, false);
	ck_assert_int_eq(system_watch_wait(watch, events, 4, 0), 1);
	ck_assert_int_eq((int)events[0].number, 7);
	ck_assert(events[0].writable && !events[0].readable);
	ck_assert_int_eq((int)write(ends[1], "x", 1), 1);
	ck_assert_int_eq(system_watch_wait(watch, events, 4, 0), 2);
	/* A change of what is wanted. */
	system_watch_set(watch, &(struct system_event){.fd = ends[1], .number = 7}, true);
	ck_assert_int_eq(system_watch_wait(watch, events, 4, 0), 1);
	ck_assert_int_eq(events[0].fd, ends[0]);
	system_watch_drop(watch, ends[0]);
	ck_assert_int_eq(system_watch_wait(watch, events, 4, 0), 0);
	close(ends[0]);
	ck_assert_int_eq(system_watch_wait(watch, events, 4, 0), 1);
	ck_assert(events[0].broken);
	system_watch_free(watch);
	close(ends[1]);
}

TEST(finds_the_last_byte_and_wipes)
{
	char text[] = "a/b/c";

	ck_assert_ptr_eq(system_last(text, '/', 5), text + 3);
	ck_assert_ptr_null(system_last(text, '/', 1));
	system_wipe(text, 3);
	ck_assert_int_eq(memcmp(text, "\0\0\0/c", 6), 0);
}
