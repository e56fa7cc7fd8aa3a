/* settle.h - visits whose outcome was unknown, closed by what the pump tells later. REQ-LINK-04, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_SETTLE_H
#define CLINIC_CASEBOOK_SETTLE_H

#include "clinic/casebook/casebook.h"

/* Closes visits whose outcome was unknown, in a transaction of its own, by what a later interrogation tells: a receipt of that
 * command, or its therapy in force. How many are still unknown stands in *left (may be null): these only the log can tell of. */
enum records_fault casebook_settle(struct records *records, const struct casebook *casebook,
                                   const struct interrogation *seen, int64_t at_ms, int64_t *left);

#endif
