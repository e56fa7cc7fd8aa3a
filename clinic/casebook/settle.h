/* settle.h - visits whose outcome was unknown, closed by what the pump tells later. REQ-LINK-04, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_SETTLE_H
#define CLINIC_CASEBOOK_SETTLE_H

#include "clinic/casebook/casebook.h"
#include "clinic/programmer/key.h"

/* Closes visits whose outcome was unknown, in a transaction of its own, by what a later interrogation tells: the receipt of that
 * command, or its therapy in force where another one was before. A visit of several commands is applied when its last one was.
 * The `key` of this conversation (may be null) tells more of what was given with it: a key is kept before a command goes out, so
 * that one it has not counted was never sent, and it holds what became of the last one. How many are still unknown stands in
 * *left (may be null): these only the log can tell of. RECORDS_REFUSED: another pump's. */
enum records_fault casebook_settle(struct records *records, const struct casebook *casebook,
                                   const struct interrogation *seen, const struct key *key, int64_t at_ms,
                                   int64_t *left);

#endif
