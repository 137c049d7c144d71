/* Error texts for the public: the kind of failure and the fix, without the account. */
#ifndef OUTPUT_DISCLOSE_H
#define OUTPUT_DISCLOSE_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends the text without ARNs, account ids and request ids.  The log has them; in a public repository
 * everybody can read the pull request, its check run and the job summary.
 */
void disclose_add(struct buf *out, struct str text);

#endif
