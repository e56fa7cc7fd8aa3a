/* schedule_test.c - a program's volumes against sums made minute by minute from a painted week. REQ-THER-01, -03. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/program.h"
#include "tests/core/sample.h"

enum { WEEK_MINUTES = 10080, SPAN_MINUTES_MAX = 4320 };

/* The flow of each minute of the week, painted step after step; a later step covers an earlier one. */
static void week_paint(const struct program *program, int32_t rate[WEEK_MINUTES])
{
    for (int day = 0; day < WEEK_DAYS; day++) {
        const struct day_set *set = &program->day_set[program->weekday_set[day]];
        for (int minute = 0; minute < DAY_MINUTES; minute++)
            rate[day * DAY_MINUTES + minute] = program->base.nl_day;
        for (int i = 0; i < set->count; i++)
            for (int minute = set->step[i].minute; minute < DAY_MINUTES; minute++)
                rate[day * DAY_MINUTES + minute] = set->step[i].rate.nl_day;
    }
}

/* Grains from one moment of the week (ms since Monday) for a span, a minute at a time. */
static int64_t painted_volume(const int32_t rate[WEEK_MINUTES], int64_t from_ms, int64_t span_ms_count)
{
    int64_t sum = 0, at = from_ms, end = from_ms + span_ms_count;
    while (at < end) {
        int64_t minute = at / 60000, next = (minute + 1) * 60000;
        int64_t stop = next < end ? next : end;
        sum += rate[minute % WEEK_MINUTES] * (stop - at) * 5;
        at = stop;
    }
    return sum;
}

/* A Monday: 1970-01-05 is the fifth day, so weeks start four days after the epoch. */
static civil_ms monday_plus(int64_t weeks, int64_t ms)
{
    return (civil_ms){ 4 * (int64_t)DAY_MS + weeks * 7 * (int64_t)DAY_MS + ms };
}

static void base_volume_is_the_sum_of_its_minutes(void **state)
{
    (void)state;
    uint64_t seed = 21;
    static int32_t rate[WEEK_MINUTES];
    for (unsigned round = 0; round < 400; round++) {
        enum program_kind kind = round % 4 == 0 ? PROGRAM_CONTINUOUS : PROGRAM_FLEX;
        struct program program = sample_program(&seed, kind);
        week_paint(&program, rate);
        int64_t from = chance_between(&seed, 0, 7 * (int64_t)DAY_MS - 1);
        int64_t span = chance_between(&seed, 0, (round % 10 == 0 ? 60 : 9) * (int64_t)DAY_MS);
        civil_ms start = monday_plus(chance_between(&seed, 0, 5000), from);
        vol_grain volume = program_base_volume(&program, start, (span_ms){ span });
        assert_true(volume.grain == painted_volume(rate, from, span));
    }
}

static void rate_is_the_painted_minute(void **state)
{
    (void)state;
    uint64_t seed = 22;
    static int32_t rate[WEEK_MINUTES];
    for (unsigned round = 0; round < 100; round++) {
        struct program program = sample_program(&seed, PROGRAM_FLEX);
        week_paint(&program, rate);
        for (unsigned probe = 0; probe < 200; probe++) {
            int64_t from = chance_between(&seed, 0, 7 * (int64_t)DAY_MS - 1);
            span_ms unchanged;
            assert_int_equal(program_rate(&program, monday_plus(3000, from), &unchanged).nl_day, rate[from / 60000]);
            assert_true(unchanged.ms > 0 && from % DAY_MS + unchanged.ms <= DAY_MS);
            for (int64_t minute = from / 60000; minute * 60000 < from + unchanged.ms; minute++)
                assert_int_equal(rate[minute], rate[from / 60000]);
        }
    }
}

/* The most in any window that starts at a whole minute or ends at one. */
static int64_t brute_worst(const int32_t rate[WEEK_MINUTES], int64_t window_ms)
{
    static int64_t until[2 * WEEK_MINUTES + 1];
    for (int minute = 0; minute < 2 * WEEK_MINUTES; minute++)
        until[minute + 1] = until[minute] + rate[minute % WEEK_MINUTES] * INT64_C(60000) * 5;
    int64_t whole = window_ms / 60000, part = window_ms % 60000, worst = 0;
    for (int64_t start = 0; start < WEEK_MINUTES; start++) {
        int64_t inside = until[start + whole] - until[start];
        int64_t starting = inside + rate[(start + whole) % WEEK_MINUTES] * part * 5;
        int64_t ending = inside + rate[(start + WEEK_MINUTES - 1) % WEEK_MINUTES] * part * 5;
        worst = starting > worst ? starting : worst;
        worst = ending > worst ? ending : worst;
    }
    return worst;
}

static void worst_window_is_found(void **state)
{
    (void)state;
    uint64_t seed = 23;
    static int32_t rate[WEEK_MINUTES];
    for (unsigned round = 0; round < 300; round++) {
        struct program program = sample_program(&seed, PROGRAM_FLEX);
        week_paint(&program, rate);
        int64_t window = chance_between(&seed, 1, SPAN_MINUTES_MAX * INT64_C(60000));
        if (round % 3 == 0)
            window = round % 2 == 0 ? 3712500 : 89100000; /* an hour, a day, each with one bucket more */
        assert_true(program_worst_volume(&program, (span_ms){ window }).grain == brute_worst(rate, window));
    }
}

/* Periodic boluses as pulses on a line of time, summed without any division: what flows from 0 to a moment. */
static int64_t pulses_until(const struct periodic_bolus *bolus, int64_t moment_ms)
{
    int64_t sum = 0, whole = bolus->volume.nl * 432000000;
    for (int64_t start = 0; start < moment_ms; start += bolus->interval_minutes * INT64_C(60000)) {
        int64_t flowed = (moment_ms - start) * bolus->rate.nl_day * 5;
        sum += flowed < whole ? flowed : whole;
    }
    return sum;
}

static void worst_window_of_periodic_boluses_is_found(void **state)
{
    (void)state;
    uint64_t seed = 24;
    for (unsigned round = 0; round < 300; round++) {
        struct program program = { .kind = PROGRAM_PERIODIC, .base = sample_rate(&seed, 0) };
        int64_t interval = chance_between(&seed, 30, 2000);
        int64_t lasts = chance_between(&seed, 1, interval * 60000 - 1);
        program.periodic.rate = sample_rate(&seed, 48000);
        program.periodic.volume.nl = 1 + (int64_t)program.periodic.rate.nl_day * lasts / DAY_MS / 2;
        program.periodic.interval_minutes = (uint16_t)interval;
        int64_t window = chance_between(&seed, 1, SPAN_MINUTES_MAX * INT64_C(60000)), worst = 0;
        for (unsigned probe = 0; probe < 200; probe++) {
            int64_t from = probe == 0 ? 0 : chance_between(&seed, 0, interval * 60000);
            int64_t inside = pulses_until(&program.periodic, from + window) - pulses_until(&program.periodic, from);
            worst = inside > worst ? inside : worst;
        }
        worst += program.base.nl_day * window * 5;
        assert_true(program_worst_volume(&program, (span_ms){ window }).grain == worst);
    }
}

static void largest_values_do_not_overflow(void **state)
{
    (void)state;
    struct program program = { .kind = PROGRAM_PERIODIC, .base = { RATE_NL_DAY_MAX } };
    program.periodic = (struct periodic_bolus){ { VOL_NL_MAX }, { RATE_NL_DAY_MAX }, INTERVAL_MINUTES_MIN, 0 };
    assert_true(program_worst_volume(&program, (span_ms){ 3 * (int64_t)DAY_MS }).grain > 0);
    program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { RATE_NL_DAY_MAX } };
    assert_true(program_base_volume(&program, (civil_ms){ 0 }, (span_ms){ 60 * (int64_t)DAY_MS }).grain ==
                INT64_C(60) * RATE_NL_DAY_MAX * GRAIN_PER_NL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_volume_is_the_sum_of_its_minutes),
        cmocka_unit_test(rate_is_the_painted_minute),
        cmocka_unit_test(worst_window_is_found),
        cmocka_unit_test(worst_window_of_periodic_boluses_is_found),
        cmocka_unit_test(largest_values_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
