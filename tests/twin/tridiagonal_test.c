/* tridiagonal_test.c - lines of equations against elimination with pivots in long double, and their sign. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "tests/twin/dice.h"
#include "twin/body/tridiagonal.h"

enum { ROWS = TRIDIAGONAL_ROWS_MAX };

/* Gauss with the largest pivot, on the whole square: slow, and nothing like the code it judges. */
static void gauss(int rows, long double matrix[ROWS][ROWS + 1], long double *x)
{
    for (int k = 0; k < rows; k++) {
        int best = k;
        for (int i = k + 1; i < rows; i++) {
            best = fabsl(matrix[i][k]) > fabsl(matrix[best][k]) ? i : best;
        }
        for (int j = 0; j <= rows; j++) {
            long double swap = matrix[k][j];
            matrix[k][j] = matrix[best][j];
            matrix[best][j] = swap;
        }
        for (int i = k + 1; i < rows; i++) {
            long double factor = matrix[i][k] / matrix[k][k];
            for (int j = k; j <= rows && factor != 0.0L; j++) {
                matrix[i][j] -= factor * matrix[k][j];
            }
        }
    }
    for (int i = rows - 1; i >= 0; i--) {
        x[i] = matrix[i][rows];
        for (int j = i + 1; j < rows; j++) {
            x[i] -= matrix[i][j] * x[j];
        }
        x[i] /= matrix[i][i];
    }
}

static void solves(void **state)
{
    (void)state;
    static long double matrix[ROWS][ROWS + 1];
    struct dice dice = { 5 };
    for (int trial = 0; trial < 120; trial++) {
        int rows = 3 + 2 * (int)dice_between(&dice, 0, (ROWS - 3) / 2);
        double before[ROWS], kept[ROWS], after[ROWS], right[ROWS], x[ROWS];
        long double expected[ROWS];
        struct tridiagonal t;
        for (int i = 0; i < rows; i++) {
            before[i] = pow(10.0, 6.0 * dice_share(&dice) - 3.0);
            after[i] = pow(10.0, 6.0 * dice_share(&dice) - 3.0);
            right[i] = dice_between(&dice, 0, 9) == 0 ? dice_share(&dice) : 0.0;
        }
        memset(matrix, 0, sizeof matrix);
        for (int i = 0; i < rows; i++) {
            kept[i] = pow(10.0, 4.0 * dice_share(&dice) - 3.0);
            matrix[i][i] = (long double)kept[i] + (i > 0 ? (long double)after[i - 1] : 0.0L) +
                           (i + 1 < rows ? (long double)before[i + 1] : 0.0L);
            if (i > 0) {
                matrix[i][i - 1] = -(long double)before[i];
            }
            if (i + 1 < rows) {
                matrix[i][i + 1] = -(long double)after[i];
            }
            matrix[i][rows] = (long double)right[i];
        }
        tridiagonal_factor(&t, rows, before, kept, after);
        tridiagonal_solve(&t, right, x);
        gauss(rows, matrix, expected);
        long double most = 0.0L;
        for (int i = 0; i < rows; i++) {
            most = fmaxl(most, fabsl(expected[i]));
        }
        for (int i = 0; i < rows; i++) {
            assert_true(x[i] >= 0.0);
            assert_true(fabsl((long double)x[i] - expected[i]) <= 1e-11L * most);
        }
        tridiagonal_solve(&t, right, right);
        assert_memory_equal(right, x, (size_t)rows * sizeof x[0]);
    }
}

/* However much the rows exchange, what they keep is what came in: the columns add up to kept. */
static void nothing_is_lost(void **state)
{
    (void)state;
    struct dice dice = { 6 };
    double worst = 0.0;
    for (int trial = 0; trial < 20000; trial++) {
        int rows = 3 + 2 * (int)dice_between(&dice, 0, (ROWS - 3) / 2);
        double before[ROWS], kept[ROWS], after[ROWS], right[ROWS], x[ROWS], came = 0.0, stays = 0.0;
        struct tridiagonal t;
        for (int i = 0; i < rows; i++) {
            before[i] = dice_between(&dice, 0, 9) == 0 ? 0.0 : pow(10.0, 20.0 * dice_share(&dice) - 10.0);
            after[i] = dice_between(&dice, 0, 9) == 0 ? 0.0 : pow(10.0, 20.0 * dice_share(&dice) - 10.0);
            kept[i] = pow(10.0, 12.0 * dice_share(&dice) - 12.0);
            right[i] = dice_between(&dice, 0, 3) == 0 ? dice_share(&dice) : 0.0;
            came += right[i];
        }
        tridiagonal_factor(&t, rows, before, kept, after);
        tridiagonal_solve(&t, right, x);
        for (int i = 0; i < rows; i++) {
            assert_true(x[i] >= 0.0);
            stays += kept[i] * x[i];
        }
        worst = came > 0.0 ? fmax(worst, fabs(stays / came - 1.0)) : worst;
    }
    print_message("columns: off by %.1e at worst\n", worst);
    assert_true(worst < 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(solves), cmocka_unit_test(nothing_is_lost) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
