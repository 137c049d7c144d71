/* Where results go: stdout, or a file that is opened before anything is called. */
#ifndef COMMAND_PRINT_H
#define COMMAND_PRINT_H

#include "base/guard.h"
#include "command/command.h"

enum print_kind {
	PRINT_JSON,
	PRINT_PAGE, /* our own text, safe for a terminal; may be colored */
	PRINT_TEXT, /* a piece of what a model wrote */
};

/* A zeroed printer prints to stdout, unchanged. */
struct printer {
	FILE *file; /* NULL: stdout */
	struct str path;
	bool in_actions, terminal;
	struct guard guard;
};

/*
 * Opens the file, or stdout for "" and "-".  ERROR_USAGE when it cannot be opened; a file that exists
 * keeps its text until something is printed.
 */
bool printer_open(struct printer *printer, const struct cli *cli, struct str path,
		  struct error *err) MUST_USE;

/*
 * Prints immediately.  On stdout of a workflow nothing in it acts as a workflow command.  If writing to the file
 * fails, the text goes to stdout, and the call fails too.
 */
bool printer_add(struct printer *printer, enum print_kind kind, struct str text,
		 struct error *err) MUST_USE;

/* Closes the file; ERROR_IO when the text could not be written. */
bool printer_close(struct printer *printer, struct error *err) MUST_USE;

void printer_release(struct printer *printer);

/* Prints one text to stdout. */
bool print_text(const struct cli *cli, enum print_kind kind, struct str text,
		struct error *err) MUST_USE;

#endif
