/* Finds and replaces secret-looking strings in text, before a model or a reader sees them. */
#include "redact/redact.h"

#include <pthread.h>
#include <string.h>

#include "base/ascii.h"
#include "base/breathe.h"
#include "redact/assign.h"
#include "redact/name.h"
#include "redact/sieve.h"
#include "redact/token.h"

enum {
	USERINFO_LEN_MAX = 256,
	JWT_PART_LEN_MIN = 8,
	PEM_MARKER_LEN_MAX = 64,
	KEY_BODY_LEN_MIN = 40, /* base64 characters after the marker of a key */
	AZURE_LEN_MIN = 31,
	AZURE_LEN_MAX = 34,
	SIEVE_LEN_MIN = 512,  /* a shorter text is read as fast without the sieve */
	PAUSE_SIZE = 8 << 10, /* read between two pauses */
};

/*
 * One pass over the text. A decision depends only on the output to the left and the text to the
 * right, so that a second pass over the output makes the same decisions.
 */
struct redact_scan {
	struct str text;
	size_t at;     /* position of the scan */
	size_t copied; /* the text up to here is in `out` */
	struct str
		value; /* the value that a name before `at` is given, not yet reached; or empty */
	bool after_placeholder; /* only name characters since the last placeholder */
	size_t count;
	struct buf *out;
};

static const struct str placeholder_start = STR_INIT("[redacted:");

static bool is_placeholder(struct str text, size_t at)
{
	return str_starts(str_skip(text, at), placeholder_start);
}

/* The length of the placeholder at the start of `text`, or 0. */
static size_t placeholder_len(struct str text)
{
	size_t end = placeholder_start.len;

	if (!str_starts(text, placeholder_start))
		return 0;
	while (end < text.len && (ascii_is_lower(text.ptr[end]) || ascii_is_digit(text.ptr[end]) ||
				  text.ptr[end] == '-'))
		end++;
	return end < text.len && end > placeholder_start.len && text.ptr[end] == ']' ? end + 1 : 0;
}

/* Copies the text before `start`, writes a placeholder for `len` bytes, and continues after them. */
static void replace(struct redact_scan *scan, size_t start, size_t len, const char *kind)
{
	buf_add(scan->out, str_slice(scan->text, scan->copied, start - scan->copied));
	buf_add(scan->out, placeholder_start);
	buf_add_text(scan->out, kind);
	buf_add_char(scan->out, ']');
	scan->at = scan->copied = start + len;
	scan->after_placeholder = true;
	scan->count++;
}

/* A token begins here: not within a word, but behind an escape such as \n. */
static bool at_boundary(const struct redact_scan *scan)
{
	size_t at = scan->at;

	if (at == scan->copied)
		return true; /* the start, or behind a placeholder's ']' */
	if (!ascii_is_alnum(scan->text.ptr[at - 1]))
		return true;
	return at - scan->copied >= 2 && scan->text.ptr[at - 2] == '\\' &&
	       strchr("nrt", scan->text.ptr[at - 1]);
}

static bool try_format(struct redact_scan *scan)
{
	struct str rest = str_skip(scan->text, scan->at);
	size_t len = 0;
	const struct format *format = format_find(rest, &len);

	if (!format || (format->max && is_placeholder(rest, len)))
		return false;
	replace(scan, scan->at, len, format->kind);
	return true;
}

static size_t word_run(struct str text, size_t at)
{
	size_t end = at;

	while (end < text.len && format_has_char(FORMAT_WORD, text.ptr[end]))
		end++;
	return end - at;
}

/* A JSON Web Token (RFC 7519): two base64url objects and a signature. */
static bool try_jwt(struct redact_scan *scan)
{
	struct str rest = str_skip(scan->text, scan->at);
	size_t header;
	size_t claims;
	size_t end;

	/* Not within a run of the token's characters, or each "eyJ" of "eyJ-eyJ-..." would scan all of it. */
	if (!str_starts(rest, STR("eyJ")) ||
	    (scan->at > scan->copied && scan->text.ptr[scan->at - 1] != '.' &&
	     scan->text.ptr[scan->at - 1] != 'n' &&
	     format_has_char(FORMAT_WORD, scan->text.ptr[scan->at - 1])))
		return false;
	header = word_run(rest, 0);
	if (header < JWT_PART_LEN_MIN || header + 1 >= rest.len || rest.ptr[header] != '.' ||
	    !str_starts(str_skip(rest, header + 1), STR("eyJ")))
		return false;
	claims = word_run(rest, header + 1);
	end = header + 1 + claims;
	if (claims < JWT_PART_LEN_MIN || end >= rest.len || rest.ptr[end] != '.')
		return false;
	replace(scan, scan->at, end + 1 + word_run(rest, end + 1), "jwt");
	return true;
}

static bool is_userinfo_char(char c)
{
	return c > ' ' && c < 0x7f && !strchr("/\"'<>?#`\\(),;|^", c);
}

/* Words that people write in place of a password, and placeholders. */
static bool is_sample_password(struct str password, struct str user)
{
	static const struct str samples[] = {
		STR_INIT("changeme"), STR_INIT("example"),  STR_INIT("guest"),    STR_INIT("pass"),
		STR_INIT("passwd"),   STR_INIT("password"), STR_INIT("postgres"), STR_INIT("pw"),
		STR_INIT("pwd"),      STR_INIT("root"),     STR_INIT("secret"),   STR_INIT("test"),
		STR_INIT("token"),    STR_INIT("xxx"),
	};

	if (!password.len || str_eq(password, user) || strchr("$%{[*:", password.ptr[0]))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		if (str_eq_nocase(password, samples[i]))
			return true;
	}
	return false;
}

/* scheme://user:password@host: the password is replaced; the rest helps the reader. */
static bool try_url(struct redact_scan *scan)
{
	size_t start = scan->at + 3;
	size_t end = start;
	struct str info;
	struct str user;
	struct str password;

	if (!str_starts(str_skip(scan->text, scan->at), STR("://")))
		return false;
	while (end < scan->text.len && end - start <= USERINFO_LEN_MAX &&
	       is_userinfo_char(scan->text.ptr[end]) && scan->text.ptr[end] != '@')
		end++;
	if (end >= scan->text.len || scan->text.ptr[end] != '@')
		return false;
	info = str_slice(scan->text, start, end - start);
	if (!str_cut(info, STR(":"), &user, &password) || is_sample_password(password, user) ||
	    redact_has_placeholder(info))
		return false;
	replace(scan, start + user.len + 1, password.len, "url-password");
	return true;
}

/* An Azure AD client secret: three characters and a digit, "Q~", then 31 to 34 more. */
static bool try_azure(struct redact_scan *scan)
{
	struct str rest = str_skip(scan->text, scan->at);
	size_t end = 6;

	if (rest.len < 6 + AZURE_LEN_MIN || rest.ptr[4] != 'Q' || rest.ptr[5] != '~')
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (!format_has_char(FORMAT_DOTTED, rest.ptr[i]) && rest.ptr[i] != '~')
			return false;
	}
	while (end < rest.len && end <= 6 + AZURE_LEN_MAX &&
	       (format_has_char(FORMAT_DOTTED, rest.ptr[end]) || rest.ptr[end] == '~'))
		end++;
	if (end < 6 + AZURE_LEN_MIN || end > 6 + AZURE_LEN_MAX || is_placeholder(rest, end))
		return false;
	replace(scan, scan->at, end, "azure-client-secret");
	return true;
}

/* Skips the characters that a diff, a quotation or an indented string puts before a line of a key. */
static size_t line_prefix(struct str line)
{
	size_t at = line.len && (line.ptr[0] == '+' || line.ptr[0] == '-');

	while (at < line.len && strchr(" \t\"'>#*|", line.ptr[at]) && line.ptr[at])
		at++;
	return at;
}

/* The length of the PEM marker (RFC 7468) at the start of `text`, with its label; or 0. */
static size_t pem_marker(struct str text, struct str begin, struct str *label)
{
	size_t end = begin.len;

	if (!str_starts(text, begin))
		return 0;
	while (end < text.len && end < PEM_MARKER_LEN_MAX &&
	       (format_has_char(FORMAT_UPPER, text.ptr[end]) || text.ptr[end] == ' '))
		end++;
	if (!str_starts(str_skip(text, end), STR("-----")))
		return 0;
	*label = str_slice(text, begin.len, end - begin.len);
	return end + 5;
}

/* The length of a line's part of the key: base64, the end marker, headers, escaped line breaks. */
static size_t key_line(struct str line, size_t *body, bool *ended)
{
	size_t at = 0;
	size_t marker;
	struct str label;

	if (str_starts(line, STR("Proc-Type:")) || str_starts(line, STR("DEK-Info:")) ||
	    str_starts(line, STR("Version:")) || str_starts(line, STR("Comment:")))
		return line.len;
	while (at < line.len) {
		if (format_has_char(FORMAT_BASE64, line.ptr[at])) {
			*body += 1;
			at++;
		} else if (line.ptr[at] == '\\' && at + 1 < line.len) {
			at += 2;
		} else {
			break;
		}
	}
	marker = pem_marker(str_skip(line, at), STR("-----END "), &label);
	*ended = marker > 0;
	return at + marker;
}

/* The parts of a line of a key. */
struct key_part {
	size_t prefix; /* kept */
	size_t used;   /* replaced */
	bool last;     /* nothing behind it belongs to the key */
};

static bool only_closers(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!s.ptr[i] || !strchr("\"',+; \t", s.ptr[i]))
			return false;
	}
	return true;
}

/* False when the line at the start of `rest` is not part of a key. */
static bool split_key_line(struct str rest, bool first, size_t *body, struct key_part *part)
{
	ptrdiff_t newline = str_find_char(rest, '\n', 0);
	struct str line = newline < 0 ? rest : str_slice(rest, 0, (size_t)newline);
	struct str behind;
	bool ended = false;

	part->prefix = first ? 0 : line_prefix(line);
	part->used = key_line(str_skip(line, part->prefix), body, &ended);
	behind = str_trim(str_skip(line, part->prefix + part->used));
	/* Quotes, commas and plus signs end the lines of a key in string literals. */
	if (!first && !ended && behind.len && !strchr("\"',+;", behind.ptr[0]))
		return false;
	part->last = ended || newline < 0 || !only_closers(behind);
	return true;
}

/* Processes the lines of a key after its BEGIN marker; with `out`, keeps only breaks and prefixes. */
static size_t walk_key(struct str text, size_t at, struct buf *out, size_t *body)
{
	struct key_part part = {0};
	bool first = true;

	while (!part.last && split_key_line(str_skip(text, at), first, body, &part)) {
		size_t next = at + part.prefix + part.used;
		ptrdiff_t newline = part.last ? -1 : str_find_char(text, '\n', next);

		if (out)
			buf_add(out, str_slice(text, at, part.prefix));
		at = next;
		if (newline < 0)
			break;
		if (out)
			buf_add(out, str_slice(text, at, (size_t)newline + 1 - at));
		at = (size_t)newline + 1;
		first = false;
	}
	return at;
}

static bool try_private_key(struct redact_scan *scan)
{
	struct str rest = str_skip(scan->text, scan->at);
	struct str label;
	size_t marker = pem_marker(rest, STR("-----BEGIN "), &label);
	size_t body = 0;
	size_t end;

	if (!marker || !str_contains(label, STR("PRIVATE KEY")))
		return false;
	end = walk_key(scan->text, scan->at + marker, NULL, &body);
	if (body < KEY_BODY_LEN_MIN)
		return false;
	replace(scan, scan->at, marker, "private-key");
	walk_key(scan->text, scan->at, scan->out, &body);
	scan->at = scan->copied = end;
	scan->after_placeholder = scan->out->ptr[scan->out->len - 1] == ']';
	return true;
}

/* Finds the value of the name that starts here. */
static void look_ahead(struct redact_scan *scan)
{
	struct str value;

	if (scan->value.len || scan->after_placeholder)
		return;
	if (scan->at > scan->copied && name_has_char(scan->text.ptr[scan->at - 1]))
		return;
	if (assign_find(str_skip(scan->text, scan->at), &value) && !redact_has_placeholder(value))
		scan->value = value;
}

/* The value that was looked ahead to begins here. */
static bool try_value(struct redact_scan *scan)
{
	const char *start = scan->text.ptr + scan->at;

	if (!scan->value.len || scan->value.ptr > start)
		return false;
	if (scan->value.ptr == start) {
		replace(scan, scan->at, scan->value.len, "assigned-secret");
		scan->value = STR_EMPTY;
		return true;
	}
	scan->value = STR_EMPTY;
	return false;
}

/* One step: replaces a secret that starts here, or passes one character. */
static void scan_step(struct redact_scan *scan)
{
	char c = scan->text.ptr[scan->at];
	size_t placeholder = c == '[' ? placeholder_len(str_skip(scan->text, scan->at)) : 0;

	if (placeholder) {
		scan->at += placeholder;
		buf_add(scan->out, str_slice(scan->text, scan->copied, scan->at - scan->copied));
		scan->copied = scan->at;
		scan->after_placeholder = true;
		return;
	}
	if (try_value(scan))
		return;
	if (c == '-' && try_private_key(scan))
		return;
	if (c == ':' && try_url(scan))
		return;
	if (name_has_char(c)) {
		look_ahead(scan);
		if (at_boundary(scan) && (try_format(scan) || try_jwt(scan) || try_azure(scan)))
			return;
	} else {
		scan->after_placeholder = false;
	}
	scan->at++;
}

/* Skips text in which, according to the sieve, no secret starts, up to an expected value. */
static void scan_skip(struct redact_scan *scan, const struct sieve *sieve)
{
	size_t end = scan->text.len;

	/* Behind a placeholder names count differently. */
	if (scan->at == scan->copied || scan->after_placeholder)
		return;
	if (scan->value.len)
		end = (size_t)(scan->value.ptr - scan->text.ptr);
	scan->at = sieve_next(sieve, scan->text, scan->at, end);
}

/* Made from the table of formats by the first long text; only read from then on. */
static struct sieve formats_sieve;

static void make_sieve(void)
{
	sieve_init(&formats_sieve);
}

static void scan_all(struct redact_scan *scan)
{
	static pthread_once_t made = PTHREAD_ONCE_INIT;
	size_t paused = 0;

	pthread_once(&made, make_sieve);
	while (scan->at < scan->text.len) {
		if (scan->at - paused > PAUSE_SIZE) {
			breathe();
			paused = scan->at;
		}
		scan_step(scan);
		if (scan->at < scan->text.len)
			scan_skip(scan, &formats_sieve);
	}
}

size_t redact_add(struct buf *out, struct str text)
{
	struct redact_scan scan = {.text = text, .out = out};

	if (text.len >= SIEVE_LEN_MIN)
		scan_all(&scan);
	while (scan.at < text.len)
		scan_step(&scan);
	buf_add(out, str_skip(text, scan.copied));
	return scan.count;
}

bool redact_has_placeholder(struct str text)
{
	ptrdiff_t at = str_find(text, placeholder_start, 0);

	while (at >= 0) {
		if (placeholder_len(str_skip(text, (size_t)at)))
			return true;
		at = str_find(text, placeholder_start, (size_t)at + 1);
	}
	return false;
}
