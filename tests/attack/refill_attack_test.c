/* refill_attack_test.c - a refill of an empty reservoir is judged like a resume. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

static struct ward ward;
static struct mixture strong, weak;
static struct limits limits;

static void settle(int32_t nl_day, int64_t hour_nl, int64_t day_nl)
{
    strong = bedside_drug(DRUG_MORPHINE, 10 * NG_PER_MG);
    weak = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &strong);
    struct therapy therapy = bedside_therapy(&ward.bed, &strong, nl_day);
    bedside_limit(&therapy, hour_nl, day_nl);
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 5 * DAY_MINUTES);
    ward.worst_hour_fg = ward.worst_day_fg = 0;
    limits = therapy.limits;
}

static struct therapy bridged(int32_t nl_day, int32_t bridge_nl_day)
{
    struct therapy therapy = bedside_therapy(&ward.bed, &weak, nl_day);
    therapy.limits.drug[0] = limits.drug[0];
    therapy.restart_limit_hours = 72;
    therapy.program.opening = (struct opening){ OPENING_BRIDGE, therapy.dead_volume, { bridge_nl_day } };
    return therapy;
}

/* F14: the empty reservoir holds the boundary up until the day's peak meets the old drug. */
static void a_refill_is_judged_like_a_resume(void **state)
{
    (void)state;
    settle(48000, 30000, 400000);
    struct therapy therapy = bridged(300000, 0);
    therapy.program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 1 };
    therapy.program.day_set[0].count = 2;
    therapy.program.day_set[0].step[0] = (struct program_step){ 0, { 300000 } };
    therapy.program.day_set[0].step[1] = (struct program_step){ 20 * 60, { 960000 } };
    unsigned hours = 0;
    for (; hours < 24 && bedside_refill(&ward.bed, &weak, 40000, &therapy, true).reasons != 0; hours++)
        ward_pass(&ward, 60);
    assert_true(hours < 24);
    ward_pass(&ward, 2 * DAY_MINUTES);
    for (unsigned hour = 0; hour < 24; hour++) {
        struct ward fork = ward;
        (void)bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, NULL, true);
        ward_pass(&ward, 2 * DAY_MINUTES);
        assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
        ward = fork;
        ward_pass(&ward, 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_refill_is_judged_like_a_resume) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
