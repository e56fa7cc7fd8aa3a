/* crowd.h - what numbers of many people come to: median, mean, range, correlation. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_CROWD_H
#define APP_SPINE_CROWD_H

#include <stddef.h>

/* All sort nothing but what crowd_sort() does, and want at least one value; none is NaN. */
void crowd_sort(double *value, size_t count);
/* The value below which this share lies, of sorted ones: the nearest rank. */
double crowd_share(const double *sorted, size_t count, double share);
double crowd_mean(const double *value, size_t count);
/* The largest over the smallest of `group` people, as they come: the median over the groups that are full; NaN when none is.
 * Values are positive. `group` is at most 1000. */
double crowd_range(const double *value, size_t count, size_t group);
/* Pearson's coefficient; 0 when one of both does not vary; NaN of fewer than three people, of whom two always lie on a line. */
double crowd_correlation(const double *x, const double *y, size_t count);

#endif
