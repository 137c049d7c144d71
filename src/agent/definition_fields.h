/* Checks and decoders of single keys of an agent definition. */
#ifndef AGENT_DEFINITION_FIELDS_H
#define AGENT_DEFINITION_FIELDS_H

#include "agent/agent.h"
#include "value/fields.h"

/* What the checks need besides the field: decoding->ctx. */
struct definition_reading {
	const struct agent_source *source;
	struct agent *agent;
	struct arena *arena;
};

/* Whether `name` can be an agent's name: letters, digits, '-', '_' and '.'. */
bool agent_name_ok(struct str name);

/* Each is a field's `check`, `decode` or `schema`; decoding->ctx is a struct definition_reading. */
void definition_check_name(struct decoding *decoding, const struct value *value, void *field);
void definition_check_tools(struct decoding *decoding, const struct value *value, void *field);
void definition_check_system(struct decoding *decoding, const struct value *value, void *field);
void definition_check_prompt(struct decoding *decoding, const struct value *value, void *field);
bool definition_decode_output(struct decoding *decoding, const struct value *value, void *field);
struct value *definition_output_schema(struct arena *arena);
bool definition_decode_surroundings(struct decoding *decoding, const struct value *value,
				    void *field);
struct value *definition_surroundings_schema(struct arena *arena);

#endif
