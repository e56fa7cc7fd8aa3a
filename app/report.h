/* report.h - `cisterna report`: a document of a therapy, a session or refills becomes a PDF. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "clinic/report/head.h"

int report_main(int count, char **words);

/* Draws a report into this file, under another name first: what is there stays until the new one is whole. EXIT_DONE, or a
 * message of this command and an exit code. */
int report_put(const char *command, const char *path, bool (*draw)(const void *what, struct report_out *out), const void *what);
/* A page_sink into a FILE. */
bool report_into_file(void *context, const void *bytes, size_t size);

#endif
