/* The data of its finding that a comment on lines carries, for figures. */
#include "publish/about.h"

#include "base/encode.h"
#include "base/utf8.h"
#include "publish/marker.h"

enum { AGENTS_MAX = 20, NAME_SIZE_MAX = 100 };

static bool is_named(const struct finding *finding, size_t idx)
{
	for (size_t i = 0; i < idx; i++) {
		if (str_eq(finding->sources[i].agent, finding->sources[idx].agent))
			return true;
	}
	return false;
}

static void add_agents(struct buf *out, const struct finding *finding)
{
	int count = 0;

	for (size_t i = 0; i < finding->sources_len && count < AGENTS_MAX; i++) {
		if (is_named(finding, i))
			continue;
		buf_add_text(out, count++ ? "," : " agents=");
		percent_add(out, utf8_cut(finding->sources[i].agent, NAME_SIZE_MAX), NULL);
	}
}

void about_add(struct buf *out, const struct finding *finding)
{
	buf_add_text(out, "<!-- outcrop:about");
	add_agents(out, finding);
	if (finding->category.len) {
		buf_add_text(out, " category=");
		percent_add(out, utf8_cut(finding->category, NAME_SIZE_MAX), NULL);
	}
	buf_addf(out, " severity=%s", severity_name(finding->severity));
	if (finding->confidence >= 0)
		buf_addf(out, " confidence=%.0f", finding->confidence * 100);
	buf_add_text(out, " -->\n");
}

static struct str decoded(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	percent_decode(text, &out);
	return arena_str(arena, buf_str(&out));
}

static void read_agents(struct str text, struct arena *arena, struct strings *agents)
{
	struct str part;

	agents->items = ARENA_ARRAY(arena, struct str, AGENTS_MAX);
	while (agents->len < AGENTS_MAX && str_next_part(&text, ',', &part)) {
		if (part.len)
			agents->items[agents->len++] = decoded(arena, part);
	}
}

static void read_attribute(struct str key, struct str value, struct arena *arena,
			   struct comment_about *about)
{
	int64_t percent;

	if (str_eq(key, STR("agents"))) {
		read_agents(value, arena, &about->agents);
	} else if (str_eq(key, STR("category"))) {
		about->category = decoded(arena, value);
	} else if (str_eq(key, STR("severity"))) {
		for (int i = 0; i < SEVERITY_COUNT; i++) {
			if (str_eq(value, str_from(severity_name((enum severity)i))))
				about->severity = i;
		}
	} else if (str_eq(key, STR("confidence")) && str_to_int64(value, &percent) &&
		   percent >= 0 && percent <= 100) {
		about->confidence = (double)percent / 100;
	}
}

bool about_read(struct str body, struct arena *arena, struct comment_about *about)
{
	struct str text;
	struct str part;
	size_t start;
	size_t end;

	if (!marker_locate(body, "about", &start, &end))
		return false;
	*about = (struct comment_about){.severity = SEVERITY_MEDIUM, .confidence = -1};
	text = str_slice(body, start, end - start);
	while (str_next_part(&text, ' ', &part)) {
		struct str key;
		struct str value;

		if (str_cut(part, STR("="), &key, &value))
			read_attribute(key, value, arena, about);
	}
	return true;
}

void about_copy(struct buf *out, struct str body)
{
	size_t start;
	size_t end;

	if (!marker_locate(body, "about", &start, &end))
		return;
	buf_add(out, str_slice(body, start, end - start));
	buf_add_char(out, '\n');
}
