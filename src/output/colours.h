/* The few ANSI colours that the terminal shows. */
#ifndef OUTPUT_COLOURS_H
#define OUTPUT_COLOURS_H

#include "base/buf.h"

#define COLOUR_RESET "\033[0m"
#define COLOUR_BOLD "\033[1m"
#define COLOUR_FAINT "\033[2m"
#define COLOUR_RED "\033[31m"
#define COLOUR_RED_BOLD "\033[1;31m"
#define COLOUR_GREEN "\033[32m"
#define COLOUR_YELLOW "\033[33m"
#define COLOUR_BLUE "\033[34m"

static inline void colour_add(struct buf *out, bool colour, const char *code)
{
	if (colour)
		buf_add_text(out, code);
}

#endif
