/* clockdiff_test.c - how far a pump's clock is from the programmer's, against a count of its own: every zone, and both ways.
 * REQ-TIME-08, HZ-29. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/clockdiff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t UTC = INT64_C(1790000000000);
static const instant_ms NOW = { 86400000 };

/* A pump whose clock is right but for `off` ms, in this zone. */
static struct calendar at(const char *zone, int64_t zone_minutes, int64_t off)
{
    struct calendar calendar = { .offset = { UTC + zone_minutes * 60000 + off - NOW.ms } };
    snprintf(calendar.zone, sizeof calendar.zone, "%s", zone);
    return calendar;
}

static void every_zone_has_the_same_difference(void **state)
{
    (void)state;
    char zone[ZONE_LABEL_BYTES];
    for (int minutes = -23 * 60 - 59; minutes < 24 * 60; minutes++) {
        int size = minutes < 0 ? -minutes : minutes;
        for (int64_t off = -100000000; off <= 100000000; off += 49999999) {
            int64_t ahead = 0;
            snprintf(zone, sizeof zone, "%c%02u:%02u", minutes < 0 ? '-' : '+', (unsigned)size / 60 % 100,
                     (unsigned)size % 60);
            struct calendar calendar = at(zone, minutes, off);
            assert_true(clockdiff(&calendar, NOW, UTC, &ahead));
            assert_int_equal(ahead, off);
        }
    }
    int64_t ahead = 0;
    struct calendar z = at("Z", 0, 5), hours = at("+02", 120, -7);
    assert_true(clockdiff(&z, NOW, UTC, &ahead) && ahead == 5);
    assert_true(clockdiff(&hours, NOW, UTC, &ahead) && ahead == -7);
}

static void what_is_no_zone_is_not_known(void **state)
{
    (void)state;
    static const char *const NONE[] = { "", "CET", "+1", "01:00", "+0100", "+24:00", "+01:60", "+01:0", "+01.00", "+-1:00" };
    for (unsigned i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        int64_t ahead = 0;
        char text[CLOCKDIFF_TEXT_BYTES];
        struct calendar calendar = at(NONE[i], 0, 0);
        assert_false(clockdiff(&calendar, NOW, UTC, &ahead));
        clockdiff_words(&calendar, NOW, UTC, text);
        assert_non_null(strstr(text, "not known"));
    }
}

static void it_is_told_in_words(void **state)
{
    (void)state;
    static const struct {
        int64_t off;
        const char *text;
    } TABLE[] = {
        { 0, "within a second of this programmer's clock" },
        { 999, "within a second of this programmer's clock" },
        { -1000, "1 s behind this programmer's clock" },
        { 125000, "2 min 5 s ahead of this programmer's clock" },
        { -3600000, "1 h behind this programmer's clock" },
        { 86400000 + 3600000 + 59000, "1 d 1 h ahead of this programmer's clock" },
    };
    for (unsigned i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        char text[CLOCKDIFF_TEXT_BYTES];
        struct calendar calendar = at("+01:00", 60, TABLE[i].off);
        clockdiff_words(&calendar, NOW, UTC, text);
        assert_string_equal(text, TABLE[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_has_the_same_difference),
        cmocka_unit_test(what_is_no_zone_is_not_known),
        cmocka_unit_test(it_is_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
