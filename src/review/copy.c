/* A deep copy of a finding. */
#include "review/copy.h"

struct finding finding_copy(struct arena *arena, const struct finding *finding)
{
	struct finding copy = *finding;
	struct str *const texts[] = {
		&copy.path,         &copy.category,   &copy.title,
		&copy.body,         &copy.suggestion, &copy.evidence,
		&copy.id,           &copy.quoted,     &copy.placement_reason,
		&copy.publish_note, &copy.reads,
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(arena, *texts[i]);
	copy.sources = ARENA_ARRAY(arena, struct finding_source, finding->sources_len + 1);
	for (size_t i = 0; i < finding->sources_len; i++)
		copy.sources[i] = (struct finding_source){
			.agent = arena_str(arena, finding->sources[i].agent),
			.model = arena_str(arena, finding->sources[i].model),
			.title = arena_str(arena, finding->sources[i].title),
		};
	return copy;
}
