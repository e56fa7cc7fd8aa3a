/* canal_test.c - the canal holds what its sources say, level by level, at any number of cells. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "twin/body/canal.h"

static double sum(const double *value, int first, int last)
{
    double all = 0.0;
    for (int i = first; i <= last; i++) {
        all += value[i];
    }
    return all;
}

/* Sass 2017: 97.3 mL of fluid, 19.9 mL of cord, 5.8 mL of roots, with surfaces of 112.2 and 232.1 cm2; Sincomb 2022:
 * 60 cm; Prats-Galino 2012: 34.3 mL in T12 to S1. */
static void holds_what_was_published(void **state)
{
    (void)state;
    struct canal canal;
    for (int cells = CANAL_CELLS_MIN; cells <= CANAL_CELLS_MAX; cells += 2) {
        assert_true(canal_init(&canal, cells, (cells % 8) * 0.07 - 0.01));
        assert_true(fabs(canal.length_m - 0.60) < 1e-12);
        assert_true(fabs(canal_csf(&canal) - 97.3e-6) < 1e-15);
        assert_true(fabs(sum(canal.tissue_m3, 1, cells) - 25.7e-6) < 1e-15);
        assert_true(fabs(canal_surface(&canal) - 344.3e-4) < 1e-12);
        for (int node = 1; node <= cells; node++) {
            assert_true(canal.surface_m2[node] > 0.0);
            assert_true(canal.csf_m3[node] > 0.0 && canal.tissue_m3[node] > 0.0 && canal.face_m2[node - 1] > 0.0);
        }
    }
}

/* 120 cells of 5 mm: T12 ends at 352 mm, S1 at 566 mm, L5 lies from 496 to 532 mm; ends of cells lie at 350 and 355,
 * 565 and 570. */
static void pins_the_lumbar_levels(void **state)
{
    (void)state;
    struct canal canal;
    assert_true(canal_init(&canal, 120, -1.0));
    double begins_m = level_middle(LEVEL_T12) - 0.010, ends_m = level_middle(LEVEL_S1) + 0.017;
    assert_true(fabs(begins_m - 0.332) < 1e-12);
    assert_true(fabs(ends_m - 0.566) < 1e-12);
    double csf_m3 = 0.0;
    for (int node = 1; node <= 120; node++) {
        double from_m = fmax((node - 1) * 0.005, begins_m), to_m = fmin(node * 0.005, ends_m);
        csf_m3 += to_m > from_m ? canal.csf_m3[node] * (to_m - from_m) / 0.005 : 0.0;
    }
    assert_true(fabs(csf_m3 - 34.3e-6) < 0.02e-6); /* within a cell the volume is taken as even */
}

/* 100 cells are 6 mm long: L1, where the cord ends, ends at 388 mm, within the 65th. */
static void the_cord_s_surface_lies_above_l2(void **state)
{
    (void)state;
    struct canal canal;
    assert_true(canal_init(&canal, 100, -1.0));
    double above_m2 = sum(canal.surface_m2, 1, 64);
    assert_true(above_m2 < 112.2e-4 && above_m2 + canal.surface_m2[65] > 112.2e-4);
}

/* The area at a face is the slope of the volume: the mean of its two cells but for their curvature. */
static void areas_follow_volumes(void **state)
{
    (void)state;
    struct canal canal;
    assert_true(canal_init(&canal, 120, -1.0));
    for (int face = 1; face < 120; face++) {
        double mean_m2 = 0.5 * (canal.csf_m3[face] + canal.csf_m3[face + 1]) / 0.005;
        assert_true(fabs(canal.face_m2[face] - mean_m2) < 0.04 * mean_m2);
    }
}

/* Cells are shortest at the dense point, and no neighbour is half as long again. */
static void cells_grow_from_the_dense_point(void **state)
{
    (void)state;
    struct canal canal;
    for (double dense_m = 0.0; dense_m <= 0.6; dense_m += 0.05) {
        assert_true(canal_init(&canal, 64, dense_m));
        for (int node = 2; node <= 64; node++) {
            double before_m = canal.end_m[node - 1] - canal.end_m[node - 2];
            double here_m = canal.end_m[node] - canal.end_m[node - 1];
            assert_true(before_m > 0.0 && here_m > 0.0 && here_m < 1.5 * before_m && before_m < 1.5 * here_m);
            assert_true(canal_middle(&canal, node) > dense_m + here_m ? here_m > before_m : true);
            assert_true(canal_middle(&canal, node) < dense_m - here_m ? here_m < before_m : true);
        }
    }
}

static void levels_are_found(void **state)
{
    (void)state;
    for (int level = 0; level < LEVELS_ALL; level++) {
        assert_int_equal(level_find(level_name(level)), level);
        assert_int_equal(level_at(level_middle((enum level)level)), level);
    }
    assert_int_equal(level_find("L6"), -1);
    assert_int_equal(level_find(""), -1);
    assert_null(level_name(-1));
    assert_null(level_name(LEVELS_ALL));
    assert_int_equal(level_at(-1.0), LEVEL_C1);
    assert_int_equal(level_at(2.0), LEVEL_S2);
    /* T2 to T12 is 20 cm: Kroin 1993. */
    assert_true(fabs(level_middle(LEVEL_T12) - level_middle(LEVEL_T2) - 0.20) < 1e-12);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct canal canal, before;
    memset(&canal, 7, sizeof canal);
    before = canal;
    assert_false(canal_init(&canal, 15, 0.3));
    assert_false(canal_init(&canal, 14, 0.3));
    assert_false(canal_init(&canal, CANAL_CELLS_MAX + 2, 0.3));
    assert_false(canal_init(&canal, 64, 0.61));
    assert_false(canal_init(&canal, 64, (double)NAN));
    assert_false(canal_uniform(&canal, 64, -1.0, 0.0, 1e-4, 0.0));
    assert_false(canal_uniform(&canal, 64, -1.0, 0.6, 0.0, 0.0));
    assert_false(canal_uniform(&canal, 64, -1.0, 0.6, 1e-4, -1e-9));
    assert_false(canal_uniform(&canal, 64, -1.0, (double)NAN, 1e-4, 0.0));
    assert_memory_equal(&canal, &before, sizeof canal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_published),         cmocka_unit_test(pins_the_lumbar_levels),
        cmocka_unit_test(the_cord_s_surface_lies_above_l2), cmocka_unit_test(areas_follow_volumes),
        cmocka_unit_test(cells_grow_from_the_dense_point),  cmocka_unit_test(levels_are_found),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
