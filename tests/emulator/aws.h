/* AWS as the emulator plays it: tokens, roles, signatures, models. */
#ifndef EMULATOR_AWS_H
#define EMULATOR_AWS_H

#include "emulator.h"

/* `emulator` is borrowed. */
struct aws_state *aws_state_new(struct emulator *emulator) MUST_USE;
void aws_state_free(struct aws_state *state);

/* The token service of GitHub Actions, in aws_oidc.c. */
void aws_oidc(struct emulator *emulator, struct request *request, struct answer *answer);

/* The Security Token Service, in aws_sts.c. */
void aws_sts(struct emulator *emulator, struct request *request, struct answer *answer);

/* Bedrock's runtime, and what Bedrock says about a model, in aws_bedrock.c. */
void aws_bedrock(struct emulator *emulator, struct request *request, struct answer *answer);
void aws_foundation_model(struct emulator *emulator, struct request *request,
			  struct answer *answer);

/*
 * Instance metadata (IMDSv2), the credentials of containers and the portal of IAM Identity Center, in
 * aws_metadata.c.
 */
void aws_metadata(struct emulator *emulator, struct request *request, struct answer *answer);
void aws_container(struct emulator *emulator, struct request *request, struct answer *answer);
void aws_sso(struct emulator *emulator, struct request *request, struct answer *answer);

#endif
