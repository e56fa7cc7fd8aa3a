/* site.h - what a site has signed, at the desk of whoever programs: the release that is judged by, and the hard limits that go to
 * the pump beside the therapy. The key that signs is never here. REQ-LIBR-02, -05, -06, REQ-SECU-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SITE_H
#define APP_SITE_H

#include "app/workrun.h"

/* Do --formulary, --site-key and --limits stand together as they must? EXIT_DONE, or a message and EXIT_USAGE. */
int site_options(const struct desk *desk);
/* Opens the release in force for a region, or what is built in where none is named. EXIT_DONE, or messages and an exit code. */
int site_library(const struct desk *desk, const char *region, struct formulary *formulary);
/* Is the therapy of the release that was opened, and are the signed limits, where a file of them is named, its own? Keeps them.
 * EXIT_DONE, or messages and an exit code. */
int site_limits(struct workrun *work);
/* Hands the signature over the limits of the therapy that is staged under this token, where the pump wants one. EXIT_DONE; else
 * what came of it is said, nothing has come into force, and the exit code returned. */
int site_sign(struct workrun *work, const uint8_t token[TOKEN_BYTES]);

#endif
