/* The few ANSI colors that the terminal shows. */
#ifndef OUTPUT_COLORS_H
#define OUTPUT_COLORS_H

#include "base/buf.h"

#define COLOR_RESET "\033[0m"
#define COLOR_BOLD "\033[1m"
#define COLOR_FAINT "\033[2m"
#define COLOR_RED "\033[31m"
#define COLOR_RED_BOLD "\033[1;31m"
#define COLOR_GREEN "\033[32m"
#define COLOR_YELLOW "\033[33m"
#define COLOR_BLUE "\033[34m"

static inline void color_add(struct buf *out, bool color, const char *code)
{
	if (color)
		buf_add_text(out, code);
}

#endif
