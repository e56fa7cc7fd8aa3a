/* statusday_test.c - by when the volume is used up, or since when it is, whenever it is asked for. REQ-RSVR-07. */
// SPDX-License-Identifier: Apache-2.0
#include "app/statusday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/told.h"

enum { LOW_NL = 2000000, BASE_NL_DAY = 500000, ROUNDS = 400 };

static struct visit visit;
static struct picture picture;

static void begin(void)
{
    struct therapy *therapy = &picture.therapy;
    memset(&visit, 0, sizeof visit);
    memset(&picture, 0, sizeof picture);
    visit.calendar = (struct calendar){ .offset = { 20000 * (int64_t)DAY_MS }, .zone = "+00" };
    picture.has_therapy = true;
    picture.energy.replace_ms = INSTANT_NEVER.ms;
    therapy->model = MODEL_C20;
    therapy->revision = 1;
    memcpy(therapy->region, "US", 3);
    therapy->reservoir_low.nl = LOW_NL;
    therapy->program.base.nl_day = BASE_NL_DAY;
    therapy->mixture = (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
}

static void told(int64_t now_ms, int64_t left_nl, bool reached, int64_t by_ms)
{
    char text[AMOUNT_TEXT_BYTES];
    visit.status.now_ms = now_ms;
    visit.status.reservoir_nl = left_nl;
    json_t *object = json_object();
    statusday_add(object, &visit, &picture);
    const json_t *refill = json_object_get(object, "refill"), *by = json_object_get(refill, "volume_by");
    assert_int_equal(json_is_true(json_object_get(refill, "volume_reached")), reached);
    told_instant(&visit, by_ms, text, sizeof text);
    if (by_ms == INSTANT_NEVER.ms)
        assert_true(json_is_null(by));
    else
        assert_string_equal(json_string_value(by), text);
    json_decref(object);
}

static void alarm_stands(unsigned position, int64_t since_ms)
{
    picture.alarm[picture.alarms].alarm = alarm_row(position)->code;
    picture.alarm[picture.alarms++].since_ms = since_ms;
}

/* The same moment is told whenever it is asked, and whatever flowed since. */
static void a_reservoir_that_is_used_up_has_no_date_that_moves(void **state)
{
    (void)state;
    for (int64_t i = 0; i < ROUNDS; i++) {
        int64_t now_ms = 40 * (int64_t)DAY_MS + i * 7654321, left_nl = LOW_NL - i * 4999;
        begin();
        told(now_ms, left_nl, true, INSTANT_NEVER.ms);
        alarm_stands(ALARM_AT_MOTOR_STALL, 5);
        told(now_ms, left_nl, true, INSTANT_NEVER.ms);
        alarm_stands(ALARM_AT_RESERVOIR_EMPTY, 39 * (int64_t)DAY_MS);
        told(now_ms, left_nl, true, 39 * (int64_t)DAY_MS);
        alarm_stands(ALARM_AT_RESERVOIR_LOW, 36 * (int64_t)DAY_MS);
        told(now_ms, left_nl, true, 36 * (int64_t)DAY_MS);
    }
}

/* By hand: what is above the reserve, at the flow of the program. */
static void a_reservoir_that_is_not_has_one_ahead(void **state)
{
    (void)state;
    begin();
    for (int64_t days = 1; days < 30; days++)
        told(days * 12345678, LOW_NL + days * BASE_NL_DAY, false, days * 12345678 + days * (int64_t)DAY_MS);
    picture.therapy.program.base.nl_day = 0;
    told(DAY_MS, LOW_NL + 1, false, INSTANT_NEVER.ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reservoir_that_is_used_up_has_no_date_that_moves),
        cmocka_unit_test(a_reservoir_that_is_not_has_one_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
