/* columns_test.c - columns for a map: bounded, evenly apart, over the whole time, each of its own moment. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void add(struct columns *columns, int64_t ms)
{
    static struct body_view view;
    view.at.ms = ms;
    view.drugs = 2;
    view.drug[0] = (struct body_drug){ .drug = 7, .known = false };
    view.drug[1] = (struct body_drug){ .drug = 1, .known = true };
    view.drug[1].csf[LEVELS_ALL - 1] = (double)(ms / BODY_ROW_MS);
    columns_add(columns, &view);
}

static void a_year_has_its_place(void **state)
{
    (void)state;
    static struct columns columns;
    columns = columns_none();
    const int64_t year_ms = INT64_C(365) * DAY_MS;
    assert_int_equal(columns_next(&columns).ms, 0);
    for (int64_t ms = 0; ms <= year_ms; ms += BODY_ROW_MS / 2)
        add(&columns, ms);
    assert_in_range(columns.count, COLUMNS_MAX / 2, COLUMNS_MAX);
    for (unsigned i = 0; i < columns.count; i++) {
        const struct column *column = &columns.column[i];
        assert_int_equal(column->drugs, 1);
        assert_int_equal(column->drug[0], 1);
        assert_int_equal((int64_t)column->csf_kg_m3[0][LEVELS_ALL - 1], column->at.ms / BODY_ROW_MS);
        if (i > 0)
            assert_int_equal(column->at.ms - columns.column[i - 1].at.ms, columns.every_ms);
    }
    assert_true(columns.column[0].at.ms <= 2 * columns.every_ms);
    assert_true(year_ms - columns.column[columns.count - 1].at.ms < columns.every_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_year_has_its_place) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
