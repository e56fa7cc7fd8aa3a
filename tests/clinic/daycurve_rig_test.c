/* daycurve_rig_test.c - the curve of a day carried out: the real pump in the twin, which has constants of its own, gives a
 * day hour by hour what the curve says, within two quanta. REQ-CLIN-07, HZ-01, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/daycurve.h"

#include "tests/core/check.h"
#include "tests/core/sample.h"
#include "tests/hazard/bedside.h"

enum { ROUNDS = 8, HOURS = 24, STEPS_OF_A_DAY = 6 };

static struct bedside bed;
static struct therapy therapy;
static struct daycurve curve;
static uint64_t seed;

static void implant(const char *model)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    bedside_implant(&bed, model, &morphine);
    therapy = bedside_therapy(&bed, &morphine, NL_PER_ML / 4);
    bedside_limit(&therapy, NL_PER_ML, 8 * NL_PER_ML);
}

static int32_t any_rate(void)
{
    return (int32_t)chance_between(&seed, 100000, 2000000);
}

static int64_t until(unsigned minutes)
{
    int64_t grain = 0;
    for (unsigned i = 0; i < curve.count; i++)
        for (unsigned k = 0; k < curve.step[i].minutes && curve.step[i].minute + k < minutes; k++)
            grain += curve.step[i].grain;
    return grain;
}

/* From now on, 24 hours. */
static void assert_day(void)
{
    int64_t quantum = bed.rig.unit.model.quantum.nl, before = bedside_moved(&bed);
    for (unsigned hour = 1; hour <= HOURS; hour++) {
        bedside_pass(&bed, HOUR_MS);
        int64_t off_nl = (bedside_moved(&bed) - before) * quantum - until(hour * 60) / GRAIN_PER_NL;
        assert_in_range(off_nl + 2 * quantum, 0, 4 * quantum);
    }
}

static civil_ms civil_now(void)
{
    const struct calendar calendar = bedside_status(&bed).calendar;
    return calendar_civil(&calendar, bed.rig.now);
}

static void steps_of_every_weekday(void **state)
{
    (void)state;
    seed = 51;
    for (unsigned round = 0; round < ROUNDS / 4; round++) {
        implant(round % 2 == 0 ? "C20" : "V20");
        struct program *program = &therapy.program;
        *program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 2 };
        for (unsigned day = 0; day < WEEK_DAYS; day++)
            program->weekday_set[day] = day % 2;
        for (unsigned set = 0; set < 2; set++) {
            program->day_set[set].count = STEPS_OF_A_DAY;
            for (unsigned i = 0; i < STEPS_OF_A_DAY; i++)
                program->day_set[set].step[i] =
                    (struct program_step){ (uint16_t)(i == 0 ? 0 : 240 * i + (unsigned)chance_between(&seed, 0, 200)),
                                           { any_rate() } };
        }
        bedside_treat(&bed, &therapy);
        bedside_pass(&bed, DAY_MS - civil_time_of_day(civil_now()).ms);
        for (unsigned day = 0; day < 3; day++) {
            daycurve_make(program, program->weekday_set[civil_weekday(civil_now())], 0, &curve);
            assert_day();
        }
    }
}

static void boluses_at_intervals(void **state)
{
    (void)state;
    static const uint16_t intervals[] = { 30, 60, 240, 300, 1440, 2000 };
    seed = 52;
    for (unsigned round = 0; round < ROUNDS; round++) {
        implant(round % 2 == 0 ? "C20" : "V20");
        struct program *program = &therapy.program;
        program->kind = PROGRAM_PERIODIC;
        program->base.nl_day = any_rate();
        program->periodic = (struct periodic_bolus){ .volume = { chance_between(&seed, 5000, 50000) },
                                                     .rate = { (int32_t)chance_between(&seed, 4000000, 12000000) },
                                                     .interval_minutes = intervals[chance_between(&seed, 0, 5)],
                                                     .first_minutes = (uint16_t)chance_between(&seed, 0, 600) };
        bedside_treat(&bed, &therapy);
        for (unsigned day = 0; day < 3; day++) {
            daycurve_make(program, 0, day * DAY_MINUTES, &curve);
            assert_day();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_of_every_weekday),
        cmocka_unit_test(boluses_at_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
