/* crowd.c - what numbers of many people come to. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/crowd.h"

#include <math.h>
#include <stdlib.h>

enum { CORRELATED_LEAST = 3 };

static int number_order(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

void crowd_sort(double *value, size_t count)
{
    qsort(value, count, sizeof value[0], number_order);
}

double crowd_share(const double *sorted, size_t count, double share)
{
    size_t place = (size_t)(share * (double)count);
    return sorted[place < count ? place : count - 1];
}

double crowd_mean(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += value[i];
    return sum / (double)count;
}

double crowd_range(const double *value, size_t count, size_t group)
{
    size_t groups = count / group;
    double *range = groups > 0 ? calloc(groups, sizeof range[0]) : NULL;
    if (range == NULL)
        return (double)NAN;
    for (size_t i = 0; i < groups; i++) {
        double least = value[i * group], most = least;
        for (size_t k = i * group; k < (i + 1) * group; k++) {
            least = fmin(least, value[k]);
            most = fmax(most, value[k]);
        }
        range[i] = most / least;
    }
    crowd_sort(range, groups);
    double middle = 0.5 * (range[(groups - 1) / 2] + range[groups / 2]);
    free(range);
    return middle;
}

double crowd_correlation(const double *x, const double *y, size_t count)
{
    if (count < CORRELATED_LEAST)
        return (double)NAN;
    double middle_x = crowd_mean(x, count), middle_y = crowd_mean(y, count), xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        xx += (x[i] - middle_x) * (x[i] - middle_x);
        yy += (y[i] - middle_y) * (y[i] - middle_y);
        xy += (x[i] - middle_x) * (y[i] - middle_y);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}
