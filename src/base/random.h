/* Randomness, through one seam: the kernel's, or a fixed sequence in tests. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/common.h"

/* Zeroed it gives the kernel's random numbers; random_init_fixed() makes a repeatable sequence. */
struct random {
	bool is_fixed;
	uint64_t state;
};

void random_init_fixed(struct random *random, uint64_t seed);
double random_unit(struct random *random); /* 0 <= x < 1 */

/* `count` lower-case hex digits and a NUL. */
void random_hex(struct random *random, char *out, size_t count);

enum { RANDOM_UUID_LEN = 36 };

/* A UUID of version 4 (RFC 9562) in lower case, and a NUL. */
void random_uuid(struct random *random, char out[RANDOM_UUID_LEN + 1]);

#endif
