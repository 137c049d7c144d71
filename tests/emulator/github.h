/* GitHub as the emulator plays it. */
#ifndef EMULATOR_GITHUB_H
#define EMULATOR_GITHUB_H

#include "emulator.h"

/* Reads "github" of the scenario.  ERROR_CONFIG when it cannot be played. */
struct hub_github *github_new(struct emulator *emulator, struct error *err) MUST_USE;
void github_free(struct hub_github *github);

/* A request below /api/v3/, and one to /api/graphql. */
void github_handle(struct hub_github *github, struct request *request, struct answer *answer);
void github_graphql(struct hub_github *github, struct request *request, struct answer *answer);

/* The present state of GitHub, for /_emulator/state. */
struct value *github_state(struct hub_github *github, struct arena *arena);

/* The event file that a runner would write, for /_emulator/event. */
struct value *github_event(struct hub_github *github, struct arena *arena);

/* What a person does, see hub_act(), for POST /_emulator/act. */
bool github_act(struct hub_github *github, struct str json, struct error *err);

/* A new head commit with the files of that folder of the scenario, for POST /_emulator/push. */
bool github_push(struct hub_github *github, struct str folder, struct error *err) MUST_USE;

/* Empty without `github` in the scenario. */
struct str github_repository(const struct hub_github *github);
struct str github_token(const struct hub_github *github);
struct str github_head(const struct hub_github *github);

#endif
