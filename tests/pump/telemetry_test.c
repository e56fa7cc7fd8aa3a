/* telemetry_test.c - sessions with the pump, over a programmer that is written apart from it. REQ-LINK-01, -07, REQ-SECU-01,
 * -03, -04, -06, HZ-20, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "link/packet.h"

static struct programmer doctor, patient, watch;

static void start(void)
{
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    ether_pair(&patient, ROLE_PATIENT, "patient");
    ether_clear();
}

static uint32_t session_of(enum line_kind kind)
{
    return stand.pump.line[kind].session.id;
}

static void a_session_opens_asks_and_closes(void **state)
{
    (void)state;
    cisterna_Status status;
    start();
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(doctor.role, ROLE_CLINICIAN);
    assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_OK);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.base_nl_day, BENCH_RATE);
    assert_int_equal(status.ledger_head, stand.pump.now.head);
    programmer_close(&doctor, &AIR);
    assert_int_equal(session_of(LINE_CLINIC), 0);
}

/* Keys are gone from memory when a session is over, however it ended. */
static void nothing_is_left_of_a_session(void **state)
{
    (void)state;
    static const struct line none;
    start();
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    stand_run(&stand, stand.now.ms + SESSION_IDLE_MS - 1);
    assert_int_not_equal(session_of(LINE_CLINIC), 0);
    stand_run(&stand, stand.now.ms + 1);
    assert_memory_equal(&stand.pump.line[LINE_CLINIC], &none, sizeof none);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    programmer_close(&doctor, &AIR);
    assert_memory_equal(&stand.pump.line[LINE_CLINIC], &none, sizeof none);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    stand_reset(&stand);
    assert_memory_equal(&stand.pump.line[LINE_CLINIC], &none, sizeof none);
}

/* A clinic's watch that looks again and again takes nobody's button away. */
static void who_reads_and_who_presses_have_a_session_each(void **state)
{
    (void)state;
    cisterna_Status status;
    start();
    ether_pair(&watch, ROLE_READER, "watch");
    ether_clear();
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    assert_int_equal(programmer_open(&watch, &AIR), CONTACT_OK);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(programmer_status(&patient, &AIR, &status), CONTACT_OK);
    assert_int_equal(programmer_status(&watch, &AIR, &status), CONTACT_OK);
    assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_OK);
    uint32_t session = session_of(LINE_PATIENT);
    assert_int_equal(programmer_open(&watch, &AIR), CONTACT_OK);
    assert_int_equal(session_of(LINE_PATIENT), session);
}

/* The keys of somebody who was unpaired do not wait for his next frame. */
static void unpairing_ends_a_session_at_once(void **state)
{
    (void)state;
    static const struct line none;
    struct command unpair = { .kind = COMMAND_UNPAIR };
    struct receipt receipt;
    enum contact contact;
    start();
    stand_run(&stand, stand.now.ms + MINUTE_MS); /* what the pairings have begun to erase is erased */
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    unpair.slot = patient.key.slot;
    assert_int_equal(programmer_command(&doctor, &AIR, &unpair, &receipt, &contact), TOLD_APPLIED);
    assert_memory_equal(&stand.pump.line[LINE_PATIENT], &none, sizeof none);
    assert_int_not_equal(session_of(LINE_CLINIC), 0);
    stand_run(&stand, stand.now.ms + MINUTE_MS);
    unpair.slot = doctor.key.slot;
    assert_int_equal(programmer_command(&doctor, &AIR, &unpair, &receipt, &contact), TOLD_APPLIED);
    assert_memory_equal(&stand.pump.line[LINE_CLINIC], &none, sizeof none);
}

/* However busily it is used. */
static void a_session_has_an_end(void **state)
{
    (void)state;
    cisterna_Status status;
    start();
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    int64_t began_ms = stand.now.ms;
    while (stand.now.ms < began_ms + SESSION_LIFE_MS - MINUTE_MS) {
        stand_run(&stand, stand.now.ms + MINUTE_MS);
        assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_OK);
    }
    stand_run(&stand, began_ms + SESSION_LIFE_MS);
    assert_int_equal(session_of(LINE_CLINIC), 0);
    assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_SILENCE);
}

static void those_at_home_and_those_in_the_clinic_do_not_push_each_other_out(void **state)
{
    (void)state;
    struct programmer other;
    cisterna_Status status;
    start();
    ether_pair(&other, ROLE_CLINICIAN, "other");
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_OK);
    assert_int_equal(programmer_open(&other, &AIR), CONTACT_OK);
    assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_SILENCE);
    assert_int_equal(programmer_status(&patient, &AIR, &status), CONTACT_OK);
}

static void clinicians_must_be_near(void **state)
{
    (void)state;
    start();
    ether.reach = REACH_FAR;
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_SILENCE);
    assert_int_equal(stand.pump.now.mode, MODE_RUNNING);
    assert_int_equal(stand.pump.abuse.strangers, 0);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    ether.reach = REACH_NEAR;
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
}

/* An answer that is lost costs no second handshake. */
static void the_same_knock_gets_the_same_answer(void **state)
{
    (void)state;
    start();
    uint32_t before = stand.pump.gate.bucket[GATE_HANDSHAKE + doctor.key.slot].tokens;
    ether.mute_from = (int)ether.heard + 1;
    ether.mute_to = (int)ether.heard + 3;
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(stand.pump.gate.bucket[GATE_HANDSHAKE + doctor.key.slot].tokens, before - 1);
    assert_int_equal(stand.pump.gate.bucket[GATE_ANSWER + doctor.key.slot].tokens, 8 - 3);
}

/* A programmer restored from a backup knocks with counters that were used; the pump tells it where to go on. */
static void a_restored_programmer_finds_its_counter(void **state)
{
    (void)state;
    start();
    struct key backup = doctor.key;
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
        programmer_close(&doctor, &AIR);
        stand_run(&stand, stand.now.ms + HOUR_MS);
    }
    programmer_start(&doctor, &backup);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_true(doctor.key.counter > backup.counter + 5);
}

/* Counters never go back: after all retained memory is lost, the pump goes on from what flash has reserved. */
static void an_old_knock_is_refused_after_all_memory_is_lost(void **state)
{
    (void)state;
    start();
    ether.deaf_from = ether.deaf_to = (int)ether.sent + 1; /* recorded, and kept from the pump */
    doctor.patience.tries = 1;
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_SILENCE);
    struct key recorded = doctor.key;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    memset(stand.twin.retained, 0, sizeof stand.twin.retained);
    stand_reset(&stand);
    assert_int_equal(stand.pump.gate.counter[doctor.key.slot], stand.pump.peers.reserved[doctor.key.slot]);
    assert_true(stand.pump.gate.counter[doctor.key.slot] >= doctor.key.counter);
    stand_run(&stand, stand.now.ms + HOUR_MS); /* buckets were empty: lost is empty */
    ether_clear();
    struct programmer old;
    programmer_start(&old, &recorded);
    assert_int_equal(programmer_open(&old, &AIR), CONTACT_OK); /* who has the key resynchronises */
    uint64_t bound = old.key.counter + old.key.counter / GATE_RESERVE_SHARE + GATE_RESERVE;
    assert_int_equal(bound, stand.pump.peers.reserved[old.key.slot]);
}

static void buckets_are_empty_after_a_loss(void **state)
{
    (void)state;
    start();
    memset(stand.twin.retained, 0, sizeof stand.twin.retained);
    stand_reset(&stand);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_SILENCE);
    stand_run(&stand, stand.now.ms + 11 * MINUTE_MS);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
}

/* A counter that nothing could follow is not counted, and whoever sends it pays for it. */
static void a_counter_beyond_all_costs_a_token(void **state)
{
    (void)state;
    start();
    uint64_t counter = stand.pump.gate.counter[patient.key.slot];
    uint32_t strangers = stand.pump.gate.bucket[GATE_NEAR].tokens;
    uint32_t own = stand.pump.gate.bucket[GATE_HANDSHAKE + patient.key.slot].tokens;
    patient.key.counter += GATE_LEAP_MAX;
    patient.patience.tries = 1;
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_SILENCE);
    assert_int_equal(stand.pump.gate.counter[patient.key.slot], counter);
    assert_int_equal(stand.pump.gate.bucket[GATE_NEAR].tokens, strangers - 1);
    assert_int_equal(stand.pump.gate.bucket[GATE_HANDSHAKE + patient.key.slot].tokens, own);
}

/* Handshakes are rationed for each slot; using one's own up leaves the others'. */
static void a_slot_that_knocks_too_often_waits(void **state)
{
    (void)state;
    start();
    unsigned opened = 0;
    patient.patience = (struct patience){ .wait_ms = 10, .tries = 2 };
    for (unsigned i = 0; i < 50; i++)
        opened += programmer_open(&patient, &AIR) == CONTACT_OK;
    assert_int_equal(opened, 30);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    stand_run(&stand, stand.now.ms + 120000);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
}

/* F6: a clinician's programmer opened a session for each of many commands, and now the pump must stop. */
static void a_stop_does_not_wait_for_a_token(void **state)
{
    (void)state;
    struct command stop = { .kind = COMMAND_STOP };
    struct receipt receipt;
    enum contact contact;
    start();
    doctor.patience = (struct patience){ .wait_ms = 10, .tries = 1 };
    unsigned opened = 0;
    for (unsigned i = 0; i < 40; i++)
        opened += programmer_open(&doctor, &AIR) == CONTACT_OK;
    assert_int_equal(opened, 40);
    for (unsigned i = 0; i < 400; i++) /* and whoever knocks without an end waits no longer than 10 s */
        opened += programmer_open(&doctor, &AIR) == CONTACT_OK;
    assert_in_range(opened, 30 + 250 - 8, 30 + 250); /* a few met flash that could not reserve their counter so fast */
    stand_run(&stand, stand.now.ms + 4 * HOUR_MS); /* the strangers' tokens that the refused ones cost */
    for (unsigned i = 0; i < 1000 && programmer_open(&doctor, &AIR) == CONTACT_OK; i++) {
    }
    stand_run(&stand, stand.now.ms + 10000);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(programmer_command(&doctor, &AIR, &stop, &receipt, &contact), TOLD_APPLIED);
    assert_int_equal(stand.pump.now.mode, MODE_STOPPED);
}

/* A monitor at the bedside asks a pump again and again, far beyond its tokens, and repeats each call as patiently as any: the
 * strangers' tokens near are not touched, and whoever must stop the pump is heard. */
static void a_key_that_calls_too_often_deafens_nobody_else(void **state)
{
    (void)state;
    start();
    struct command stop = { .kind = COMMAND_STOP };
    struct receipt receipt;
    enum contact contact;
    uint32_t strangers = gate_tokens(&stand.pump, GATE_NEAR, stand.now);
    unsigned refused = 0;
    patient.patience = (struct patience){ .wait_ms = 10, .tries = 12 };
    for (unsigned i = 0; i < 60; i++)
        refused += programmer_open(&patient, &AIR) == CONTACT_SILENCE;
    assert_in_range(refused, 25, 30);
    assert_int_equal(gate_tokens(&stand.pump, GATE_NEAR, stand.now), strangers);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(programmer_command(&doctor, &AIR, &stop, &receipt, &contact), TOLD_APPLIED);
}

/* What is repeated beyond that may be a recording, and costs a stranger's token. */
static void a_frame_is_not_repeated_for_ever(void **state)
{
    (void)state;
    start();
    patient.patience = (struct patience){ .wait_ms = 10, .tries = 1 };
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    struct radio_heard recorded = ether.to_pump.frame[(ether.to_pump.from + ETHER_FRAMES - 1) % ETHER_FRAMES];
    uint32_t strangers = gate_tokens(&stand.pump, GATE_NEAR, stand.now);
    for (unsigned i = 0; i < GATE_REPEATS_FREE; i++)
        ether_frame(recorded.bytes, recorded.size);
    assert_int_equal(gate_tokens(&stand.pump, GATE_NEAR, stand.now), strangers);
    for (unsigned i = 0; i < 50; i++) /* eight at most are answered again besides, out of the slot's own bucket */
        ether_frame(recorded.bytes, recorded.size);
    assert_in_range(gate_tokens(&stand.pump, GATE_NEAR, stand.now), strangers - 50, strangers - 42);
}

/* A knock that found no token was heard all the same: whoever recorded it cannot play it when there is one again. */
static void a_knock_without_a_token_is_spent(void **state)
{
    (void)state;
    start();
    patient.patience = (struct patience){ .wait_ms = 10, .tries = 1 };
    for (unsigned i = 0; i < 30; i++)
        assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    uint32_t session = session_of(LINE_PATIENT);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_SILENCE);
    struct radio_heard recorded = ether.to_pump.frame[(ether.to_pump.from + ETHER_FRAMES - 1) % ETHER_FRAMES];
    assert_int_equal(stand.pump.gate.counter[patient.key.slot], patient.key.counter);
    stand_run(&stand, stand.now.ms + 100000); /* the session stands, and a token comes in */
    stand_run(&stand, stand.now.ms + 19000);
    assert_int_equal(session_of(LINE_PATIENT), session);
    uint64_t used = stand.pump.tally.count[ENERGY_PUBLIC_KEY];
    stand_run(&stand, stand.now.ms + 1000 * MINUTE_MS);
    uint32_t own = gate_tokens(&stand.pump, (unsigned)GATE_HANDSHAKE + patient.key.slot, stand.now);
    assert_int_equal(own, 30);
    (void)used;
    ether_frame(recorded.bytes, recorded.size);
    assert_int_equal(session_of(LINE_PATIENT), 0);
    assert_int_equal(gate_tokens(&stand.pump, (unsigned)GATE_HANDSHAKE + patient.key.slot, stand.now), own);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK); /* and its owner is let in with the next */
}

/* A key at home is no licence to empty the battery: messages are rationed for its slot, however many sessions it opens. */
static void messages_from_home_are_rationed(void **state)
{
    (void)state;
    cisterna_Status status;
    unsigned answered = 0;
    start();
    patient.patience = (struct patience){ .wait_ms = 1, .tries = 1 };
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    for (unsigned i = 0; i < 400; i++)
        answered += programmer_status(&patient, &AIR, &status) == CONTACT_OK;
    assert_in_range(answered, 240, 250); /* opening took some */
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    stand_run(&stand, stand.now.ms + 10 * 60 * 1000);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
}

/* The two sides rekey together over a long session. */
static void a_long_session_outlives_many_keys(void **state)
{
    (void)state;
    cisterna_Status status;
    start();
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    for (unsigned i = 0; i < 5 * SESSION_REKEY_EVERY; i++)
        assert_int_equal(programmer_status(&doctor, &AIR, &status), CONTACT_OK);
    assert_true(stand.pump.line[LINE_CLINIC].session.in.rekeys >= 5);
}

static void therapy_does_not_notice(void **state)
{
    (void)state;
    start();
    struct programmer talkative = doctor;
    static struct stand alone;
    unsigned opened = 0;
    alone = stand;
    alone.dress = NULL; /* no radio in its reach any more */
    for (unsigned i = 0; i < 100; i++) {
        opened += programmer_open(&talkative, &AIR) == CONTACT_OK;
        if (i % 3 == 0)
            programmer_close(&talkative, &AIR);
        stand_run(&stand, stand.now.ms + 10 * MINUTE_MS);
    }
    assert_int_equal(opened, 100);
    stand_run(&alone, stand.now.ms);
    assert_int_equal(stand_status(&stand).commanded_quanta, stand_status(&alone).commanded_quanta);
    assert_int_equal(stand_status(&stand).metered_quanta, stand_status(&alone).metered_quanta);
    assert_int_equal(stand_status(&stand).head, stand_status(&alone).head);
}

/* Bits of a peer in memory fall over: nobody gets another's role. */
static void a_flipped_role_is_read_anew_from_flash(void **state)
{
    (void)state;
    start();
    stand.pump.peers.peer[patient.key.slot].role = ROLE_CLINICIAN;
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    assert_int_equal(patient.role, ROLE_PATIENT);
    struct command stop = { .kind = COMMAND_STOP };
    struct receipt receipt;
    enum contact contact;
    stand.pump.peers.peer[patient.key.slot].role = ROLE_CLINICIAN;
    assert_int_equal(programmer_command(&patient, &AIR, &stop, &receipt, &contact), TOLD_NOT_APPLIED);
    assert_int_equal(receipt.reasons, VERDICT_ROLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_opens_asks_and_closes),
        cmocka_unit_test(nothing_is_left_of_a_session),
        cmocka_unit_test(who_reads_and_who_presses_have_a_session_each),
        cmocka_unit_test(unpairing_ends_a_session_at_once),
        cmocka_unit_test(a_session_has_an_end),
        cmocka_unit_test(those_at_home_and_those_in_the_clinic_do_not_push_each_other_out),
        cmocka_unit_test(clinicians_must_be_near),
        cmocka_unit_test(the_same_knock_gets_the_same_answer),
        cmocka_unit_test(a_restored_programmer_finds_its_counter),
        cmocka_unit_test(an_old_knock_is_refused_after_all_memory_is_lost),
        cmocka_unit_test(buckets_are_empty_after_a_loss),
        cmocka_unit_test(a_counter_beyond_all_costs_a_token),
        cmocka_unit_test(a_slot_that_knocks_too_often_waits),
        cmocka_unit_test(a_stop_does_not_wait_for_a_token),
        cmocka_unit_test(a_key_that_calls_too_often_deafens_nobody_else),
        cmocka_unit_test(a_frame_is_not_repeated_for_ever),
        cmocka_unit_test(a_knock_without_a_token_is_spent),
        cmocka_unit_test(messages_from_home_are_rationed),
        cmocka_unit_test(a_long_session_outlives_many_keys),
        cmocka_unit_test(therapy_does_not_notice),
        cmocka_unit_test(a_flipped_role_is_read_anew_from_flash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
