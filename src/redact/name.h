/* Judges by the words of a name, and their order, whether its value is secret. */
#ifndef REDACT_NAME_H
#define REDACT_NAME_H

#include "base/common.h"
#include "base/str.h"

/* How much a name says about what it holds. */
enum name_kind {
	NAME_PLAIN,
	NAME_WEAK,     /* "key", "auth": only a value that is clearly random is a secret */
	NAME_SECRET,   /* "token", "api_key", "client_secret" */
	NAME_PASSWORD, /* chosen by people: shorter, and with any characters */
};

enum { NAME_LEN_MAX = 128 }; /* what a longer name is given is not looked at */

/* Judges a name in any spelling: apiKey, API_KEY, api-key, spring.datasource.password. */
enum name_kind name_judge(struct str name);

/* True for what a name is made of: letters, digits, '_', '-' and '.'. */
bool name_has_char(char c);

#endif
