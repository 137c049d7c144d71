/* The table of a piece of a state. */
#include "publish/state_record.h"

static const struct field finding_rows[] = {
	NEEDED(state_finding, id, "id", FIELD_STRING),
	NEEDED(state_finding, path, "path", FIELD_STRING),
	FIELD(state_finding, title, "title", FIELD_STRING),
	FIELD(state_finding, category, "category", FIELD_STRING),
	FIELD_WITH(state_finding, body, "body", FIELD_STRING, .empty = EMPTY_LEFT_OUT),
	FIELD_WITH(state_finding, severity, "severity", FIELD_ENUM, .choices = severity_names,
		   .required = true),
	FIELD(state_finding, agents, "agents", FIELD_STRINGS),
	FIELD_WITH(state_finding, line, "line", FIELD_INT, .max = UINT32_MAX),
	FIELD_WITH(state_finding, lines, "lines", FIELD_INT, .max = 100000),
	FIELD(state_finding, left, "left", FIELD_BOOL),
	FIELD(state_finding, in_line, "inline", FIELD_BOOL),
	FIELD(state_finding, refused, "refused", FIELD_BOOL),
	FIELD_WITH(state_finding, unverified, "unverified", FIELD_BOOL, .empty = EMPTY_LEFT_OUT),
	FIELD_WITH(state_finding, pre_existing, "pre_existing", FIELD_BOOL,
		   .empty = EMPTY_LEFT_OUT),
	FIELD(state_finding, dismissed, "dismissed", FIELD_BOOL),
	FIELD(state_finding, dismissed_by, "by", FIELD_STRING),
	FIELD(state_finding, reason, "reason", FIELD_STRING),
};
static const struct fields finding_fields =
	TABLE(state_finding, "a remembered finding", finding_rows);

static const struct field text_rows[] = {
	FIELD(state_text, agent, "agent", FIELD_STRING),
	FIELD(state_text, model, "model", FIELD_STRING),
	FIELD(state_text, text, "text", FIELD_STRING),
};
static const struct fields text_fields = TABLE(state_text, "a remembered text", text_rows);

#define OF_FIRST(member, json_name, kind)                                                          \
	FIELD_WITH(state_record, member, json_name, kind,                                          \
		   .present = offsetof(struct state_record, has_owner))

static const struct field state_rows[] = {
	NEEDED(state_record, version, "version", FIELD_INT),
	FIELD(state_record, set, "set", FIELD_STRING),
	FIELD_WITH(state_record, piece, "piece", FIELD_INT, .max = STATE_PIECES_MAX),
	FIELD_WITH(state_record, pieces, "pieces", FIELD_INT, .max = STATE_PIECES_MAX),
	OF_FIRST(owner.repository, "repository", FIELD_STRING),
	OF_FIRST(owner.number, "number", FIELD_INT),
	OF_FIRST(owner.reviewer, "reviewer", FIELD_STRING),
	OF_FIRST(owner.comment, "comment", FIELD_INT),
	FIELD(state_record, head, "head", FIELD_STRING),
	NESTED(state_record, findings, "findings", FIELD_LIST, finding_fields),
	FIELD_WITH(state_record, texts, "texts", FIELD_LIST, .fields = &text_fields,
		   .empty = EMPTY_LEFT_OUT),
	FIELD(state_record, keys, "keys", FIELD_STRING),
};
const struct fields state_record_fields = TABLE(state_record, "a state", state_rows);
