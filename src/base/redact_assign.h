/* Assignments of random-looking values to names such as key, token, secret, password. */
#ifndef BASE_REDACT_ASSIGN_H
#define BASE_REDACT_ASSIGN_H

#include "base/common.h"
#include "base/str.h"

/* How much a name says about what it holds. */
enum name_kind {
	NAME_PLAIN,
	NAME_WEAK,     /* "key", "auth": only a value that is clearly random is a secret */
	NAME_SECRET,   /* "token", "api_key", "client_secret" */
	NAME_PASSWORD, /* chosen by people: shorter, and with any characters */
};

/* Judges a name in any spelling: apiKey, API_KEY, api-key, spring.datasource.password. */
enum name_kind name_judge(struct str name);

bool name_has_char(char c);

/* True when `value`, given to a name of that kind, looks like a secret. */
bool value_is_secret(struct str value, enum name_kind kind, bool quoted);

/* True when the characters follow each other as no word or identifier would have them. */
bool value_is_random(struct str value);

/*
 * Finds the secret that the name at the start of `text` (a run of name characters) is given on the
 * same line: NAME = "value", name: value, "name": "value", name => 'value', name("value").
 */
bool assign_find(struct str text, struct str *value);

#endif
