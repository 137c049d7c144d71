/* How much memory and CPU time a measured program took. */
#ifndef BENCH_PEAK_H
#define BENCH_PEAK_H

#include <stdio.h>
#include <time.h>

/* The most so far, in MiB (VmHWM; getrusage() would count the parent's, from before the exec). */
static inline double peak_mib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long kib = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	}
	if (file)
		fclose(file);
	return (double)kib / 1024;
}

/* So far, of all threads. */
static inline double cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

#endif
