/* Bands of the confidence that agents state with a finding. */
#ifndef EVAL_BANDS_H
#define EVAL_BANDS_H

/* 0 to 0.25 and so on; band CONFIDENCE_BANDS holds findings without a confidence. */
enum { CONFIDENCE_BANDS = 4 };

extern const char *const confidence_band_names[CONFIDENCE_BANDS + 1];

/* The band of a confidence from 0 to 1; a negative one is not given. */
int confidence_band(double confidence);

#endif
