/* tridiagonal.h - solves lines of equations in which each row knows its two neighbours (Thomas), from both ends
 * towards the middle at once, so that two chains of operations run side by side. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_TRIDIAGONAL_H
#define TWIN_BODY_TRIDIAGONAL_H

#include "twin/body/canal.h"

enum { TRIDIAGONAL_ROWS_MAX = CANAL_CELLS_MAX + 1 };

/* Row i: -before[i] x[i-1] + own x[i] - after[i] x[i+1] = right[i], where own is what row i keeps, and what its
 * neighbours have of it: kept[i] + before[i+1] + after[i-1]. That is how cells that pass something on stand: what
 * leaves one arrives in another. */
struct tridiagonal {
    int rows;
    double pivot[TRIDIAGONAL_ROWS_MAX]; /* one over what is left of own */
    double outer
        [TRIDIAGONAL_ROWS_MAX]; /* share of the neighbour farther from the middle; in the middle, of the one before */
    double inner[TRIDIAGONAL_ROWS_MAX]; /* share of the neighbour nearer to it; in the middle, of the one behind */
};

/* `rows` is odd, 3 to TRIDIAGONAL_ROWS_MAX; before and after are not negative and kept is positive. before[0] and
 * after[rows-1] are not read. Nothing is subtracted on the way (Grassmann, Taksar and Heyman 1985), so that every
 * number is right to a few roundings however much the cells exchange, and a right side that is nowhere negative
 * gives a solution that is nowhere negative. */
void tridiagonal_factor(struct tridiagonal *t, int rows, const double *before, const double *kept, const double *after);
/* x may be the same array as right. */
void tridiagonal_solve(const struct tridiagonal *t, const double *right, double *x);

#endif
