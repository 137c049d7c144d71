/* The members that GitHub's answers always have and that nothing here reads. */
#ifndef EMULATOR_HUB_MEMBERS_H
#define EMULATOR_HUB_MEMBERS_H

#include "base/arena.h"
#include "value/value.h"

/* The objects of GitHub's OpenAPI description, by what they are. */
enum hub_kind {
	HUB_USER,
	HUB_REPOSITORY,
	HUB_LABEL,
	HUB_PULL,
	HUB_REVIEW,
	HUB_LINE_COMMENT,
	HUB_CONVERSATION_COMMENT,
	HUB_REACTION,
	HUB_APP,
	HUB_CHECK,
	HUB_CHECK_OUTPUT,
	HUB_COMMIT,
	HUB_COMMIT_DETAILS,
	HUB_COMPARISON,
	HUB_CONTENT,
	HUB_BLOB,
	HUB_KIND_COUNT,
};

/*
 * Adds to `object` the members that the description requires and that it lacks, with values that mean
 * nothing; those it has stay. For one kind of object the same members each time.
 */
void hub_complete(struct arena *arena, struct value *object, enum hub_kind kind);

#endif
