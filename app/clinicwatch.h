/* clinicwatch.h - asks pumps in turns, with readers' keys, publishes what they tell, and keeps what they have logged. Reading
 * changes nothing at a pump (REQ-LINK-08) but costs it energy. REQ-ALRM-14, HZ-33, HZ-38. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CLINICWATCH_H
#define APP_CLINICWATCH_H

#include "app/clinicbook.h"
#include "clinic/server/door.h"
#include "clinic/server/feed.h"

struct clinicwatch;

/* Begins a thread that asks every pump the door has a reader's key for, once in `every_ms`, and adds what its log tells to the
 * records where there is a book (else null). Null with a message when it cannot begin. */
struct clinicwatch *clinicwatch_start(int64_t every_ms, const struct door *door, struct feed *feed,
                                      struct clinicbook *book);
void clinicwatch_stop(struct clinicwatch *watch);

#endif
