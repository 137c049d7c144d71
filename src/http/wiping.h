/* Memory for libcurl that is wiped when it is freed: its buffers hold Authorization headers. */
#ifndef HTTP_WIPING_H
#define HTTP_WIPING_H

#include "base/common.h"

/* curl_global_init() with this memory. */
bool wiping_init(void) MUST_USE;

#endif
