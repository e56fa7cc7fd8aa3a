/* event.h - one entry of the pump's log. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/catalog.h"
#include "core/quantity.h"

enum actor { ACTOR_PUMP = 0, ACTOR_CLINICIAN = 1, ACTOR_PATIENT = 2, ACTOR_READER = 3, ACTOR_SERVICE = 4 };

struct event {
    uint64_t sequence; /* from 1, no gaps */
    instant_ms at;     /* monotonic */
    uint32_t epoch;    /* counts the times the monotonic clock was lost */
    uint16_t code;     /* enum event_code */
    uint8_t actor;     /* enum actor */
    int64_t field[4];
};

#endif
