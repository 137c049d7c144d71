/* Untracked files: which of them a local review leaves out. */
#ifndef SOURCE_UNTRACKED_H
#define SOURCE_UNTRACKED_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/* Names to be listed, the first few of them. */
struct untracked {
	struct buf names;
	size_t len;
};

#define UNTRACKED_INIT {.names = BUF_INIT}

/* True for a path that usually holds secrets: ".env", "*.pem", "id_rsa"... */
bool untracked_is_secret(struct str path);

void untracked_add(struct untracked *untracked, struct str path);
void untracked_release(struct untracked *untracked);

/* Logs which untracked files are reviewed and which are left out. */
void untracked_tell(const struct untracked *taken, const struct untracked *left_out);

#endif
