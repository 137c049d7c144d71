/* Checks names of AWS regions by their form. */
#include "base/region.h"

#include "base/ascii.h"

enum { REGION_LEN_MAX = 40 };

/* "us-east-1a": people copy the zone of a machine. */
static bool is_zone(struct str name)
{
	return name.len >= 3 && ascii_is_lower(name.ptr[name.len - 1]) &&
	       ascii_is_digit(name.ptr[name.len - 2]) && str_find_char(name, '-', 0) > 0;
}

const char *region_problem(struct str region)
{
	bool plain = region.len > 0 && region.len <= REGION_LEN_MAX;

	for (size_t i = 0; i < region.len && plain; i++) {
		char c = region.ptr[i];

		plain = ascii_is_lower(c) || ascii_is_digit(c) || c == '-';
	}
	if (!plain)
		return "is not an AWS region; it looks like us-east-1";
	return is_zone(region) ? "is an availability zone; the region is without the last letter"
			       : NULL;
}
