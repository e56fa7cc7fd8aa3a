/* near.h - comparing doubles: this cmocka compares floats only. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_TWIN_NEAR_H
#define TESTS_TWIN_NEAR_H

#include <stdbool.h>
#include <stdio.h>

/* Whether two numbers lie no further apart than this; says so when not. */
static inline bool near(double is, double should_be, double within)
{
    double gap = is < should_be ? should_be - is : is - should_be;
    if (gap <= within) {
        return true;
    }
    (void)fprintf(stderr, "%.17g should be %.17g within %g\n", is, should_be, within);
    return false;
}

#define assert_near(is, should_be, within) assert_true(near((is), (should_be), (within)))

#endif
