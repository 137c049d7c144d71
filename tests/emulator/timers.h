/* Connections that wait: suspended now, resumed by one thread when their time has come. */
#ifndef EMULATOR_TIMERS_H
#define EMULATOR_TIMERS_H

#include "base/common.h"

struct MHD_Connection;
struct timers;

struct timers *timers_new(void) MUST_USE;

/* Suspends the connection for `delay_ms`.  False when all is about to end: then nothing waits. */
bool timers_suspend(struct timers *timers, struct MHD_Connection *connection,
		    int64_t delay_ms) MUST_USE;

/* Suspends the connection until timers_release().  False when that was called, or when all is about to end. */
bool timers_hold(struct timers *timers, struct MHD_Connection *connection) MUST_USE;

/* Resumes all that is held; nothing is held from now on. */
void timers_release(struct timers *timers);

/* Resumes all that wait; nothing waits from now on. */
void timers_stop(struct timers *timers);
void timers_free(struct timers *timers);

#endif
