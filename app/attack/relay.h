/* relay.h - somebody between programmers and the pump: sockets of its own that programmers take for the pump's, every frame
 * passed on, written down, or lost. It can neither read nor make what is sealed. HZ-17, HZ-28, REQ-LINK-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_RELAY_H
#define APP_ATTACK_RELAY_H

#include "app/attack/radio.h"
#include "app/attack/report.h"

/* Until time is up, a signal comes, or with --once the last programmer has gone. An exit code; the report says what was lost. */
int relay_run(const struct ask *ask, struct attack *attack, struct attack_radio *radio, struct report *report);

#endif
