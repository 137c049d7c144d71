/* Randomness, through one seam: the kernel's, or a fixed sequence in tests. */
#include "base/random.h"

#include "base/system.h"

void random_init_fixed(struct random *random, uint64_t seed)
{
	*random = (struct random){.is_fixed = true, .state = seed};
}

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators). */
static uint64_t next_fixed(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t random_u64(struct random *random)
{
	uint64_t value;

	if (random->is_fixed)
		return next_fixed(&random->state);
	system_random(&value, sizeof(value));
	return value;
}

double random_unit(struct random *random)
{
	return (double)(random_u64(random) >> 11) * 0x1p-53;
}

void random_hex(struct random *random, char *out, size_t count)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < count; i++) {
		if (i % 16 == 0)
			bits = random_u64(random);
		out[i] = "0123456789abcdef"[bits & 15];
		bits >>= 4;
	}
	out[count] = '\0';
}

void random_uuid(struct random *random, char out[RANDOM_UUID_LEN + 1])
{
	random_hex(random, out, RANDOM_UUID_LEN);
	out[8] = out[13] = out[18] = out[23] = '-';
	out[14] = '4';                                /* the version */
	out[19] = "89ab"[(unsigned char)out[19] & 3]; /* the variant */
}
