/* Errors as plain values. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
	[ERROR_NONE] = "none",
	[ERROR_USAGE] = "usage",
	[ERROR_CONFIG] = "configuration",
	[ERROR_CREDENTIALS] = "credentials",
	[ERROR_CANCELLED] = "cancelled",
	[ERROR_TIMEOUT] = "timeout",
	[ERROR_NETWORK] = "network",
	[ERROR_TLS] = "tls",
	[ERROR_PROTOCOL] = "protocol",
	[ERROR_SYNTAX] = "syntax",
	[ERROR_INVALID] = "invalid request",
	[ERROR_DENIED] = "denied",
	[ERROR_NOT_FOUND] = "not found",
	[ERROR_CONFLICT] = "conflict",
	[ERROR_THROTTLED] = "throttled",
	[ERROR_QUOTA] = "quota",
	[ERROR_SERVER] = "server",
	[ERROR_LIMIT] = "limit",
	[ERROR_MODEL] = "model",
	[ERROR_IO] = "input/output",
};

/* Marks a message that did not fit: truncated at the start of a UTF-8 sequence, with "..." appended. */
static void mark_cut(char *message, size_t size)
{
	size_t len = size - 4;

	while (len && ((unsigned char)message[len] & 0xc0) == 0x80)
		len--;
	memcpy(message + len, "...", 4);
}

static void PRINTF(3, 0) format_message(char *message, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(message, size, fmt, args);

	if (len >= 0 && (size_t)len >= size)
		mark_cut(message, size);
}

bool error_ends_work(const struct error *err)
{
	return err->kind == ERROR_CANCELLED || err->kind == ERROR_TIMEOUT;
}

bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	va_list args;

	va_start(args, fmt);
	format_message(message, sizeof(message), fmt, args);
	va_end(args);
	*err = (struct error){.kind = kind};
	memcpy(err->message, message, sizeof(message));
	return false;
}

bool error_errno(struct error *err, const char *fmt, ...)
{
	int number = errno;
	char context[ERROR_MESSAGE_SIZE];
	va_list args;

	va_start(args, fmt);
	format_message(context, sizeof(context), fmt, args);
	va_end(args);
	error_set(err, number == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, "%s", strerror(number));
	return error_wrap(err, "%s", context);
}

/* Sets err->message to `first` followed by `second`. */
static void join(struct error *err, const char *first, const char *second)
{
	char joined[2 * ERROR_MESSAGE_SIZE];
	int len = snprintf(joined, sizeof(joined), "%s%s", first, second);

	memcpy(err->message, joined, sizeof(err->message) - 1);
	err->message[sizeof(err->message) - 1] = '\0';
	if (len >= (int)sizeof(err->message))
		mark_cut(err->message, sizeof(err->message));
}

bool error_wrap(struct error *err, const char *fmt, ...)
{
	char context[ERROR_MESSAGE_SIZE];
	char tail[ERROR_MESSAGE_SIZE + 2];
	va_list args;

	va_start(args, fmt);
	format_message(context, sizeof(context), fmt, args);
	va_end(args);
	snprintf(tail, sizeof(tail), ": %s", err->message);
	join(err, context, tail);
	return false;
}

bool error_append(struct error *err, const char *fmt, ...)
{
	char head[ERROR_MESSAGE_SIZE];
	char tail[ERROR_MESSAGE_SIZE];
	va_list args;

	va_start(args, fmt);
	format_message(tail, sizeof(tail), fmt, args);
	va_end(args);
	memcpy(head, err->message, sizeof(head));
	join(err, head, tail);
	return false;
}

const char *error_kind_name(enum error_kind kind)
{
	assert((size_t)kind < ARRAY_LEN(kind_names));
	return kind_names[kind];
}
