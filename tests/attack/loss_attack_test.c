/* loss_attack_test.c - attacks through a loss of memory while an older, stronger drug stands in the catheter, and
 * through what is not told. Promises 1, 3, 4 and 5. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

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

static void lose_ledger(void)
{
    ward_memory(&ward)->ledger.copy[0].check ^= 1;
    ward_memory(&ward)->ledger.copy[1].check ^= 1;
}

static struct therapy bridged(int32_t nl_day, int32_t bridge_nl_day)
{
    struct therapy therapy = bedside_therapy(&ward.bed, &weak, nl_day);
    therapy.limits.drug[0] = limits.drug[0];
    therapy.restart_limit_hours = 72;
    therapy.program.opening = (struct opening){ OPENING_BRIDGE, therapy.dead_volume, { bridge_nl_day } };
    return therapy;
}

/* Most of a day's limit was given, then a bridge, and in it the governor's memory goes; what now? */
enum way { CANCEL, RESUME, ACTIVATE, RESUME_AFTER_LEDGER, WAYS };

static void nothing_pushes_the_old_drug_after_a_loss(void **state)
{
    (void)state;
    settle(100000, 300000, 450000);
    for (unsigned i = 0; i < 3; i++) {
        assert_applied(bedside_bolus(&ward.bed, 90000, 2 * NL_PER_ML));
        ward_pass(&ward, 180);
    }
    struct therapy therapy = bridged(NL_PER_ML, 100000);
    assert_applied(bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &therapy, false));
    ward_pass(&ward, 10);
    struct ward fork = ward;
    unsigned passed = 0;
    for (enum way way = CANCEL; way < WAYS; way++) {
        ward = fork;
        if (way == RESUME_AFTER_LEDGER)
            lose_ledger();
        else
            ward_confuse_governor(&ward);
        ward_pass(&ward, 30);
        if (way == CANCEL)
            (void)bedside_do(&ward.bed, COMMAND_CANCEL_COURSE);
        if (way == RESUME || way == ACTIVATE)
            assert_applied(bedside_do(&ward.bed, COMMAND_STOP));
        therapy.program.opening.kind = OPENING_NONE;
        if (way == ACTIVATE)
            (void)bedside_activate(&ward.bed, &therapy, true);
        if (way == RESUME || way == RESUME_AFTER_LEDGER)
            (void)bedside_resume(&ward.bed, true);
        ward_pass(&ward, DAY_MINUTES);
        passed += ward.worst_day_fg > ward_mass(&strong, 450000);
    }
    assert_int_equal(passed, 0);
}

static void ledger_lost_while_empty_in_a_bridge(void **state)
{
    (void)state;
    settle(48000, 30000, 200000);
    struct therapy therapy = bridged(480000, 48000);
    assert_applied(bedside_refill(&ward.bed, &weak, 30000, &therapy, true));
    ward_pass(&ward, 2 * DAY_MINUTES);
    lose_ledger();
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    (void)bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, NULL, true);
    ward_pass(&ward, 2 * DAY_MINUTES);
    assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
}

static void ledger_lost_after_the_therapy_in_a_bridge(void **state)
{
    (void)state;
    settle(48000, 30000, 200000);
    struct therapy therapy = bridged(960000, 48000);
    therapy.safe_rate.nl_day = 960000;
    assert_applied(bedside_refill(&ward.bed, &weak, 20 * NL_PER_ML, &therapy, true));
    ward_pass(&ward, 60);
    ward_memory(&ward)->therapy[0].check ^= 1;
    ward_memory(&ward)->therapy[1].check ^= 1;
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    lose_ledger();
    ward_pass(&ward, DAY_MINUTES);
    assert_true(ward.worst_hour_fg <= ward_mass(&strong, 30000));
    assert_int_equal(bedside_status(&ward.bed).withheld_quanta, 0);
}

/* What lies side by side falls together. */
static void a_burst_never_counts_back(void **state)
{
    (void)state;
    settle(480000, 200000, 2000000);
    for (unsigned month = 0; month < 2; month++) {
        ward_pass(&ward, 30 * DAY_MINUTES);
        assert_applied(bedside_refill(&ward.bed, &strong, 20 * NL_PER_ML, NULL, true));
    }
    ward_pass(&ward, 30 * DAY_MINUTES);
    struct pump_status before = bedside_status(&ward.bed);
    memset(ward_memory(&ward), 0x55, offsetof(struct kept, governor));
    ward_pass(&ward, 10);
    struct pump_status after = bedside_status(&ward.bed);
    assert_true(after.remaining.fl / FL_PER_NL <= (int64_t)(ward.bed.rig.twin.reservoir_m3 * 1e12) + 1);
    assert_true(after.commanded_quanta >= before.commanded_quanta);
}

static void days_withheld_are_an_interruption(void **state)
{
    (void)state;
    settle(480000, 200000, 2000000);
    struct limits none = { .count = 1, .drug = { { .drug = DRUG_MORPHINE } } };
    governor_limit(&ward_memory(&ward)->governor, &none, ward.bed.rig.now);
    ward_pass(&ward, 5 * DAY_MINUTES);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_INTERRUPTED_LONG));
}

static void a_refill_of_nothing_ends_no_alarm(void **state)
{
    (void)state;
    settle(480000, 200000, 2000000);
    assert_applied(bedside_refill(&ward.bed, &strong, 10000, NULL, true));
    ward_pass(&ward, DAY_MINUTES);
    (void)bedside_refill(&ward.bed, &strong, 0, NULL, true);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(ALARM_AT_RESERVOIR_EMPTY)->code };
    (void)bedside_give(&ward.bed, ROLE_CLINICIAN, clear);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_EMPTY);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_EMPTY));
}

static void the_largest_id_locks_nobody_out(void **state)
{
    (void)state;
    settle(480000, 200000, 2000000);
    struct rig *rig = &ward.bed.rig;
    struct board board = twin_board(&rig->twin);
    struct command silence = { .kind = COMMAND_SILENCE, .minutes = 1, .id = UINT64_MAX };
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size;
    struct receipt receipt;
    assert_int_equal(command_encode(&silence, bytes, sizeof bytes, &size), RESULT_OK);
    pump_command(&rig->pump, &board, rig->now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, size, &receipt);
    assert_applied(bedside_do(&ward.bed, COMMAND_STOP));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_pushes_the_old_drug_after_a_loss),
        cmocka_unit_test(ledger_lost_while_empty_in_a_bridge),
        cmocka_unit_test(ledger_lost_after_the_therapy_in_a_bridge),
        cmocka_unit_test(a_burst_never_counts_back),
        cmocka_unit_test(days_withheld_are_an_interruption),
        cmocka_unit_test(a_refill_of_nothing_ends_no_alarm),
        cmocka_unit_test(the_largest_id_locks_nobody_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
