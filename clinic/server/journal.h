/* journal.h - the server's clocks, and its lines in the journal. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_JOURNAL_H
#define CLINIC_SERVER_JOURNAL_H

#include <stdint.h>

/* Milliseconds of a clock that never goes back, and of UTC since 1970. */
int64_t server_now(void);
int64_t server_utc(void);

/* One line on standard error, with the priority that a journal reads: 3 error, 4 warning, 6 information. No line repeats a
 * password, a token, a name of an account that was tried, or anything that is sealed. */
__attribute__((format(printf, 2, 3))) void server_log(int priority, const char *format, ...);

#endif
