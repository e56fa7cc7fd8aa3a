/* long_test.c - ten simulated years: at any instant the quanta commanded are the whole part of an exact closed form,
 * computed in 128 bits from rates and times alone. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <stdio.h>
#include <string.h>

#include "tests/model/stand.h"

__extension__ typedef __int128 exact; /* volumes in nL/day x ms x ppm: nothing is ever rounded */

enum { YEAR_DAYS = 365 };

struct plan {
    const char *model;
    int32_t ppm;
    int64_t days;
    int64_t look_ms;           /* how often the two are compared; odd, so that all phases come */
    struct day_set week[WEEK_DAYS];
};

struct counter {
    int64_t quanta;
    int64_t last_ms;
    int64_t shortest_ms;
};

static void count(void *self, instant_ms at)
{
    struct counter *counter = self;
    if (counter->quanta > 0 && at.ms - counter->last_ms < counter->shortest_ms)
        counter->shortest_ms = at.ms - counter->last_ms;
    counter->last_ms = at.ms;
    counter->quanta++;
}

static exact day_volume(const struct day_set *set, int64_t until_ms)
{
    exact sum = 0;
    for (unsigned i = 0; i < set->count; i++) {
        int64_t from = (int64_t)set->step[i].minute * 60000;
        int64_t to = i + 1 < set->count ? (int64_t)set->step[i + 1].minute * 60000 : 86400000;
        to = to > until_ms ? until_ms : to;
        if (to > from)
            sum += (exact)set->step[i].rate.nl_day * (to - from) * 1000000;
    }
    return sum;
}

/* Prescribed from Thursday 1 January 1970 00:00 on, when all these runs begin. */
static exact prescribed(const struct plan *plan, int64_t ms)
{
    int64_t day = ms / 86400000;
    exact week = 0;
    for (unsigned d = 0; d < WEEK_DAYS; d++)
        week += day_volume(&plan->week[d], 86400000);
    exact sum = day / WEEK_DAYS * week;
    for (int64_t d = day / WEEK_DAYS * WEEK_DAYS; d < day; d++)
        sum += day_volume(&plan->week[(d + THURSDAY) % WEEK_DAYS], 86400000);
    return sum + day_volume(&plan->week[(day + THURSDAY) % WEEK_DAYS], ms % 86400000);
}

static struct therapy therapy_of(const struct plan *plan, const struct stand *stand, const struct mixture *mixture)
{
    struct therapy therapy = { .name = "long", .mixture = *mixture, .restart_limit_hours = 48, .dead_volume = stand->dead,
                               .model = stand->unit.model.code, .revision = stand->unit.model.revision,
                               .calibration = stand->unit.calibration, .under_delivery = PRIORITY_HIGH,
                               .mri_rule = MRI_KEEP_PROGRAM };
    memcpy(therapy.serial, stand->unit.serial, SERIAL_BYTES);
    therapy.program.kind = PROGRAM_FLEX;
    for (unsigned day = 0, known; day < WEEK_DAYS; day++) {
        for (known = 0; known < therapy.program.day_set_count; known++)
            if (memcmp(&therapy.program.day_set[known], &plan->week[day], sizeof plan->week[day]) == 0)
                break;
        if (known == therapy.program.day_set_count)
            therapy.program.day_set[therapy.program.day_set_count++] = plan->week[day];
        therapy.program.weekday_set[day] = (uint8_t)known;
    }
    therapy.limits = (struct limits){ .count = 1, .rate_max = stand->unit.model.rate_max };
    therapy.limits.drug[0] = (struct drug_limit){ mixture->component[0].drug, { { LIMIT_FG_MAX }, { LIMIT_FG_MAX } } };
    return therapy;
}

static void run_plan(const struct plan *plan)
{
    static struct stand stand;
    struct counter counter = { .shortest_ms = INT64_MAX };
    struct mixture mixture = { .count = 1, .component = { { DRUG_ZICONOTIDE, { 25000 } } } };
    const struct model *model = model_named(plan->model);
    const exact quantum = (exact)model->quantum.nl * (1000000 + plan->ppm) * 86400000;
    stand_start(&stand, model, plan->ppm, 500, 1);
    stand.witness = count;
    stand.witness_self = &counter;
    struct therapy therapy = therapy_of(plan, &stand, &mixture);
    vol_nl fill = { model->reservoir.nl - 100000 };
    assert_int_equal(stand_refill(&stand, &mixture, fill, &therapy).reasons, 0);
    int64_t compared = 0;
    for (int64_t at = 0; at < plan->days * 86400000; at += plan->look_ms) {
        stand_run(&stand, at);
        assert_int_equal(counter.quanta, (int64_t)(prescribed(plan, at) / quantum));
        compared++;
        if (stand_status(&stand).remaining.fl < fill.nl * INT64_C(500000))
            assert_int_equal(stand_refill(&stand, &mixture, fill, NULL).reasons, 0);
    }
    struct pump_status status = stand_status(&stand);
    assert_int_equal(status.commanded_quanta, counter.quanta);
    assert_int_equal(status.commanded_quanta - status.metered_quanta, stand.pump.moving);
    assert_int_equal(status.withheld_quanta + status.missed_quanta, 0);
    assert_true(counter.shortest_ms >= 600);
    printf("%s %+d ppm: %lld days, %lld quanta, compared %lld times\n", plan->model, plan->ppm, (long long)plan->days,
           (long long)counter.quanta, (long long)compared);
}

static struct plan steady(const char *model, int32_t ppm, int32_t nl_day, int64_t days, int64_t look_ms)
{
    struct plan plan = { .model = model, .ppm = ppm, .days = days, .look_ms = look_ms };
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        plan.week[day] = (struct day_set){ .count = 1, .step = { { 0, { nl_day } } } };
    return plan;
}

/* 96 uL/day of ziconotide 25 mcg/mL: 2.4 mcg a day. */
static void ten_years_of_a_low_rate(void **state)
{
    (void)state;
    struct plan plans[] = { steady("C20", 0, 48000, 10 * YEAR_DAYS, 3600001),
                            steady("C20", -199999, 96007, 10 * YEAR_DAYS, 7200011),
                            steady("V20", 123457, 10000, 10 * YEAR_DAYS, 3599993) };
    for (unsigned i = 0; i < sizeof plans / sizeof plans[0]; i++)
        run_plan(&plans[i]);
}

static void ten_years_at_one_millilitre_a_day(void **state)
{
    (void)state;
    struct plan plans[] = { steady("C40", 199999, 999983, 10 * YEAR_DAYS, 7200011),
                            steady("V20", -1, 1000000, 10 * YEAR_DAYS, 3600001) };
    for (unsigned i = 0; i < sizeof plans / sizeof plans[0]; i++)
        run_plan(&plans[i]);
}

static void the_largest_flow_of_the_smallest_quantum(void **state)
{
    (void)state;
    struct plan plans[] = { steady("C40", -200000, 24000000, 7, 59999), steady("V20", -200000, 28800000, 20, 59999),
                            steady("C20", 200000, 23999999, 7, 59999) };
    for (unsigned i = 0; i < sizeof plans / sizeof plans[0]; i++)
        run_plan(&plans[i]);
}

static void ten_years_of_days_with_steps(void **state)
{
    (void)state;
    struct plan plan = { .model = "C20", .ppm = -31415, .days = 10 * YEAR_DAYS, .look_ms = 3599971 };
    const struct day_set work = { .count = 5, .step = { { 0, { 48001 } }, { 420, { 180013 } }, { 541, { 96000 } },
                                                        { 1020, { 300007 } }, { 1439, { 77777 } } } };
    const struct day_set rest = { .count = 2, .step = { { 0, { 60000 } }, { 600, { 123457 } } } };
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        plan.week[day] = day == SATURDAY || day == SUNDAY ? rest : work;
    run_plan(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_years_of_a_low_rate),
        cmocka_unit_test(ten_years_at_one_millilitre_a_day),
        cmocka_unit_test(the_largest_flow_of_the_smallest_quantum),
        cmocka_unit_test(ten_years_of_days_with_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
