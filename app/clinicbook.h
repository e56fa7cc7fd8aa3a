/* clinicbook.h - the records for what pumps' logs tell while nobody is signed in: opened with a key file, for each pull anew, so
 * that between two of them no key of the records but that of the file is in memory. REQ-STOR-06, REQ-SECU-12, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CLINICBOOK_H
#define APP_CLINICBOOK_H

#include "clinic/casebook/pull.h"

enum { CLINICBOOK_FAULT_BYTES = RECORDS_ERROR_BYTES };

struct clinicbook;

/* Reads the key file, and tries it. EXIT_DONE, or a message and an exit code. */
int clinicbook_open(const char *key_file, const char *database, struct clinicbook **book);
/* Adds what the pump of this serial has logged since the last time, at most so many pages of it (clinic/casebook/pull.h), in the
 * session of this programmer. RECORDS_MISSING: no patient has this pump. Words for whatever is not RECORDS_OK in `fault`. */
enum records_fault clinicbook_pull(struct clinicbook *book, const char *serial, struct programmer *programmer,
                                   const struct air *air, unsigned pages, struct pull *pull,
                                   char fault[CLINICBOOK_FAULT_BYTES]);
void clinicbook_close(struct clinicbook *book);

#endif
