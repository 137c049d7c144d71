/* Memory for libcurl that is wiped when it is freed: its buffers hold Authorization headers. */
#ifndef HTTP_WIPE_H
#define HTTP_WIPE_H

#include "base/common.h"

/* curl_global_init() with this memory. */
bool wipe_init(void) MUST_USE;

#endif
