/* lifetime_test.c - no counter of time or volume, and none that numbers what is kept, wraps within the longest service life: each
 * one's width as its struct declares it, against its fastest rate. REQ-TIME-05.
 *
 * An analysis: rates are the fastest that the mechanism, the clock or a person can bring about, for thirty years without a
 * break (guess: published implants last six). A 32-bit count of milliseconds, which wraps in 49.7 days, fails it. */
// SPDX-License-Identifier: Apache-2.0
#include "pump/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/model.h"
#include "pump/pump.h"

enum { SERVICE_DAYS = 30 * 366, DAY_SECONDS = 86400 };

/* The largest value of a member, by the type it has. */
#define MOST(member)                                                                                                          \
    _Generic((member), int64_t: (uint64_t)INT64_MAX, uint64_t: UINT64_MAX, int32_t: (uint64_t)INT32_MAX,                    \
             uint32_t: (uint64_t)UINT32_MAX, int16_t: (uint64_t)INT16_MAX, uint16_t: (uint64_t)UINT16_MAX,                  \
             uint8_t: (uint64_t)UINT8_MAX)

/* What passes in a day at most, and why. Clock: every millisecond, and civil time is counted from 1970 to 2199. */
enum rate {
    RATE_CLOCK,
    RATE_CIVIL,
    RATE_QUANTUM,
    RATE_FEMTOLITRE,
    RATE_NANOLITRE,
    RATE_DROP,
    RATE_SECOND,
    RATE_DAY,
    RATE_CHARGE,
    RATES
};

/* COUNTER(struct, member, rate) */
#define COUNTERS(X)                                                                                                           \
    X(struct ledger, commanded, QUANTUM)                                                                                     \
    X(struct ledger, commanded_course, QUANTUM)                                                                              \
    X(struct ledger, metered, QUANTUM)                                                                                       \
    X(struct ledger, accrued_ms, CLOCK)                                                                                      \
    X(struct ledger_note, at_ms, CLOCK)                                                                                      \
    X(struct ledger_note, commanded, QUANTUM)                                                                                \
    X(struct ledger_note, metered, QUANTUM)                                                                                  \
    X(struct pump_status, commanded_quanta, QUANTUM)                                                                         \
    X(struct pump_status, metered_quanta, QUANTUM)                                                                           \
    X(struct pump_status, commanded.fl, FEMTOLITRE)                                                                          \
    X(struct pump_status, metered.fl, FEMTOLITRE)                                                                            \
    X(struct pump_status, remaining.fl, FEMTOLITRE)                                                                          \
    X(struct pump_status, tip_after.nl, NANOLITRE)                                                                           \
    X(struct pump_status, calendar.offset.ms, CIVIL)                                                                         \
    X(struct standing, clock_base_ms, CLOCK)                                                                                 \
    X(struct standing, activated_ms, CLOCK)                                                                                  \
    X(struct standing, periodic_next_ms, CLOCK)                                                                              \
    X(struct standing, flow_since_ms, CLOCK)                                                                                 \
    X(struct standing, missed_ms, CLOCK)                                                                                     \
    X(struct standing, interrupted_ms, CLOCK)                                                                                \
    X(struct standing, stopped_since_ms, CLOCK)                                                                              \
    X(struct standing, silent_until_ms, CLOCK)                                                                               \
    X(struct standing, alarm_ms[0], CLOCK)                                                                                   \
    X(struct standing, budget_lower_ms[0], CLOCK)                                                                            \
    X(struct standing, resets.at_ms[0], CLOCK)                                                                               \
    X(struct standing, field.since_ms, CLOCK)                                                                                \
    X(struct standing, field.missed, QUANTUM)                                                                                \
    X(struct standing, grant[0].at_ms, CLOCK)                                                                                \
    X(struct standing, course_commanded, QUANTUM)                                                                            \
    X(struct standing, course_missed, QUANTUM)                                                                               \
    X(struct standing, reservoir_metered, QUANTUM)                                                                           \
    X(struct standing, withheld, QUANTUM)                                                                                    \
    X(struct standing, dropped_grain, DROP)                                                                                  \
    X(struct standing, boots, SECOND)                                                                                        \
    X(struct standing, epoch, SECOND)                                                                                        \
    X(struct standing, therapy_sequence, SECOND)                                                                             \
    X(struct therapy_slot, sequence, SECOND)                                                                                 \
    X(struct standing, stamp, CLOCK)                                                                                         \
    X(struct standing, log_last, CLOCK)                                                                                      \
    X(struct standing, highest_id[0], CLOCK)                                                                                 \
    X(struct standing, wear.days, DAY)                                                                                       \
    X(struct energy, at_ms, CLOCK)                                                                                           \
    X(struct energy, quanta, QUANTUM)                                                                                        \
    X(struct energy, used_nc, CHARGE)                                                                                        \
    X(struct sense, day_metered, QUANTUM)                                                                                    \
    X(struct selftest, fired, QUANTUM)                                                                                       \
    X(struct selftest, commanded, QUANTUM)                                                                                   \
    X(struct event, epoch, SECOND)                                                                                           \
    X(struct log, last, CLOCK)

struct counter {
    const char *name;
    uint64_t most;
    enum rate rate;
};

static const struct counter TABLE[] = {
#define COUNTER(type, member, rate) { #type "." #member, MOST(((type *)NULL)->member), RATE_##rate },
    COUNTERS(COUNTER)
#undef COUNTER
};

/* Of all models, the fastest. */
static double a_day(enum rate rate)
{
    double quanta = 0, nl = 0, quantum = 0;
    for (uint8_t code = MODEL_C20; code <= MODEL_V20; code++) {
        const struct model *model = model_find(code, 1);
        double most = (double)DAY_MS / (double)model->motor_interval.ms;
        quanta = most > quanta ? most : quanta;
        nl = model->rate_max.nl_day > nl ? model->rate_max.nl_day : nl;
        quantum = (double)model->quantum.nl > quantum ? (double)model->quantum.nl : quantum;
    }
    const double rates[RATES] = {
        [RATE_CLOCK] = DAY_MS,
        [RATE_CIVIL] = DAY_MS * 230.0 * 366 / SERVICE_DAYS,
        [RATE_QUANTUM] = quanta,
        [RATE_FEMTOLITRE] = 1.2 * nl * FL_PER_NL, /* calibration may add 20 % */
        [RATE_NANOLITRE] = 1.2 * nl,
        /* guess: a stop or a reset each quarter of an hour, and a whole quantum lost at each */
        [RATE_DROP] = 96 * 1.2 * quantum * GRAIN_PER_NL,
        [RATE_SECOND] = DAY_SECONDS,                     /* guess: nothing that starts, or is stored, takes less than a second */
        [RATE_DAY] = 1,
        [RATE_CHARGE] = 86400e9 * 0.01, /* 10 mA without a break: more than any cell of this size gives for a month */
    };
    return rates[rate];
}

static void none_wraps_in_service(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        double days = (double)TABLE[i].most / a_day(TABLE[i].rate);
        if (days < SERVICE_DAYS)
            print_error("%s wraps after %.0f days\n", TABLE[i].name, days);
        assert_true(days >= SERVICE_DAYS);
    }
}

/* The analysis can fail: the clock that is the reason for the rule. */
static void a_clock_of_32_bits_would(void **state)
{
    (void)state;
    uint32_t clock = 0;
    double days = (double)MOST(clock) / a_day(RATE_CLOCK);
    assert_true(days > 49.7 && days < 49.8);
    int32_t volume = 0;
    assert_true((double)MOST(volume) / a_day(RATE_FEMTOLITRE) < 1);
}

/* Every type that time and volume have, wherever they stand. */
static void the_types_are_wide(void **state)
{
    (void)state;
    assert_true(MOST(((instant_ms *)NULL)->ms) == INT64_MAX && MOST(((span_ms *)NULL)->ms) == INT64_MAX &&
                MOST(((civil_ms *)NULL)->ms) == INT64_MAX && MOST(((vol_nl *)NULL)->nl) == INT64_MAX &&
                MOST(((vol_fl *)NULL)->fl) == INT64_MAX && MOST(((vol_grain *)NULL)->grain) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_wraps_in_service),
        cmocka_unit_test(a_clock_of_32_bits_would),
        cmocka_unit_test(the_types_are_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
