/* Address labels: lays an address out for the printer. */
#include "label.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARCODE_SIZE 32

int label_render(const struct address *address, char *out, size_t size)
{
	int len = snprintf(out, size, "%s\n%s\n%s %s\n", address->name, address->street,
			   address->postcode, address->city);

	return len < 0 || (size_t)len >= size ? -1 : len;
}

/* The barcode of a shipment: its priority's letter, its number and a check digit. */
char *label_barcode(const struct shipment *shipment)
{
	char digits[BARCODE_SIZE];
	char *code = malloc(BARCODE_SIZE);
	int sum = 0;

	sprintf(digits, "%s-%ld", shipment->depot, shipment->id);
	for (size_t i = 0; i <= strlen(digits); i++)
		sum += digits[i] * (i % 2 ? 3 : 1);
	snprintf(code, BARCODE_SIZE, "%c%s%d", shipment->priority[0], digits, 10 - sum % 10);
	return code;
}
