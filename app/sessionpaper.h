/* sessionpaper.h - the session that a command was, on paper: every setting as old and new, what was typed again, and the limits
 * that were passed, with reason and second clinician. REQ-CLIN-02, REQ-LIBR-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SESSIONPAPER_H
#define APP_SESSIONPAPER_H

#include "app/workrun.h"

/* Writes it into the file that --report names, where it is given and a therapy was sent; after workbook_keep(). `code` is the
 * exit code so far; another one where the file could not be written. */
int sessionpaper_write(struct workrun *work, int code);

#endif
