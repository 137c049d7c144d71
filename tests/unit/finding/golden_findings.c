/* The findings of a golden case. */
#include "golden_findings.h"

#include "finding/report_input.h"
#include "value/json.h"

void golden_findings(const struct golden *golden, struct findings *findings)
{
	const struct str by_name = STR("finding of ");

	for (size_t i = 0; i < golden->len; i++) {
		struct str section = golden->sections[i].name;
		size_t before = findings->len;
		struct error err = {0};
		struct str summary, report;
		const struct value *value;

		if (!str_eq(section, STR("finding")) && !str_starts(section, by_name))
			continue;
		report = arena_printf(&findings->arena, "{\"findings\": [%.*s]}",
				      STR_ARG(golden->sections[i].text));
		value = json_read(&findings->arena, report, 0, &err);
		ck_assert_msg(value && report_decode(value, findings, &summary, &err), "%s: %s",
			      golden->name, err.message);
		for (; str_starts(section, by_name) && before < findings->len; before++) {
			struct finding *finding = &findings->items[before];

			finding->sources = ARENA_NEW(&findings->arena, struct finding_source);
			finding->sources->agent = str_skip(section, by_name.len);
			finding->sources_len = 1;
		}
	}
}

void golden_findings_placed(const struct golden *golden, struct findings *findings)
{
	golden_findings(golden, findings);
	for (size_t i = 0; i < findings->len; i++) {
		struct finding *finding = &findings->items[i];

		finding->placement = finding->line ? PLACEMENT_INLINE : PLACEMENT_SUMMARY;
		finding->quoted = finding->evidence;
		finding->id = finding_fingerprint(&findings->arena, finding->path, finding->quoted);
	}
}
