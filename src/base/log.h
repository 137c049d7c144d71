/* Log records: topic first, one sink that writes them as text or workflow commands. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/common.h"
#include "base/secret.h"
#include "base/str.h"

enum log_level {
	LOG_DEBUG,
	LOG_INFO,
	LOG_NOTICE, /* a person should see it: an annotation under Actions */
	LOG_WARNING,
	LOG_ERROR,
};

enum log_format {
	LOG_FORMAT_TEXT,     /* "warning: ..." on stderr */
	LOG_FORMAT_WORKFLOW, /* "::warning::...", as the runner reads it, on stderr */
};

/* Records below `level` cost one comparison.  May be called again; before the first call: info, text. */
void log_setup(enum log_level level, enum log_format format);
bool log_enabled(enum log_level level);
bool log_level_parse(struct str name, enum log_level *level) MUST_USE;

/*
 * Writes a record.  Whatever the text holds, no line of the output can act as a workflow command:
 * "##[" and a leading "::" are broken, control characters are shown as \xNN, and every secret given
 * to log_mask() is replaced by "***".  A warning that was given already is not repeated.
 */
void log_write(enum log_level level, const char *topic, const char *fmt, ...) PRINTF(3, 4);

#define log_debug(topic, ...)                                                                      \
	do {                                                                                       \
		if (log_enabled(LOG_DEBUG))                                                        \
			log_write(LOG_DEBUG, topic, __VA_ARGS__);                                  \
	} while (0)
#define log_info(topic, ...) log_write(LOG_INFO, topic, __VA_ARGS__)
#define log_notice(topic, ...) log_write(LOG_NOTICE, topic, __VA_ARGS__)
#define log_warning(topic, ...) log_write(LOG_WARNING, topic, __VA_ARGS__)
#define log_error(topic, ...) log_write(LOG_ERROR, topic, __VA_ARGS__)

/*
 * The same in two steps, for many records that are printed together: log_add() appends the line of a record, and
 * log_put() writes the lines, without secrets that were masked meanwhile, and empties `lines`.
 */
struct buf;
void log_add(struct buf *lines, enum log_level level, const char *topic, const char *fmt, ...)
	PRINTF(4, 5);
void log_put(struct buf *lines);

/*
 * Masks a secret from now on: under Actions `::add-mask::` is written for each of its lines, and the
 * log replaces it.  The bytes are copied and wiped at exit.  Secrets under 4 bytes are not masked.
 */
void log_mask(const struct secret *secret);

/*
 * Appends `text` made safe for one line of a log or terminal, as log_write() does it.  A colon at its start is
 * escaped, so that no line begins with "::" wherever the caller puts it.
 */
void log_escape(struct buf *out, struct str text);

/* Every record's text goes through `filter`, which appends it without what must not be shown; NULL: none. */
void log_set_filter(void (*filter)(struct buf *out, struct str text));

/*
 * Returns the name by which the user set something, for messages that say how to fix it: the action's input
 * under Actions, else the command's option or the variable.
 */
const char *log_setting(const char *input, const char *option);

/* Under Actions a collapsible group; elsewhere nothing. */
void log_group_begin(const char *fmt, ...) PRINTF(1, 2);
void log_group_end(void);

/* Sets the name that each log line of the calling thread starts with; "": none.  It is borrowed. */
void log_flow_set(const char *name);
const char *log_flow(void);

/*
 * Calls `before` before each record is written, so that what is drawn on the same terminal can be erased;
 * it must not log.  NULL ends that.  `ctx` is borrowed until then.
 */
void log_before(void (*before)(void *ctx), void *ctx);

/* Only for the end of the process and for tests: forgets level, format and masks. */
void log_reset(void);

#endif
