/* replay_attack_test.c - attacks on "a command happens once" and "strangers get nothing" that must fail: recorded bytes
 * given again, wrong roles, used tokens, half therapies, ids at the end of their range. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/attack/ward.h"

static struct ward ward;

static void treat(int32_t nl_day)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&ward.bed, &morphine, nl_day);
    bedside_permit(&therapy, 1000, NL_PER_ML, 60, 4);
    bedside_treat(&ward.bed, &therapy);
}

static struct receipt give_bytes(enum role role, const uint8_t *bytes, size_t size)
{
    struct rig *rig = &ward.bed.rig;
    struct board board = twin_board(&rig->twin);
    struct receipt receipt;
    struct sender sender = { (uint8_t)role, (uint8_t)(SENDER_SLOTS + 1 - role) };
    pump_command(&rig->pump, &board, rig->now, sender, bytes, size, &receipt);
    rig->wake = pump_step(&rig->pump, &board, rig->now);
    return receipt;
}

static int64_t quanta_in(unsigned minutes)
{
    int64_t before = bedside_moved(&ward.bed);
    ward_pass(&ward, minutes);
    return bedside_moved(&ward.bed) - before;
}

/* A bolus recorded on the air: at once, after a reset, and when its receipt has long been forgotten. */
static void recorded_bolus_flows_once(void **state)
{
    (void)state;
    treat(NL_PER_ML / 10);
    struct command bolus = { .kind = COMMAND_CLINICIAN_BOLUS, .id = 7777777, .volume = { 5000 },
                             .rate = { NL_PER_ML } };
    bolus.head = bedside_status(&ward.bed).head;
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size;
    assert_int_equal(command_encode(&bolus, bytes, sizeof bytes, &size), RESULT_OK);
    assert_applied(give_bytes(ROLE_CLINICIAN, bytes, size));
    assert_in_range(quanta_in(30), 27, 29); /* 20 of the bolus, 8 of the base */
    (void)give_bytes(ROLE_CLINICIAN, bytes, size);
    assert_in_range(quanta_in(30), 7, 9);
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    (void)give_bytes(ROLE_CLINICIAN, bytes, size);
    assert_in_range(quanta_in(30), 7, 9);
    for (unsigned i = 0; i < 2 * RECEIPTS_MAX; i++) /* however busy others are, the newest receipt of a sender stays */
        assert_applied(bedside_give(&ward.bed, ROLE_PATIENT, (struct command){ .kind = COMMAND_SILENCE, .minutes = 1 }));
    assert_applied(give_bytes(ROLE_CLINICIAN, bytes, size));
    assert_in_range(quanta_in(30), 7, 9);
    ward.bed.rig.next_id = bolus.id + 1;
    for (unsigned i = 0; i < 2 * RECEIPTS_MAX; i++)
        assert_applied(bedside_give(&ward.bed, ROLE_CLINICIAN, (struct command){ .kind = COMMAND_SILENCE, .minutes = 1 }));
    assert_refused(give_bytes(ROLE_CLINICIAN, bytes, size), VERDICT_REUSED_ID);
    assert_in_range(quanta_in(30), 7, 9);
}

/* Every command of a clinician, in the hands of everybody else: refused, and head and flow stay as they were. */
static void wrong_roles_move_nothing(void **state)
{
    (void)state;
    treat(NL_PER_ML / 10);
    static const uint8_t kind[] = { COMMAND_STAGE, COMMAND_ACTIVATE, COMMAND_STOP, COMMAND_MINIMUM, COMMAND_RESUME,
                                    COMMAND_CLINICIAN_BOLUS, COMMAND_CANCEL_COURSE, COMMAND_REFILL, COMMAND_SET_CLOCK,
                                    COMMAND_CLEAR_ALARM };
    static const unsigned role[] = { 0, ROLE_PATIENT, ROLE_READER, ROLE_SERVICE, 5, 255 };
    struct pump_status before = bedside_status(&ward.bed);
    for (unsigned k = 0; k < sizeof kind; k++) {
        for (unsigned r = 0; r < sizeof role / sizeof role[0]; r++) {
            struct command command = { .kind = kind[k] };
            if (kind[k] == COMMAND_STAGE)
                command.stage = (struct stage_chunk){ .total = 1, .size = 1 };
            if (kind[k] == COMMAND_CLINICIAN_BOLUS) {
                command.volume.nl = 5000;
                command.rate.nl_day = NL_PER_ML;
            }
            if (kind[k] == COMMAND_CLEAR_ALARM)
                command.alarm = alarm_row(ALARM_AT_WITHHELD)->code;
            assert_refused(bedside_give(&ward.bed, (enum role)role[r], command), VERDICT_ROLE);
        }
    }
    assert_refused(bedside_give(&ward.bed, ROLE_READER, (struct command){ .kind = COMMAND_PATIENT_BOLUS }),
                   VERDICT_ROLE);
    struct pump_status after = bedside_status(&ward.bed);
    assert_true(before.head == after.head);
    assert_int_equal(after.mode, MODE_RUNNING);
    assert_in_range(quanta_in(30), 7, 9);
}

/* A token serves once, for the bytes it was made of, and not for half of them. */
static void tokens_serve_once(void **state)
{
    (void)state;
    treat(NL_PER_ML / 10);
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy faster = bedside_therapy(&ward.bed, &morphine, NL_PER_ML / 5);
    struct therapy fastest = bedside_therapy(&ward.bed, &morphine, NL_PER_ML / 2);
    struct command activate = { .kind = COMMAND_ACTIVATE }, other = { .kind = COMMAND_ACTIVATE };
    struct receipt receipt;
    assert_true(rig_stage(&ward.bed.rig, &faster, activate.token, &receipt));
    assert_true(rig_stage(&ward.bed.rig, &fastest, other.token, &receipt));
    assert_refused(bedside_give(&ward.bed, ROLE_CLINICIAN, activate), VERDICT_TOKEN); /* staged anew in between */
    assert_applied(bedside_give(&ward.bed, ROLE_CLINICIAN, other));
    assert_refused(bedside_give(&ward.bed, ROLE_CLINICIAN, other), VERDICT_NOTHING_STAGED);
    assert_true(rig_stage(&ward.bed.rig, &faster, activate.token, &receipt));
    struct command half = { .kind = COMMAND_STAGE, .stage = { .total = 200, .size = 100 } };
    assert_applied(bedside_give(&ward.bed, ROLE_CLINICIAN, half)); /* begins anew: what was whole is gone */
    assert_refused(bedside_give(&ward.bed, ROLE_CLINICIAN, activate), VERDICT_NOTHING_STAGED);
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    assert_refused(bedside_give(&ward.bed, ROLE_CLINICIAN, activate), VERDICT_NOTHING_STAGED);
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, NL_PER_ML / 2);
}

/* Nothing that a patient, a clinician's single boluses, a clock or a reset do brings the fifth bolus of a day nearer. */
static void daily_count_holds(void **state)
{
    (void)state;
    treat(NL_PER_ML / 10);
    for (unsigned i = 0; i < 4; i++) {
        assert_applied(bedside_press(&ward.bed));
        assert_refused(bedside_press(&ward.bed), VERDICT_LOCKOUT);
        ward_pass(&ward, 61);
    }
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    struct therapy therapy = bedside_therapy(&ward.bed, &morphine, NL_PER_ML / 10);
    bedside_permit(&therapy, 1000, NL_PER_ML, 60, 4);
    therapy.program.opening = (struct opening){ OPENING_SINGLE, { 250 }, { NL_PER_ML } };
    for (unsigned i = 0; i < GRANTS_MAX + 4u; i++) {
        (void)bedside_activate(&ward.bed, &therapy, false);
        ward_pass(&ward, 2);
    }
    assert_refused(bedside_press(&ward.bed), VERDICT_DAILY_COUNT);
    struct command clock = { .kind = COMMAND_SET_CLOCK, .calendar = bedside_status(&ward.bed).calendar };
    clock.calendar.offset.ms += 2 * (int64_t)DAY_MS;
    assert_applied(bedside_give(&ward.bed, ROLE_CLINICIAN, clock));
    bedside_reset(&ward.bed, RIG_MEMORY_KEPT);
    assert_refused(bedside_press(&ward.bed), VERDICT_DAILY_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_bolus_flows_once),
        cmocka_unit_test(wrong_roles_move_nothing),
        cmocka_unit_test(tokens_serve_once),
        cmocka_unit_test(daily_count_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
