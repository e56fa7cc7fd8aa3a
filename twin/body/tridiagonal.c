/* tridiagonal.c - lines of equations, solved from both ends. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/body/tridiagonal.h"

void tridiagonal_factor(struct tridiagonal *t, int rows, const double *before, const double *kept, const double *after)
{
    int middle = rows / 2, last = rows - 1;
    double upper = kept[0], lower = kept[last]; /* what a row keeps once the rows beyond it are eliminated */
    t->rows = rows;
    for (int i = 0; i < middle; i++) {
        int k = last - i;
        if (i > 0) {
            upper = kept[i] + after[i - 1] * (upper * t->pivot[i - 1]);
            lower = kept[k] + before[k + 1] * (lower * t->pivot[k + 1]);
        }
        t->pivot[i] = 1.0 / (upper + before[i + 1]);
        t->outer[i] = i > 0 ? before[i] * t->pivot[i] : 0.0;
        t->inner[i] = after[i] * t->pivot[i];
        t->pivot[k] = 1.0 / (lower + after[k - 1]);
        t->outer[k] = i > 0 ? after[k] * t->pivot[k] : 0.0;
        t->inner[k] = before[k] * t->pivot[k];
    }
    t->pivot[middle] = 1.0 / (kept[middle] + after[middle - 1] * (upper * t->pivot[middle - 1]) +
                              before[middle + 1] * (lower * t->pivot[middle + 1]));
    t->outer[middle] = before[middle] * t->pivot[middle];
    t->inner[middle] = after[middle] * t->pivot[middle];
}

void tridiagonal_solve(const struct tridiagonal *t, const double *right, double *x)
{
    int middle = t->rows / 2, last = t->rows - 1;
    double upper = right[0] * t->pivot[0], lower = right[last] * t->pivot[last];
    x[0] = upper;
    x[last] = lower;
    for (int i = 1; i < middle; i++) {
        int k = last - i;
        upper = right[i] * t->pivot[i] + t->outer[i] * upper;
        lower = right[k] * t->pivot[k] + t->outer[k] * lower;
        x[i] = upper;
        x[k] = lower;
    }
    upper = lower = right[middle] * t->pivot[middle] + t->outer[middle] * upper + t->inner[middle] * lower;
    x[middle] = upper;
    for (int i = middle - 1; i >= 0; i--) {
        int k = last - i;
        upper = x[i] + t->inner[i] * upper;
        lower = x[k] + t->inner[k] * lower;
        x[i] = upper;
        x[k] = lower;
    }
}
