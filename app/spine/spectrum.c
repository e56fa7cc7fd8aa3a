/* spectrum.c - eigenvalues by Jacobi's rotations. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/spectrum.h"

#include <math.h>

enum { SWEEPS = 30 };

static void rotate(struct spectrum *s, int p, int q)
{
    double off = s->matrix[p][q];
    if (off == 0)
        return;
    double theta = (s->matrix[q][q] - s->matrix[p][p]) / (2 * off);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1), b = t * c;
    for (int k = 0; k < s->size; k++) {
        double one = s->matrix[k][p], other = s->matrix[k][q];
        s->matrix[k][p] = c * one - b * other;
        s->matrix[k][q] = b * one + c * other;
    }
    for (int k = 0; k < s->size; k++) {
        double one = s->matrix[p][k], other = s->matrix[q][k];
        s->matrix[p][k] = c * one - b * other;
        s->matrix[q][k] = b * one + c * other;
        one = s->vector[k][p];
        other = s->vector[k][q];
        s->vector[k][p] = c * one - b * other;
        s->vector[k][q] = b * one + c * other;
    }
}

static void order(struct spectrum *s)
{
    for (int i = 0; i < s->size; i++)
        for (int k = i + 1; k < s->size; k++) {
            if (s->value[k] >= s->value[i])
                continue;
            double value = s->value[i];
            s->value[i] = s->value[k];
            s->value[k] = value;
            for (int row = 0; row < s->size; row++) {
                double part = s->vector[row][i];
                s->vector[row][i] = s->vector[row][k];
                s->vector[row][k] = part;
            }
        }
}

void spectrum_find(struct spectrum *s)
{
    for (int i = 0; i < s->size; i++)
        for (int k = 0; k < s->size; k++)
            s->vector[i][k] = i == k;
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int p = 0; p < s->size; p++)
            for (int q = p + 1; q < s->size; q++)
                rotate(s, p, q);
    for (int i = 0; i < s->size; i++)
        s->value[i] = s->matrix[i][i];
    order(s);
}
