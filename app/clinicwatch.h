/* clinicwatch.h - asks one pump in turns, with a reader's key, and publishes what it tells. Reading changes nothing at the pump
 * (REQ-LINK-08) but costs it energy: each turn is a session. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CLINICWATCH_H
#define APP_CLINICWATCH_H

#include "app/clinic.h"
#include "clinic/server/feed.h"

struct clinicwatch;

/* Begins a thread that asks every `ask->every_ms`. Null with a message when it cannot begin. */
struct clinicwatch *clinicwatch_start(const struct clinic_ask *ask, struct feed *feed);
void clinicwatch_stop(struct clinicwatch *watch);

#endif
