/* A review as a local command prints it. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "command/print.h"
#include "output/view.h"

/* The formats, for option tables; ended by NULL. */
extern const char *const show_formats[];
extern const char *const show_severities[];
extern const char *const show_fail_levels[];

/* Prints the review in one of the formats ("": text) and closes the printer. */
bool show_review(struct printer *printer, const struct review_view *view, struct str format,
		 bool color, struct error *err) MUST_USE;

#endif
