/* Checks and decoders of single keys of an agent definition. */
#ifndef AGENT_DEFINITION_FIELDS_H
#define AGENT_DEFINITION_FIELDS_H

#include "agent/agent.h"
#include "value/fields.h"

/* The decoder's ctx: what the checks need besides the field. */
struct definition_reader {
	const struct agent_source *source;
	struct agent *agent;
	struct arena *arena;
};

enum { AGENT_NAME_LEN_MAX = 64 };

/* Whether `name` can be an agent's name: letters, digits, '-', '_' and '.'. */
bool agent_name_ok(struct str name);

/* Each is a field's `check`, `decode` or `schema`; decoder->ctx is a struct definition_reader. */
void definition_check_name(struct decoder *decoder, const struct value *value, void *field);
void definition_check_tools(struct decoder *decoder, const struct value *value, void *field);
void definition_check_system(struct decoder *decoder, const struct value *value, void *field);
void definition_check_prompt(struct decoder *decoder, const struct value *value, void *field);
bool definition_decode_output(struct decoder *decoder, const struct value *value, void *field);
struct value *definition_output_schema(struct arena *arena);
bool definition_decode_surroundings(struct decoder *decoder, const struct value *value,
				    void *field);
struct value *definition_surroundings_schema(struct arena *arena);

#endif
