/* spectrum.h - the eigenvalues and eigenvectors of a small symmetric matrix. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_SPECTRUM_H
#define APP_SPINE_SPECTRUM_H

enum { SPECTRUM_MAX = 8 };

struct spectrum {
    int size;
    double matrix[SPECTRUM_MAX][SPECTRUM_MAX]; /* used up */
    double value[SPECTRUM_MAX];                /* rising */
    double vector[SPECTRUM_MAX][SPECTRUM_MAX]; /* column k belongs to value k; of length 1 */
};

/* By rotations (Jacobi 1846), which find small eigenvalues of such matrices to high relative accuracy. */
void spectrum_find(struct spectrum *spectrum);

#endif
