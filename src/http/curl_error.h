/* libcurl's results as errors: their kind, and what a person can do. */
#ifndef HTTP_CURL_ERROR_H
#define HTTP_CURL_ERROR_H

#include <curl/curl.h>

#include "base/error.h"
#include "base/str.h"

/* Fills `err` for a transfer to `host` that ended with `code`; `detail` is libcurl's own text, or "". */
void curl_error(struct error *err, CURLcode code, struct str host, const char *detail);

#endif
