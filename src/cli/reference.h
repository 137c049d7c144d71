/* The manual page and the reference pages, written from the tables of commands and keys. */
#ifndef CLI_REFERENCE_H
#define CLI_REFERENCE_H

#include "base/buf.h"

/* outcrop(1), in the macros of man(7), with a date such as "2026-11-28", or "". */
void reference_manual(struct buf *out, const char *date);

/* docs/command-line.md: every command with its options and examples. */
void reference_commands(struct buf *out);

/* docs/keys.md: every key of outcrop.yml and of agent files. */
void reference_keys(struct buf *out);

#endif
