/* bolustime.h - from when on the patient may ask for a bolus, as far as that can be known: what the pump tells counts lockout,
 * number and end of the permission, and not a bolus, prime or bridge under way. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_BOLUSTIME_H
#define APP_BOLUSTIME_H

#include "core/therapy.h"
#include "link/cisterna.pb.h"

struct bolustime {
    instant_ms from; /* INSTANT_NEVER: not known, or never */
    const char *why; /* what it waits for, in words; "" when for nothing but the time */
};

/* `therapy` null: not told; then the end of a course is not known. */
struct bolustime bolustime_of(const cisterna_Status *status, const struct therapy *therapy);

#endif
