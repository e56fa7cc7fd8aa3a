/* poisson.h - is a count what chance allows around its mean? Sums of Poisson's own terms, not a normal approximation. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_TWIN_POISSON_H
#define TESTS_TWIN_POISSON_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* The chance of `count` or fewer. */
static inline double poisson_below(unsigned count, double mean)
{
    double sum = 0.0;
    for (unsigned i = 0; i <= count; i++) {
        sum += exp(i * log(mean) - mean - lgamma(i + 1.0));
    }
    return sum;
}

/* Whether a count so far to this side of its mean happens more often than once in a thousand; says what it found. */
static inline bool poisson_allows(const char *what, unsigned count, double mean)
{
    double below = poisson_below(count, mean), above = count > 0 ? 1.0 - poisson_below(count - 1, mean) : 1.0;
    (void)printf("%-16s %6u, expected %9.2f (below %.3f, above %.3f)\n", what, count, mean, below, above);
    return below > 0.001 && above > 0.001;
}

#endif
