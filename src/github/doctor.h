/* The checks of `outcrop doctor` on GitHub: whether the token can read the repository and post. */
#ifndef GITHUB_DOCTOR_H
#define GITHUB_DOCTOR_H

#include "base/doctor_check.h"
#include "github/github.h"

/*
 * Reads the repository and, with a `number`, the pull request, and sends an empty update to it, which is
 * refused to a token that may not write.  Adds a check for each, wrong ones with the permission to add.
 * Waits.
 */
void github_doctor(struct github *github, int64_t number, struct doctor_checks *checks);

#endif
