/* Bands of the confidence that agents state with a finding. */
#include "eval/bands.h"

#include "base/common.h"

const char *const confidence_band_names[CONFIDENCE_BANDS + 1] = {
	"0 to 0.25", "0.25 to 0.5", "0.5 to 0.75", "0.75 to 1", "not given"};

int confidence_band(double confidence)
{
	if (confidence < 0)
		return CONFIDENCE_BANDS;
	return MIN_OF((int)(confidence * CONFIDENCE_BANDS), CONFIDENCE_BANDS - 1);
}
