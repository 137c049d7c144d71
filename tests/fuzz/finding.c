/* A diff and a report of a model, any bytes: what is decoded is placed on lines that exist. */
#include <stdint.h>

#include "finding/merge.h"
#include "finding/place.h"
#include "finding/report_input.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(diff) struct diff diff = {0};
	SCOPED(findings) struct findings findings = {0};
	struct str json = STR_EMPTY;
	struct str patch = STR_EMPTY;
	struct str summary;
	struct value *input;
	struct error err;

	/* The report comes first, then a line "====", then the diff. */
	if (!str_cut(str_of((const char *)data, size), STR("\n====\n"), &json, &patch))
		return 0;
	input = json_read(&arena, json, 0, &err);
	if (!input || !report_decode(input, &findings, &summary, &err) ||
	    !diff_parse(patch, &diff, &err))
		return 0;
	for (size_t i = 0; i < findings.len; i++) {
		struct finding *finding = &findings.items[i];

		finding_place(&findings, finding, &diff);
		assert(finding->id.len == 16);
		if (finding->placement == PLACEMENT_SUMMARY)
			continue;
		for (uint32_t line = finding->line; line <= finding->end_line; line++)
			assert(diff_line_at(diff_find(&diff, finding->path), finding->side, line,
					    NULL));
	}
	findings_merge(&findings, NULL);
	findings_rank(&findings);
	return 0;
}
