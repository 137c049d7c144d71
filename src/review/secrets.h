/* Secrets that the change adds, as findings that need no model. */
#ifndef REVIEW_SECRETS_H
#define REVIEW_SECRETS_H

#include "review/review_run.h"

enum { SECRETS_FINDINGS_MAX = 50 }; /* of one run; a notice says how many more there are */

/*
 * Adds a finding of severity high, with its place, for each secret in an added line that was
 * replaced before the change went to a model.  Files that a rule or the configuration leaves out
 * are left out here too.  No text contains the value.
 */
void secrets_report(struct review_run *run);

#endif
