/* Address labels: lays an address out for the printer. */
#include "label.h"

#include <stdio.h>
#include <string.h>

int label_render(const struct address *address, char *out, size_t size)
{
	int len = snprintf(out, size, "%s\n%s\n%s %s\n", address->name, address->street,
			   address->postcode, address->city);

	return len < 0 || (size_t)len >= size ? -1 : len;
}
