/* The files and commands of the runner: outputs, the step summary, annotations. */
#include "github/actions.h"

#include "base/file.h"
#include "base/utf8.h"

bool actions_output(const struct env *env, struct random *random, const char *name,
		    struct str value, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf repaired = BUF_INIT;
	struct str path = env_get(env, "GITHUB_OUTPUT");
	char delimiter[33];

	if (!path.len)
		return true;
	utf8_add_repaired(&repaired, value);
	do {
		random_hex(random, delimiter, sizeof(delimiter) - 1);
	} while (str_contains(buf_str(&repaired), str_from(delimiter)));
	buf_addf(&text, "%s<<%s\n", name, delimiter);
	buf_add(&text, buf_str(&repaired));
	buf_addf(&text, "\n%s\n", delimiter);
	if (!file_append(path.ptr, buf_str(&text), err))
		return error_wrap(err, "set output \"%s\"", name);
	return true;
}

/* The longest prefix of at most `size_max` bytes that ends with a line. */
static struct str cut_at_line(struct str text, size_t size_max)
{
	ptrdiff_t end;

	text = utf8_cut(text, size_max);
	end = str_rfind_char(text, '\n');
	return end < 0 ? text : str_slice(text, 0, (size_t)end + 1);
}

bool actions_summary(const struct env *env, struct str markdown, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str path = env_get(env, "GITHUB_STEP_SUMMARY");

	if (!path.len)
		return true;
	if (markdown.len <= ACTIONS_SUMMARY_SIZE_MAX) {
		buf_add(&text, markdown);
	} else {
		buf_add(&text, cut_at_line(markdown, ACTIONS_SUMMARY_SIZE_MAX));
		buf_add_text(
			&text,
			"\nThe rest is left out: GitHub shows at most 1 MiB here. The report file has all of it.\n");
	}
	if (!file_append(path.ptr, buf_str(&text), err))
		return error_wrap(err, "write the step summary");
	return true;
}

/* Escapes as the runner reads it: data, and with `is_property` also what ends a property. */
static void add_escaped(struct buf *out, struct str text, bool is_property)
{
	struct str rest = text;
	uint32_t c;

	while (utf8_next(&rest, &c)) {
		if (c == '%')
			buf_add_text(out, "%25");
		else if (c == '\r')
			buf_add_text(out, "%0D");
		else if (c == '\n')
			buf_add_text(out, "%0A");
		else if (is_property && c == ':')
			buf_add_text(out, "%3A");
		else if (is_property && c == ',')
			buf_add_text(out, "%2C");
		else if (c == '[' && out->len && out->ptr[out->len - 1] == '#')
			buf_add_text(out, "\\["); /* "##[" is a command anywhere in a line */
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\x%02X", (unsigned)c);
		else
			utf8_add(out, c);
	}
}

static const char *level_command(enum log_level level)
{
	if (level == LOG_ERROR)
		return "error";
	return level == LOG_WARNING ? "warning" : "notice";
}

void actions_annotation_add(struct buf *out, const struct actions_annotation *annotation)
{
	const char *separator = " ";

	buf_addf(out, "::%s", level_command(annotation->level));
	if (annotation->path.len) {
		buf_add_text(out, " file=");
		add_escaped(out, annotation->path, true);
		separator = ",";
	}
	if (annotation->path.len && annotation->line) {
		buf_addf(out, ",line=%u", annotation->line);
		if (annotation->end_line > annotation->line)
			buf_addf(out, ",endLine=%u", annotation->end_line);
	}
	if (annotation->title.len) {
		buf_addf(out, "%stitle=", separator);
		add_escaped(out, annotation->title, true);
	}
	buf_add_text(out, "::");
	add_escaped(out, utf8_cut(annotation->message, ACTIONS_ANNOTATION_SIZE_MAX), false);
	buf_add_char(out, '\n');
}

struct str actions_workspace(const struct env *env)
{
	return env_get(env, "GITHUB_WORKSPACE");
}
