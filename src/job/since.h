/* From when on the findings of `outcomes` count. */
#ifndef JOB_SINCE_H
#define JOB_SINCE_H

#include "base/error.h"
#include "base/str.h"

/* Reads "30d", "12w", a date, or a time; relative ones are from `now_ms`. Empty is 30 days. ERROR_USAGE. */
bool since_read(struct str text, int64_t now_ms, int64_t *since_ms, struct error *err) MUST_USE;

#endif
