/* GitHub as the emulator plays it. */
#ifndef EMULATOR_GITHUB_H
#define EMULATOR_GITHUB_H

#include "emulator.h"

/* Reads "github" of the scenario.  ERROR_CONFIG when it cannot be played. */
struct github *github_new(struct emulator *emulator, struct error *err) MUST_USE;
void github_free(struct github *github);

/* A request below /api/v3/, and one to /api/graphql. */
void github_handle(struct github *github, struct request *request, struct answer *answer);
void github_graphql(struct github *github, struct request *request, struct answer *answer);

/* What stands at GitHub now, for /_emulator/state. */
struct value *github_state(struct github *github, struct arena *arena);

#endif
