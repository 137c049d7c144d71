/* GitHub as the emulator plays it: nothing of it is played here yet, and it says so. */
#include "github.h"

struct github {
	struct emulator *emulator;
};

struct github *github_new(struct emulator *emulator, struct error *err)
{
	struct github *github = NEW(struct github);

	(void)err;
	github->emulator = emulator;
	return github;
}

void github_free(struct github *github)
{
	free(github);
}

void github_handle(struct github *github, struct request *request, struct answer *answer)
{
	(void)github;
	(void)request;
	answer_text(answer, 501, STR("application/json"), STR("{\"message\":\"Not Implemented\"}"));
}

void github_graphql(struct github *github, struct request *request, struct answer *answer)
{
	github_handle(github, request, answer);
}

struct value *github_state(struct github *github, struct arena *arena)
{
	(void)github;
	return value_object(arena);
}
