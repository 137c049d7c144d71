/* The rights that a sandbox keeps: paths and ports. */
#ifndef SANDBOX_RIGHTS_H
#define SANDBOX_RIGHTS_H

#include "base/common.h"
#include "base/log.h"

enum { SANDBOX_PATHS_MAX = 64, SANDBOX_PORTS_MAX = 64 };

/* The access to a path and everything below it. */
enum sandbox_access { SANDBOX_READ, SANDBOX_WRITE };

struct sandbox_path {
	const char *path; /* borrowed until sandbox_enter() returns */
	enum sandbox_access access;
};

/* Filled by the functions below; zeroed it allows no file and no connection. */
struct sandbox {
	struct sandbox_path paths[SANDBOX_PATHS_MAX];
	size_t paths_len;
	uint16_t ports[SANDBOX_PORTS_MAX];
	size_t ports_len;
	bool any_file;           /* local runs: every file can be opened, but none executed */
	enum log_level complain; /* how to report that the kernel refuses a part */
};

/* A missing path is ignored; a folder includes what is below it. Beyond the maximum nothing is added. */
void rights_allow_path(struct sandbox *sandbox, const char *path, enum sandbox_access access);
void rights_allow_port(struct sandbox *sandbox, uint16_t port);

#endif
