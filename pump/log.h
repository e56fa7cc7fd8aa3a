/* log.h - the pump's event log: a ring with gapless sequence numbers. REQ-STOR-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_LOG_H
#define PUMP_LOG_H

#include "core/event.h"

enum { LOG_EVENTS = 32 };

struct log {
    uint64_t last; /* sequence number of the newest event; 0 when none */
    struct event ring[LOG_EVENTS];
};

/* Appends an event; the log numbers it. */
void log_write(struct log *log, const struct event *event);
/* The event with this number; false when it is gone or not yet written. */
bool log_read(const struct log *log, uint64_t sequence, struct event *event);

#endif
