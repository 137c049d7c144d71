/* One result out of those of several shards. */
#ifndef REVIEW_SHARD_MERGE_H
#define REVIEW_SHARD_MERGE_H

#include "review/result.h"

/*
 * Joins the results of all shards of one plan into `merged`, which is zeroed before and owns copies
 * of all texts.  Rows of one agent and model are added up, with the worst of their states; findings
 * that several shards have become one; a file that one shard left to another counts as reviewed
 * unless some shard lists it for another reason.  The caller checks that all shards are present,
 * and sets `incomplete` when they are not.
 */
void review_merge(const struct review_result *const *results, size_t len,
		  struct review_result *merged);

#endif
