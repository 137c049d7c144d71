/* Log records and the one sink that writes them. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { MASK_LEN_MIN = 4, WARNINGS_KEPT = 64 };

/* The one mutable global of the program: where log lines go and what they must not show. */
static struct {
	enum log_level level;
	enum log_format format;
	struct {
		VEC_FIELDS(struct secret);
	} masks;
	void (*filter)(struct buf *out, struct str text);
	void (*before)(void *ctx);
	void *before_ctx;
	uint64_t warned[WARNINGS_KEPT]; /* hashes of the last warnings */
	size_t warned_len;
} sink = {.level = LOG_INFO};

static _Thread_local const char *flow_name = "";

static const struct {
	const char *name;    /* as users write it */
	const char *command; /* the runner's workflow command, or NULL for a plain line */
} levels[] = {
	[LOG_DEBUG] = {"debug", "debug"},    [LOG_INFO] = {"info", NULL},
	[LOG_NOTICE] = {"notice", "notice"}, [LOG_WARNING] = {"warning", "warning"},
	[LOG_ERROR] = {"error", "error"},
};

void log_setup(enum log_level level, enum log_format format)
{
	sink.level = level;
	sink.format = format;
}

void log_set_filter(void (*filter)(struct buf *out, struct str text))
{
	sink.filter = filter;
}

bool log_enabled(enum log_level level)
{
	return level >= sink.level;
}

bool log_level_parse(struct str name, enum log_level *level)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (str_eq(name, str_from(levels[i].name))) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

void log_flow_set(const char *name)
{
	flow_name = name;
}

const char *log_flow(void)
{
	return flow_name;
}

/* Characters that change how a line is shown: controls and bidirectional marks. */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c ||
	       c == 0x2028 || c == 0x2029;
}

static void escape_character(struct buf *out, uint32_t c)
{
	if (c == '\n')
		buf_add_text(out, "\\n");
	else if (c == '\t')
		buf_add_char(out, ' ');
	else if (c == '\r')
		buf_add_text(out, "\\r");
	else
		buf_addf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
}

/* White space as the runner trims it: .NET's Char.IsWhiteSpace, which is Unicode's. */
static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

void log_escape(struct buf *out, struct str text)
{
	size_t start = out->len;
	bool leading = true;
	uint32_t c;

	while (utf8_next(&text, &c)) {
		/* The runner interprets "::" after white space at the start of a line. */
		if (leading && c == ':')
			buf_add_char(out, '\\');
		leading = leading && is_space(c);
		if (is_unsafe(c))
			escape_character(out, c);
		else
			utf8_add(out, c);
		/* The runner interprets "##[" anywhere in a line. */
		if (c == '[' && out->len - start >= 3 &&
		    memcmp(out->ptr + out->len - 3, "##[", 3) == 0) {
			buf_set_len(out, out->len - 1);
			buf_add_text(out, "\\[");
		}
	}
}

static void apply_masks(struct buf *line)
{
	for (size_t i = 0; i < sink.masks.len; i++) {
		struct str secret = secret_str(&sink.masks.items[i]);
		ptrdiff_t at;

		while ((at = str_find(buf_str(line), secret, 0)) >= 0) {
			struct buf masked = BUF_INIT;

			buf_add(&masked, str_slice(buf_str(line), 0, (size_t)at));
			buf_add_text(&masked, "***");
			buf_add(&masked, str_skip(buf_str(line), (size_t)at + secret.len));
			secret_wipe(line->ptr, line->len);
			buf_release(line);
			*line = masked;
		}
	}
}

/* The runner decodes these in a command's data, and ends the command at a raw CR or LF. */
static void add_command_data(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '%')
			buf_add_text(out, "%25");
		else if (text.ptr[i] == '\r')
			buf_add_text(out, "%0D");
		else
			buf_add_char(out, text.ptr[i]);
	}
}

static void format_record(struct buf *out, enum log_level level, const char *topic, struct str text)
{
	SCOPED(buf) struct buf line = BUF_INIT;

	if (flow_name[0]) {
		log_escape(&line, str_from(flow_name));
		apply_masks(&line);
		buf_add_text(&line, ": ");
	}
	buf_add(&line, text);
	switch (sink.format) {
	case LOG_FORMAT_WORKFLOW:
		if (levels[level].command) {
			buf_addf(out, "::%s::", levels[level].command);
			add_command_data(out, buf_str(&line));
		} else {
			buf_add(out, buf_str(&line));
		}
		break;
	case LOG_FORMAT_TEXT:
		if (level == LOG_DEBUG)
			buf_addf(out, "debug: %s: ", topic);
		else if (level > LOG_INFO)
			buf_addf(out, "%s: ", levels[level].name);
		buf_add(out, buf_str(&line));
		break;
	}
	buf_add_char(out, '\n');
}

static void write_out(struct str line)
{
	if (sink.before)
		sink.before(sink.before_ctx);
	fwrite(line.ptr, 1, line.len, stderr);
	fflush(stderr);
}

/* A file that is read twice gives each warning twice; people need it once. */
static bool is_repeated(struct str text)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
	for (size_t i = 0; i < MIN_OF(sink.warned_len, (size_t)WARNINGS_KEPT); i++) {
		if (sink.warned[i] == hash)
			return true;
	}
	sink.warned[sink.warned_len++ % WARNINGS_KEPT] = hash;
	return false;
}

/* Appends the line of a record; nothing for a warning that is repeated. */
static void PRINTF(4, 0) add_line(struct buf *out, enum log_level level, const char *topic,
				  const char *fmt, va_list args)
{
	SCOPED(buf) struct buf raw = BUF_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_vaddf(&raw, fmt, args);
	apply_masks(&raw);
	if (sink.filter) {
		SCOPED(buf) struct buf clean = BUF_INIT;

		sink.filter(&clean, buf_str(&raw));
		log_escape(&text, buf_str(&clean));
	} else {
		log_escape(&text, buf_str(&raw));
	}
	if (level == LOG_WARNING && is_repeated(buf_str(&text)))
		return;
	format_record(out, level, topic, buf_str(&text));
}

void log_write(enum log_level level, const char *topic, const char *fmt, ...)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	va_list args;

	if (!log_enabled(level))
		return;
	va_start(args, fmt);
	add_line(&out, level, topic, fmt, args);
	va_end(args);
	if (out.len)
		write_out(buf_str(&out));
}

void log_add(struct buf *lines, enum log_level level, const char *topic, const char *fmt, ...)
{
	va_list args;

	if (!log_enabled(level))
		return;
	va_start(args, fmt);
	add_line(lines, level, topic, fmt, args);
	va_end(args);
}

void log_put(struct buf *lines)
{
	apply_masks(lines);
	if (lines->len)
		write_out(buf_str(lines));
	buf_reset(lines);
}

static bool is_masked(struct str line)
{
	for (size_t i = 0; i < sink.masks.len; i++) {
		if (str_eq(secret_str(&sink.masks.items[i]), line))
			return true;
	}
	return false;
}

/* Keeps the longest first: a secret that is the prefix of another must not leave its rest readable. */
static void add_mask(struct str line)
{
	struct secret copy = {0};
	size_t i;

	secret_set(&copy, line);
	VEC_PUSH(&sink.masks, copy);
	for (i = sink.masks.len - 1; i > 0 && sink.masks.items[i - 1].len_ < line.len; i--)
		sink.masks.items[i] = sink.masks.items[i - 1];
	sink.masks.items[i] = copy;
}

void log_mask(const struct secret *secret)
{
	struct str rest = secret_str(secret);
	struct str line;

	while (str_next_line(&rest, &line, NULL)) {
		line = str_trim(line);
		if (line.len < MASK_LEN_MIN || is_masked(line))
			continue;
		add_mask(line);
		if (sink.format == LOG_FORMAT_WORKFLOW) {
			SCOPED(buf) struct buf command = BUF_INIT;

			buf_add_text(&command, "::add-mask::");
			add_command_data(&command, line);
			buf_add_char(&command, '\n');
			write_out(buf_str(&command));
			secret_wipe(command.ptr, command.len);
		}
	}
}

const char *log_setting(const char *input, const char *option)
{
	return sink.format == LOG_FORMAT_WORKFLOW ? input : option;
}

void log_group_begin(const char *fmt, ...)
{
	SCOPED(buf) struct buf title = BUF_INIT;
	SCOPED(buf) struct buf escaped = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	va_list args;

	if (sink.format != LOG_FORMAT_WORKFLOW)
		return;
	va_start(args, fmt);
	buf_vaddf(&title, fmt, args);
	va_end(args);
	apply_masks(&title);
	buf_add_text(&out, "::group::");
	log_escape(&escaped, buf_str(&title));
	add_command_data(&out, buf_str(&escaped));
	buf_add_char(&out, '\n');
	write_out(buf_str(&out));
}

void log_group_end(void)
{
	if (sink.format == LOG_FORMAT_WORKFLOW)
		write_out(STR("::endgroup::\n"));
}

void log_before(void (*before)(void *ctx), void *ctx)
{
	sink.before = before;
	sink.before_ctx = ctx;
}

void log_reset(void)
{
	for (size_t i = 0; i < sink.masks.len; i++)
		secret_release(&sink.masks.items[i]);
	VEC_RELEASE(&sink.masks);
	sink.warned_len = 0;
	sink.level = LOG_INFO;
	sink.format = LOG_FORMAT_TEXT;
	log_before(NULL, NULL);
}
