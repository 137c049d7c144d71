/* Holds requests to GitHub's own OpenAPI description, where it lies beside the checkout. */
#ifndef TESTS_UNIT_OPENAPI_H
#define TESTS_UNIT_OPENAPI_H

#include "fake_server.h"

/*
 * Whether a request is an operation of the description, with query parameters and a body that it allows.
 * Says what is wrong on stdout.  True when there is no description.  Call from one thread only.
 */
bool openapi_allows(const struct fake_request *request);

#endif
