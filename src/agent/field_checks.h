/* Checks of fields that agents and configuration share. */
#ifndef AGENT_FIELD_CHECKS_H
#define AGENT_FIELD_CHECKS_H

#include "value/fields.h"

/* For a FIELD_STRINGS of globs: each well formed, "!" before it allowed. */
void check_globs(struct decoder *decoder, const struct value *value, void *field);

/* For a FIELD_STRINGS of regular expressions. */
void check_patterns(struct decoder *decoder, const struct value *value, void *field);

/* For a FIELD_STRINGS: nothing empty, nothing twice. */
void check_no_repeats(struct decoder *decoder, const struct value *value, void *field);

#endif
