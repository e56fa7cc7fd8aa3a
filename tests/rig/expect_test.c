/* expect_test.c - amounts are compared digit by digit, whatever their length. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/summary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void orders(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        { "0 mL", "0.000000 mL", 0 },
        { "-0.0 mL", "0 mL", 0 },
        { "1 mL", "1.000000000001 mL", -1 },
        { "10 mL", "9.9 mL", 1 },
        { "007 mL", "7 mL", 0 },
        { "-2 mL", "-1 mL", -1 },
        { "-1 mL", "1 mL", -1 },
        { "0.10 mL", "0.1 mL", 0 },
        { "0.09 mL", "0.1 mL", -1 },
        { "5", "12", -1 },
        { "5 mL", "5 mg", 2 },
        { "5", "5 mL", 2 },
        { "running", "running", 2 },
        { "", "0", 2 },
        { "123456789012345678901.5 mL", "123456789012345678901.4 mL", 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(summary_compare(rows[i].a, rows[i].b), rows[i].order);
        if (rows[i].order != 2)
            assert_int_equal(summary_compare(rows[i].b, rows[i].a), -rows[i].order);
    }
}

/* Every pair of small decimals, against the integers they are made of. */
static void agrees_with_integers(void **state)
{
    (void)state;
    for (int a = -120; a <= 120; a += 7)
        for (int b = -120; b <= 120; b++) {
            char text[2][AMOUNT_TEXT_BYTES];
            amount_write(text[0], a, 2, 2, "mL");
            amount_write(text[1], b, 2, 0, "mL");
            assert_int_equal(summary_compare(text[0], text[1]), (a > b) - (a < b));
        }
}

static void paths(void **state)
{
    (void)state;
    char room[32];
    json_t *summary = json_pack("{s:{s:s,s:{s:i}}}", "totals", "metered", "1 mL", "inner", "count", 3);
    assert_string_equal(summary_text(summary, "totals.metered", room), "1 mL");
    assert_string_equal(summary_text(summary, "totals.inner.count", room), "3");
    assert_string_equal(summary_text(summary, "totals.nothing", room), "");
    assert_string_equal(summary_text(summary, "totals", room), "");
    json_decref(summary);
}

static void expectations(void **state)
{
    (void)state;
    json_t *summary = json_pack("{s:s,s:s}", "a", "1.5 mL", "mode", "running");
    struct expectation list[] = {
        { "a", EXPECT_EQUALS, "1.50 mL", 1 },      { "a", EXPECT_AT_LEAST, "1.5 mL", 2 },
        { "a", EXPECT_AT_MOST, "1.5 mL", 3 },      { "mode", EXPECT_EQUALS, "running", 4 },
        { "a", EXPECT_EQUALS, "1.4 mL", 5 },       { "a", EXPECT_AT_LEAST, "1.6 mL", 6 },
        { "a", EXPECT_AT_MOST, "1.4 mL", 7 },      { "a", EXPECT_AT_LEAST, "1 mg", 8 },
        { "mode", EXPECT_AT_LEAST, "running", 9 }, { "none", EXPECT_AT_MOST, "1 mL", 10 },
    };
    struct scenario scenario = { .expectation = list, .expectations = 4 };
    FILE *sink = tmpfile();
    assert_non_null(sink);
    assert_int_equal(summary_unmet(summary, &scenario, "f", sink), 0);
    scenario.expectations = sizeof list / sizeof list[0];
    assert_int_equal(summary_unmet(summary, &scenario, "f", sink), 6);
    fclose(sink);
    json_decref(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(orders), cmocka_unit_test(agrees_with_integers),
                                        cmocka_unit_test(paths), cmocka_unit_test(expectations) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
