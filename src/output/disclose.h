/* Error texts as strangers may read them: the kind of failure and the remedy, not whose account it is. */
#ifndef OUTPUT_DISCLOSE_H
#define OUTPUT_DISCLOSE_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends the text without ARNs, account ids and request ids.  The log has them; a pull request, its check
 * run and the job summary of a public repository are for everybody.
 */
void disclose_add(struct buf *out, struct str text);

#endif
