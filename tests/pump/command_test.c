/* command_test.c - commands happen once, from the right sender, on the ledger the sender knows. Promise 3; REQ-
 * LINK-02, -03. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/bench.h"

static struct stand stand;

static struct receipt give(const struct command *command, enum role role)
{
    struct board board = stand_board(&stand);
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    struct receipt receipt;
    assert_int_equal(command_encode(command, bytes, sizeof bytes, &size), RESULT_OK);
    pump_command(&stand.pump, &board, stand.now, (struct sender){ (uint8_t)role, (uint8_t)role }, bytes, size, &receipt);
    stand.wake = pump_step(&stand.pump, &board, stand.now);
    return receipt;
}

static struct command bolus_now(uint64_t id)
{
    return (struct command){ .kind = COMMAND_CLINICIAN_BOLUS, .id = id, .head = stand_status(&stand).head,
                             .volume = { 5000 }, .rate = { 14400000 } };
}

static void the_same_again_gives_the_same_receipt_and_no_second_dose(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command command = bolus_now(900);
    struct receipt first = give(&command, ROLE_CLINICIAN);
    assert_int_equal(first.outcome, OUTCOME_APPLIED);
    stand_run(&stand, HOUR_MS);
    int64_t quanta = stand_status(&stand).commanded_bolus_quanta;
    struct receipt second = give(&command, ROLE_CLINICIAN); /* its head is stale by now, its answer is not */
    assert_memory_equal(&first, &second, sizeof first);
    stand_run(&stand, 2 * HOUR_MS);
    assert_int_equal(stand_status(&stand).commanded_bolus_quanta, quanta);
    assert_int_equal(bench_events(&stand, EVENT_COURSE_START, NULL), 1);
}

static void a_refusal_repeats_itself_too(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command command = bolus_now(901);
    command.head ^= 1;
    struct receipt first = give(&command, ROLE_CLINICIAN);
    assert_int_equal(first.reasons, VERDICT_STALE_HEAD);
    stand_run(&stand, HOUR_MS);
    struct receipt second = give(&command, ROLE_CLINICIAN);
    assert_memory_equal(&first, &second, sizeof first);
    assert_int_equal(bench_events(&stand, EVENT_REFUSED, NULL), 1);
}

static void an_id_used_for_something_else_is_refused(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command command = bolus_now(902);
    assert_int_equal(give(&command, ROLE_CLINICIAN).reasons, 0);
    command.volume.nl++;
    assert_int_equal(give(&command, ROLE_CLINICIAN).reasons, VERDICT_REUSED_ID);
    struct command stop = { .kind = COMMAND_STOP, .id = 902 };
    assert_int_equal(give(&stop, ROLE_CLINICIAN).reasons, VERDICT_REUSED_ID);
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
}

static struct receipt give_from(const struct command *command, uint8_t slot)
{
    struct board board = stand_board(&stand);
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    struct receipt receipt;
    assert_int_equal(command_encode(command, bytes, sizeof bytes, &size), RESULT_OK);
    pump_command(&stand.pump, &board, stand.now, (struct sender){ ROLE_CLINICIAN, slot }, bytes, size, &receipt);
    return receipt;
}

/* However much the others ask: what a sender asked last it may ask again, and each counts its ids by itself. */
static void every_slot_keeps_its_newest_receipt(void **state)
{
    (void)state;
    struct receipt first[SENDER_SLOTS + 1];
    bench_running(&stand);
    for (uint8_t slot = 1; slot <= SENDER_SLOTS; slot++) {
        struct command silence = { .kind = COMMAND_SILENCE, .id = 5, .minutes = slot };
        first[slot] = give_from(&silence, slot);
        assert_int_equal(first[slot].reasons, 0);
    }
    for (uint64_t id = 6; id < 40; id++) {
        struct command silence = { .kind = COMMAND_SILENCE, .id = id, .minutes = 30 };
        assert_int_equal(give_from(&silence, 3).reasons, 0);
    }
    for (uint8_t slot = 1; slot <= SENDER_SLOTS; slot++) {
        struct command silence = { .kind = COMMAND_SILENCE, .id = 5, .minutes = slot };
        struct receipt again = give_from(&silence, slot);
        uint8_t was[RECEIPT_BYTES], is[RECEIPT_BYTES];
        receipt_encode(&first[slot], was);
        receipt_encode(&again, is);
        if (slot == 3)
            assert_int_equal(again.reasons, VERDICT_REUSED_ID);
        else
            assert_memory_equal(is, was, sizeof is);
    }
    struct command silence = { .kind = COMMAND_SILENCE, .id = 50, .minutes = 1 };
    assert_int_equal(give_from(&silence, 0).reasons, VERDICT_MALFORMED);
    assert_int_equal(give_from(&silence, SENDER_SLOTS + 1).reasons, VERDICT_MALFORMED);
}

static void every_role_may_do_its_own_and_nothing_else(void **state)
{
    (void)state;
    bench_running(&stand);
    uint64_t id = 1000;
    for (uint8_t kind = COMMAND_ACTIVATE; kind <= COMMAND_CLEAR_ALARM; kind++) {
        for (enum role role = ROLE_PATIENT; role <= ROLE_SERVICE; role++) {
            bool patients = kind == COMMAND_PATIENT_BOLUS || kind == COMMAND_SILENCE;
            if (role == ROLE_CLINICIAN || (role == ROLE_PATIENT && patients))
                continue;
            struct command command = { .kind = kind, .id = id++, .minutes = 5, .alarm = 0x11, .volume = { 5000 },
                                       .rate = { 14400000 } };
            command.refill = (struct refill){ .filled = { 1000 }, .drawn_up = { 1000 }, .fill = bench_drug(1000000) };
            command.head = command_needs_head(kind) ? stand_status(&stand).head : 0;
            assert_int_equal(give(&command, role).reasons, VERDICT_ROLE);
        }
    }
    assert_int_equal(stand_status(&stand).mode, MODE_RUNNING);
    assert_int_equal(stand_status(&stand).course, COURSE_NONE);
}

static void lowering_needs_no_head(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command stop = { .kind = COMMAND_STOP, .id = 77 };
    assert_int_equal(give(&stop, ROLE_CLINICIAN).outcome, OUTCOME_APPLIED);
    assert_int_equal(stand_status(&stand).mode, MODE_STOPPED);
}

static void broken_bytes_are_answered_and_do_nothing(void **state)
{
    (void)state;
    bench_running(&stand);
    struct board board = stand_board(&stand);
    struct command command = bolus_now(903);
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    struct receipt receipt;
    assert_int_equal(command_encode(&command, bytes, sizeof bytes, &size), RESULT_OK);
    for (size_t cut = 0; cut < size; cut++) {
        pump_command(&stand.pump, &board, stand.now, (struct sender){ ROLE_CLINICIAN, 2 }, bytes, cut, &receipt);
        assert_int_equal(receipt.reasons, VERDICT_MALFORMED);
        assert_int_equal(receipt.outcome, OUTCOME_NOT_APPLIED);
    }
    assert_int_equal(stand_status(&stand).course, COURSE_NONE);
}

static void receipts_survive_a_reset(void **state)
{
    (void)state;
    bench_running(&stand);
    struct command command = bolus_now(904);
    struct receipt first = give(&command, ROLE_CLINICIAN);
    stand_reset(&stand);
    struct receipt second = give(&command, ROLE_CLINICIAN);
    assert_memory_equal(&first, &second, sizeof first);
    assert_int_equal(stand_status(&stand).course, COURSE_NONE); /* the reset closed it; the repeat opens no other */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again_gives_the_same_receipt_and_no_second_dose),
        cmocka_unit_test(a_refusal_repeats_itself_too),
        cmocka_unit_test(an_id_used_for_something_else_is_refused),
        cmocka_unit_test(every_slot_keeps_its_newest_receipt),
        cmocka_unit_test(every_role_may_do_its_own_and_nothing_else),
        cmocka_unit_test(lowering_needs_no_head),
        cmocka_unit_test(broken_bytes_are_answered_and_do_nothing),
        cmocka_unit_test(receipts_survive_a_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
