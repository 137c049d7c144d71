/* What all parts of the emulator share: the scenario, the journal, the faults, and who answers what. */
#ifndef EMULATOR_EMULATOR_H
#define EMULATOR_EMULATOR_H

#include "faults.h"
#include "scenario.h"
#include "server.h"

struct aws_state;
struct hub_github;

enum { JOURNAL_MAX = 100000, JOURNAL_BODIES_MAX = 64 << 20 };

/* What is kept of one request. */
struct journal_entry {
	struct str method, target, operation;
	struct str signer; /* id of the key that signed it, "bearer", or empty */
	struct str
		body; /* empty when it is not UTF-8, or when the journal has its maximum of bodies */
	struct str invocation_id, sdk_request; /* what the SDKs say of a call's attempts */
	const struct value *detail;
	int status; /* 0 as long as it is not answered, or when it never was */
	int64_t at_ms, done_ms;
};

/*
 * Life cycle: emulator_init() -> server runs with emulator_route() and emulator_done() -> server_free()
 * -> emulator_release().  `scenario` is borrowed.
 */
struct emulator {
	const struct scenario *scenario;
	struct faults faults;
	struct aws_state *aws;
	struct hub_github *github;
	struct str url; /* "http://127.0.0.1:PORT"; set once the server listens */
	int stop_fd;    /* an eventfd that a request to stop writes to; -1: none */
	struct arena arena;
	struct {
		VEC_FIELDS(struct journal_entry);
	} journal;
};

bool emulator_init(struct emulator *emulator, const struct scenario *scenario,
		   struct error *err) MUST_USE;
void emulator_release(struct emulator *emulator);

/* The hooks of the server; `ctx` is the emulator. */
void emulator_route(void *ctx, struct request *request, struct answer *answer);
void emulator_done(void *ctx, const struct request *request, const struct answer *answer);

/*
 * Names the operation of a request and takes the fault that the scenario has for it.  True when the
 * fault is one of those that every operation knows (reset, close, silence, cut, delay alone is none) and
 * the answer is set; else `*fault` is the entry of the scenario to act on, or NULL.
 */
bool emulator_fault(struct emulator *emulator, struct request *request, struct str operation,
		    struct answer *answer, const struct value **fault) MUST_USE;

#endif
