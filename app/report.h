/* report.h - `cisterna report`: a document of a therapy, a session or refills becomes a PDF. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include <stdbool.h>
#include <stddef.h>

int report_main(int count, char **words);

/* A page_sink into a FILE. */
bool report_into_file(void *context, const void *bytes, size_t size);

#endif
