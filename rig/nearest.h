/* nearest.h - the nearest integer to a double (halves away from zero): the only way a double becomes text, so that every build
 * writes the same digits. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_NEAREST_H
#define RIG_NEAREST_H

#include <stdint.h>

static inline int64_t nearest(double value)
{
    return (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
}

#endif
