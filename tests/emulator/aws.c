/* AWS as the emulator plays it: what of it is not played yet says so. */
#include "aws.h"

struct aws_state {
	struct emulator *emulator;
};

struct aws_state *aws_state_new(struct emulator *emulator)
{
	struct aws_state *state = NEW(struct aws_state);

	state->emulator = emulator;
	return state;
}

void aws_state_free(struct aws_state *state)
{
	free(state);
}

static void not_played(struct answer *answer)
{
	answer_text(answer, 501, STR("application/json"), STR("{\"message\":\"Not Implemented\"}"));
}

void aws_oidc(struct emulator *emulator, struct request *request, struct answer *answer)
{
	(void)emulator;
	(void)request;
	not_played(answer);
}

void aws_sts(struct emulator *emulator, struct request *request, struct answer *answer)
{
	aws_oidc(emulator, request, answer);
}

void aws_bedrock(struct emulator *emulator, struct request *request, struct answer *answer)
{
	aws_oidc(emulator, request, answer);
}

void aws_metadata(struct emulator *emulator, struct request *request, struct answer *answer)
{
	aws_oidc(emulator, request, answer);
}

void aws_container(struct emulator *emulator, struct request *request, struct answer *answer)
{
	aws_oidc(emulator, request, answer);
}
