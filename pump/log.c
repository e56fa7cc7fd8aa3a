// SPDX-License-Identifier: Apache-2.0
#include "pump/log.h"

void log_write(struct log *log, const struct event *event)
{
    struct event *slot = &log->ring[(log->last + 1) % LOG_EVENTS];
    *slot = *event;
    slot->sequence = ++log->last;
}

bool log_read(const struct log *log, uint64_t sequence, struct event *event)
{
    if (sequence == 0 || sequence > log->last || log->last - sequence >= LOG_EVENTS) {
        return false;
    }
    *event = log->ring[sequence % LOG_EVENTS];
    return true;
}
