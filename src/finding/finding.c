/* The names of a finding, and its fingerprint. */
#include "finding/finding.h"

#include "base/hash.h"

enum { FINGERPRINT_DIGITS = 16 };

const char *const placement_names[] = {
	[PLACEMENT_INLINE] = "inline",
	[PLACEMENT_MOVED] = "moved",
	[PLACEMENT_SUMMARY] = "summary",
	NULL,
};

const char *const published_names[] = {
	[PUBLISHED_NOT_PLANNED] = "not-planned",
	[PUBLISHED_POSTED] = "posted",
	[PUBLISHED_UNCHANGED] = "unchanged",
	[PUBLISHED_FAILED] = "failed",
	NULL,
};

void findings_release(struct findings *findings)
{
	if (!findings)
		return;
	VEC_RELEASE(findings);
	arena_release(&findings->arena);
}

bool finding_is_shown(const struct finding *finding)
{
	return !finding->dismissed && !finding->hidden;
}

static bool is_unsure(const struct finding *finding, const struct finding_floor *floor)
{
	return finding->confidence >= 0 && finding->confidence < floor->confidence;
}

void findings_hide_below(struct findings *findings, const struct finding_floor *floor)
{
	for (size_t i = 0; i < findings->len; i++) {
		struct finding *finding = &findings->items[i];

		finding->hidden = finding->severity > floor->severity || is_unsure(finding, floor);
	}
}

struct str finding_hidden_why(const struct finding *finding, const struct finding_floor *floor)
{
	return finding->severity > floor->severity ? STR("below `min-severity`")
						   : STR("below `min-confidence`");
}

bool finding_counts(const struct finding *finding)
{
	return !finding->unverified && !finding->pre_existing;
}

bool finding_can_fail(const struct finding *finding)
{
	return finding_is_shown(finding) && finding_counts(finding) && finding->line > 0;
}

void text_fold(struct buf *out, struct str text)
{
	bool blank = false;

	text = str_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			blank = true;
			continue;
		}
		if (blank)
			buf_add_char(out, ' ');
		blank = false;
		buf_add_char(out, c);
	}
}

struct str finding_fingerprint(struct arena *arena, struct str path, struct str quoted)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_add(&text, path);
	buf_add_char(&text, '\0');
	text_fold(&text, quoted);
	return str_slice(sha256_hex(arena, buf_str(&text)), 0, FINGERPRINT_DIGITS);
}
