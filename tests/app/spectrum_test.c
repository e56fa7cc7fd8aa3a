/* spectrum_test.c - eigenvalues that are known, and what eigenvectors must do for any matrix. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/spectrum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* The order is cmocka's wish. */
#include <cmocka.h>
#include <math.h>

#include "tests/twin/dice.h"

/* The second difference of eight points: 2 - 2 cos(k pi / 9). */
static void known_values_are_found(void **state)
{
    struct spectrum spectrum = { .size = SPECTRUM_MAX };
    (void)state;
    for (int i = 0; i < SPECTRUM_MAX; i++)
        for (int k = 0; k < SPECTRUM_MAX; k++)
            spectrum.matrix[i][k] = i == k ? 2 : i - k == 1 || k - i == 1 ? -1 : 0;
    spectrum_find(&spectrum);
    for (int k = 0; k < SPECTRUM_MAX; k++)
        assert_true(fabs(spectrum.value[k] - (2 - 2 * cos((k + 1) * acos(-1) / 9))) < 1e-13);
}

/* Products of random matrices: A v = value v, vectors are at right angles, values rise; a line copied makes one of nothing. */
static void random_matrices_are_taken_apart(void **state)
{
    struct dice dice = { 5 };
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct spectrum spectrum = { .size = 1 + round % SPECTRUM_MAX };
        double row[SPECTRUM_MAX][12], matrix[SPECTRUM_MAX][SPECTRUM_MAX];
        int size = spectrum.size;
        for (int i = 0; i < size; i++)
            for (int k = 0; k < 12; k++)
                row[i][k] = size > 2 && i == 1 && round % 3 == 0 ? row[0][k] : dice_share(&dice) - 0.5;
        for (int i = 0; i < size; i++)
            for (int k = 0; k < size; k++) {
                matrix[i][k] = 0;
                for (int n = 0; n < 12; n++)
                    matrix[i][k] += row[i][n] * row[k][n];
                spectrum.matrix[i][k] = matrix[i][k];
            }
        spectrum_find(&spectrum);
        for (int k = 0; k < size; k++) {
            assert_true(k == 0 || spectrum.value[k] >= spectrum.value[k - 1]);
            for (int i = 0; i < size; i++) {
                double product = 0, angle = 0;
                for (int n = 0; n < size; n++) {
                    product += matrix[i][n] * spectrum.vector[n][k];
                    angle += spectrum.vector[n][i] * spectrum.vector[n][k];
                }
                assert_true(fabs(product - spectrum.value[k] * spectrum.vector[i][k]) < 1e-13);
                assert_true(fabs(angle - (i == k ? 1 : 0)) < 1e-13);
            }
        }
        if (size > 2 && round % 3 == 0)
            assert_true(fabs(spectrum.value[0]) < 1e-14);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(known_values_are_found),
                                        cmocka_unit_test(random_matrices_are_taken_apart) };
    return cmocka_run_group_tests_name("spectrum", tests, NULL, NULL);
}
