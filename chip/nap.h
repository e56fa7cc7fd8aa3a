/* nap.h - how long the core may sleep, whatever the pump asks for. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_NAP_H
#define CHIP_NAP_H

#include "pump/supervisor.h"

/* The instant of the next wake, in ticks: as wished, but within the hour. A sound pump never wishes for more
 * (LOOK_EVERY_MS); one whose
 * idea of the time was struck while it reckoned would sleep for good, and nobody would hear of it. `now` is the one that the
 * last wake brought, which the pump has not touched. */
static inline int64_t nap_until(instant_ms now, instant_ms wish)
{
    return wish.ms <= now.ms + LOOK_EVERY_MS ? wish.ms : now.ms + LOOK_EVERY_MS;
}

#endif
