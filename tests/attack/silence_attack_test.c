/* silence_attack_test.c - attacks after which the pump kept quiet, never stopped sounding, listened to a stranger, or did a
 * thing twice; and the rig, which stopped without cause. */
// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/attack/ward.h"

static struct ward ward;

static void treat(struct mixture *morphine, struct therapy *therapy, int32_t nl_day)
{
    *morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", morphine);
    *therapy = bedside_therapy(&ward.bed, morphine, nl_day);
    bedside_treat(&ward.bed, therapy);
    ward_pass(&ward, 60);
}

static struct receipt clear(enum alarm_index alarm)
{
    return bedside_give(&ward.bed, ROLE_CLINICIAN,
                        (struct command){ .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(alarm)->code });
}

/* E8: below the low mark, and a reset. */
static void low_reservoir_is_told_after_a_reset(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, NL_PER_ML);
    therapy.reservoir_low.nl = 19 * NL_PER_ML;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, DAY_MINUTES * 3 / 2);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_LOW));
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    ward_pass(&ward, 60);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_LOW));
}

/* E8: a therapy with a low mark above what is left. */
static void low_reservoir_is_told_at_activation(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, NL_PER_ML);
    ward_pass(&ward, DAY_MINUTES);
    therapy.reservoir_low.nl = 39 * NL_PER_ML / 2;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 60);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_LOW));
}

/* E9: what happened once can be cleared, and is told again when it happens again. */
static void shortfall_can_be_cleared_and_comes_again(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, NL_PER_ML);
    for (unsigned i = 1; i <= 2; i++) {
        int64_t half_nl = 10 * NL_PER_ML / i; /* of what the pump believes to be there */
        struct rig_refill refill = {
            .told = { .withdrawn = { half_nl }, .filled = { half_nl }, .drawn_up = { half_nl }, .fill = morphine }
        };
        struct receipt receipt;
        assert_true(rig_refill(&ward.bed.rig, &refill, &receipt));
        assert_applied(receipt);
        ward_pass(&ward, 1);
        assert_int_equal(ward.bed.raised[ALARM_AT_REFILL_SHORTFALL], i);
        assert_applied(clear(ALARM_AT_REFILL_SHORTFALL));
        assert_false(bedside_alarmed(&ward.bed, ALARM_AT_REFILL_SHORTFALL));
    }
}

/* E9: a long interruption that ends by a new therapy is over; the next one is told. */
static void long_interruption_is_told_each_time(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, NL_PER_ML);
    therapy.restart_limit_hours = 2;
    bedside_treat(&ward.bed, &therapy);
    for (unsigned i = 1; i <= 2; i++) {
        ward_pass(&ward, 60);
        twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
        ward_pass(&ward, 180);
        assert_int_equal(ward.bed.raised[ALARM_AT_INTERRUPTED_LONG], i);
        twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 0);
        assert_applied(bedside_activate(&ward.bed, &therapy, true));
        ward_pass(&ward, 60);
        assert_applied(clear(ALARM_AT_INTERRUPTED_LONG));
        assert_false(bedside_alarmed(&ward.bed, ALARM_AT_INTERRUPTED_LONG));
    }
}

/* E18: silence asked for the first loss of memory does not cover the second. */
static void silence_ends_with_the_next_loss(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, 200000);
    ward_confuse_governor(&ward);
    ward_pass(&ward, 10);
    assert_int_equal(ward.bed.raised[ALARM_AT_MEMORY_LOST], 1);
    assert_applied(bedside_give(&ward.bed, ROLE_PATIENT, (struct command){ .kind = COMMAND_SILENCE, .minutes = 720 }));
    uint32_t tones = ward.bed.rig.twin.tones;
    ward_confuse_governor(&ward);
    ward_pass(&ward, 60);
    assert_int_equal(ward.bed.raised[ALARM_AT_MEMORY_LOST], 2);
    assert_true(ward.bed.rig.twin.tones > tones);
}

/* E14: a lost ledger must not fill the reservoir again. */
static void lost_ledger_is_pessimistic_about_the_reservoir(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, 9 * NL_PER_ML / 5);
    ward_pass(&ward, 8 * DAY_MINUTES);
    memset(&ward_memory(&ward)->ledger, 0, sizeof ward_memory(&ward)->ledger);
    ward_pass(&ward, 5 * DAY_MINUTES);
    struct pump_status status = bedside_status(&ward.bed);
    assert_true((double)status.remaining.fl / 1e18 <= ward.bed.rig.twin.reservoir_m3); /* never more than there is */
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_LOW) ||
                bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_EMPTY));
}

/* E7: a reader gives the clinician's next command first, by its predictable id. */
static void reader_cannot_use_up_a_stop(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, 200000);
    uint64_t id = ward.bed.rig.next_id;
    assert_refused(bedside_give(&ward.bed, ROLE_READER, (struct command){ .kind = COMMAND_STOP }), VERDICT_ROLE);
    ward.bed.rig.next_id = id;
    assert_applied(bedside_do(&ward.bed, COMMAND_STOP));
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_STOPPED);
}

/* E20: a recorded stop is pushed out of the memory of receipts by refusals of a patient's key, and given again. */
static void recorded_stop_stops_once(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, 200000);
    struct rig *rig = &ward.bed.rig;
    struct command stop = { .kind = COMMAND_STOP, .id = rig->next_id++ };
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size;
    struct receipt receipt;
    struct board board = twin_board(&rig->twin);
    assert_int_equal(command_encode(&stop, bytes, sizeof bytes, &size), RESULT_OK);
    pump_command(&rig->pump, &board, rig->now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, size, &receipt);
    assert_applied(receipt);
    assert_applied(bedside_resume(&ward.bed, false));
    for (unsigned i = 0; i < RECEIPTS_MAX; i++)
        (void)bedside_give(&ward.bed, ROLE_PATIENT, (struct command){ .kind = COMMAND_STOP });
    pump_command(&rig->pump, &board, rig->now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, size, &receipt);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_RUNNING);
}

/* E24: a unit off by one in a million, emptied and filled to the brim. */
static void full_refill_over_a_rest(void **state)
{
    (void)state;
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct pump_unit unit = bedside_unit("C20");
    struct twin_setup setup = bedside_setup("C20");
    unit.calibration.ppm = 1;
    setup.calibration = 1.000001;
    memset(&ward, 0, sizeof ward);
    assert_true(bedside_implant_unit(&ward.bed, &unit, &setup, &morphine, 20 * NL_PER_ML));
    struct therapy therapy = bedside_therapy(&ward.bed, &morphine, NL_PER_ML);
    bedside_treat(&ward.bed, &therapy);
    for (unsigned i = 0; i < 20; i++) {
        bedside_pass(&ward.bed, DAY_MS / 7);
        assert_applied(bedside_refill(&ward.bed, &morphine, 20 * NL_PER_ML, NULL, false));
        assert_false(ward.bed.rig.stuck);
    }
}

/* E27: after a reset the pump no longer knows that the reason of a latched alarm is still there: it can be cleared away. */
static void empty_cannot_be_cleared_away_after_a_reset(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, 200000);
    assert_applied(bedside_refill(&ward.bed, &morphine, 0, NULL, false));
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_EMPTY);
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    (void)clear(ALARM_AT_RESERVOIR_EMPTY);
    ward_pass(&ward, DAY_MINUTES);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_RESERVOIR_EMPTY));
}

/* E27: the same in the safe mode. */
static void interruption_cannot_be_cleared_away_after_a_reset(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, NL_PER_ML);
    therapy.restart_limit_hours = 2;
    bedside_treat(&ward.bed, &therapy);
    ward_pass(&ward, 60);
    twin_set_fault(&ward.bed.rig.twin, TWIN_FAULT_STALL, 1);
    ward_pass(&ward, 180);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_SAFE);
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    (void)clear(ALARM_AT_INTERRUPTED_LONG);
    ward_pass(&ward, DAY_MINUTES);
    assert_int_equal(bedside_status(&ward.bed).mode, MODE_SAFE);
    assert_true(bedside_alarmed(&ward.bed, ALARM_AT_INTERRUPTED_LONG));
}

/* E23: a fifth drug in one life: refused, and neither told to the pump nor the end of the run. */
static void fifth_drug_does_not_end_the_run(void **state)
{
    (void)state;
    struct mixture morphine;
    struct therapy therapy;
    treat(&morphine, &therapy, 200000);
    static const uint16_t drug[] = { DRUG_HYDROMORPHONE, DRUG_BACLOFEN, DRUG_ZICONOTIDE, DRUG_BUPIVACAINE };
    for (unsigned i = 0; i < sizeof drug / sizeof drug[0]; i++) {
        struct mixture other = bedside_drug(drug[i], NG_PER_MG);
        struct therapy next = bedside_therapy(&ward.bed, &other, 200000);
        struct rig_refill refill = { .told = { .withdrawn = { -1 }, .filled = { NL_PER_ML }, .drawn_up = { NL_PER_ML },
                                               .fill = other },
                                     .activate = &next };
        struct receipt receipt;
        bool room = rig_refill(&ward.bed.rig, &refill, &receipt);
        assert_false(ward.bed.rig.stuck);
        assert_true(room || drug[i] == DRUG_BUPIVACAINE);
        ward_pass(&ward, 4 * DAY_MINUTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(low_reservoir_is_told_after_a_reset),
        cmocka_unit_test(low_reservoir_is_told_at_activation),
        cmocka_unit_test(shortfall_can_be_cleared_and_comes_again),
        cmocka_unit_test(long_interruption_is_told_each_time),
        cmocka_unit_test(silence_ends_with_the_next_loss),
        cmocka_unit_test(lost_ledger_is_pessimistic_about_the_reservoir),
        cmocka_unit_test(reader_cannot_use_up_a_stop),
        cmocka_unit_test(recorded_stop_stops_once),
        cmocka_unit_test(full_refill_over_a_rest),
        cmocka_unit_test(empty_cannot_be_cleared_away_after_a_reset),
        cmocka_unit_test(interruption_cannot_be_cleared_away_after_a_reset),
        cmocka_unit_test(fifth_drug_does_not_end_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
