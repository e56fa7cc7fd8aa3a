/* pairing_test.c - becoming known with the card of the implant, near, whole or not at all. REQ-SECU-07. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "pump/peers.h"

static struct programmer doctor;

static enum contact pair_with(struct programmer *programmer, const uint8_t *card, enum role role, uint8_t *outcome)
{
    struct key key = { .slot = 0 };
    memcpy(key.pump_id, stand.unit.serial, sizeof key.pump_id);
    memcpy(key.label, "someone", 8);
    programmer_start(programmer, &key);
    programmer->patience = (struct patience){ .wait_ms = 200, .tries = 5 };
    return programmer_pair(programmer, &AIR, card, role, outcome);
}

static void a_pairing_is_kept_and_heard(void **state)
{
    (void)state;
    ether_on();
    unsigned tones = ether.tones;
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    assert_int_equal(doctor.key.slot, 1);
    assert_int_equal(ether.tones, tones + 1);
    struct event event = { .sequence = 0 };
    assert_int_equal(bench_events(&stand, EVENT_PAIRED, &event), 1);
    assert_int_equal(event.field[0], 1);
    assert_int_equal(event.field[1], ROLE_CLINICIAN);
    stand_reset(&stand);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    memset(stand.twin.retained, 0, sizeof stand.twin.retained); /* and lives in flash alone */
    stand_reset(&stand);
    stand_run(&stand, stand.now.ms + HOUR_MS);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
}

static void the_wrong_card_pairs_nobody(void **state)
{
    (void)state;
    uint8_t card[CARD_SECRET_BYTES], outcome = 0;
    ether_on();
    for (unsigned bit = 0; bit < 8 * CARD_SECRET_BYTES; bit += 9) {
        memcpy(card, CARD, sizeof card);
        card[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(pair_with(&doctor, card, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE);
    }
    struct board board = stand_board(&stand);
    assert_int_equal(peers_free(&stand.pump, &board), 1);
    assert_true(stand.pump.abuse.strangers > 0);
}

static void nobody_pairs_from_afar_or_without_a_card(void **state)
{
    (void)state;
    uint8_t outcome = 0, none[CARD_SECRET_BYTES] = { 0 };
    ether_on();
    ether.reach = REACH_FAR;
    assert_int_equal(pair_with(&doctor, CARD, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE);
    ether.reach = REACH_NEAR;
    memset(stand.unit.card, 0, sizeof stand.unit.card); /* a pump whose card was never made */
    stand_reset(&stand);
    assert_int_equal(pair_with(&doctor, none, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE);
}

/* Each frame of a pairing lost in turn: at its end both know each other, or neither believes so for good. */
static void a_lost_frame_leaves_no_half_pairing(void **state)
{
    (void)state;
    for (int lost = 1; lost <= 6; lost++) {
        for (int mute = 0; mute < 2; mute++) {
            uint8_t outcome = 0;
            ether_on();
            ether.deaf_from = ether.deaf_to = mute ? 0 : (int)ether.sent + lost;
            ether.mute_from = ether.mute_to = mute ? (int)ether.heard + lost : 0;
            assert_int_equal(pair_with(&doctor, CARD, ROLE_PATIENT, &outcome), CONTACT_OK);
            assert_int_equal(doctor.key.slot, 1);
            assert_int_equal(bench_events(&stand, EVENT_PAIRED, NULL), 1);
            assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
        }
    }
}

static void eight_are_known_and_a_ninth_is_told_so(void **state)
{
    (void)state;
    static struct programmer many[PEER_SLOTS + 1];
    uint8_t outcome = 0;
    ether_on();
    for (unsigned i = 0; i < PEER_SLOTS; i++) {
        stand_run(&stand, stand.now.ms + HOUR_MS);
        ether_pair(&many[i], ROLE_READER, "reader");
        assert_int_equal(many[i].key.slot, i + 1);
    }
    stand_run(&stand, stand.now.ms + HOUR_MS);
    assert_int_equal(pair_with(&many[PEER_SLOTS], CARD, ROLE_CLINICIAN, &outcome), CONTACT_REFUSED);
    assert_int_equal(outcome, PAIRING_NO_SLOT);
    for (unsigned i = 0; i < PEER_SLOTS; i++)
        assert_int_equal(programmer_open(&many[i], &AIR), CONTACT_OK);
}

/* The same key again keeps its slot, its ids and receipts: what it does not know the outcome of, it can still ask for. */
static void pairing_again_keeps_the_slot_and_its_receipts(void **state)
{
    (void)state;
    struct command silence = { .kind = COMMAND_SILENCE, .minutes = 5 };
    struct receipt receipt;
    enum contact contact;
    uint8_t outcome = 0;
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    ether.mute_from = (int)ether.heard + 1; /* the receipt never comes */
    ether.mute_to = 100000;
    assert_int_equal(programmer_command(&doctor, &AIR, &silence, &receipt, &contact), TOLD_UNKNOWN);
    ether.mute_to = 0;
    assert_int_equal(programmer_pair(&doctor, &AIR, CARD, ROLE_CLINICIAN, &outcome), CONTACT_OK);
    assert_int_equal(doctor.key.slot, 1);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(doctor.settled.outcome, OUTCOME_APPLIED);
}

static unsigned busy; /* so many PAIR_3 come when the peers' sector is full and another one is being erased */

static bool air_send_busy(void *context, const uint8_t *frame, size_t size)
{
    struct store_place *place = &stand.pump.store.place[STORE_PEERS];
    const struct pairing before = stand.pump.pairing;
    const uint16_t used = place->used;
    uint8_t body[FRAME_BODY_MAX];
    if (busy == 0 || frame_read(frame, size, body) == 0 || body[0] != PACKET_PAIR_3)
        return air_send(context, frame, size);
    busy--;
    assert_int_equal(flash_erase(&stand.twin.flash, FLASH_SECTORS - 1, stand.now), FLASH_DONE);
    place->used = FLASH_SECTOR_BYTES;
    bool sent = air_send(context, frame, size);
    place->used = used;
    assert_memory_equal(&stand.pump.pairing, &before, sizeof before);
    return sent;
}

/* What cannot be stored just now leaves nothing behind, and is done when it is asked once more. */
static void a_pairing_waits_for_the_flash(void **state)
{
    (void)state;
    struct air air = AIR;
    uint8_t outcome = 0;
    air.send = air_send_busy;
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    stand_run(&stand, stand.now.ms + HOUR_MS);
    busy = 1; /* the slot offered is the next free one, the slot given that of the key */
    assert_int_equal(programmer_pair(&doctor, &air, CARD, ROLE_CLINICIAN, &outcome), CONTACT_OK);
    assert_int_equal(busy, 0);
    assert_int_equal(doctor.key.slot, 1);
    assert_int_equal(bench_events(&stand, EVENT_PAIRED, NULL), 2);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
}

/* Another key in a slot that was freed: nothing of the one before counts for it. */
static void a_freed_slot_begins_anew(void **state)
{
    (void)state;
    struct programmer second, third;
    struct command unpair = { .kind = COMMAND_UNPAIR, .slot = 2 }, silence = { .kind = COMMAND_SILENCE, .minutes = 5 };
    struct receipt receipt;
    enum contact contact;
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    ether_pair(&second, ROLE_PATIENT, "second");
    assert_int_equal(programmer_open(&second, &AIR), CONTACT_OK);
    assert_int_equal(programmer_command(&second, &AIR, &silence, &receipt, &contact), TOLD_APPLIED);
    stand_run(&stand, stand.now.ms + 1000); /* a sector is erased meanwhile */
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(programmer_command(&doctor, &AIR, &unpair, &receipt, &contact), TOLD_APPLIED);
    assert_int_equal(programmer_command(&second, &AIR, &silence, &receipt, &contact), TOLD_UNKNOWN);
    assert_int_equal(programmer_open(&second, &AIR), CONTACT_SILENCE);
    stand_run(&stand, stand.now.ms + HOUR_MS);
    ether_pair(&third, ROLE_PATIENT, "third");
    assert_int_equal(third.key.slot, 2);
    assert_int_equal(programmer_open(&second, &AIR), CONTACT_SILENCE);
    assert_int_equal(programmer_open(&third, &AIR), CONTACT_OK);
    assert_int_equal(programmer_command(&third, &AIR, &silence, &receipt, &contact), TOLD_APPLIED);
}

/* The frame that was sent last, changed in one byte of its body when `at` is not 0. */
static void send_again(unsigned at)
{
    const struct radio_heard *last = &ether.to_pump.frame[(ether.to_pump.from + ETHER_FRAMES - 1) % ETHER_FRAMES];
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = frame_read(last->bytes, last->size, body);
    assert_true(at < size);
    body[at] ^= at != 0;
    ether_frame(frame, frame_write(body, size, frame));
    if (at != 0) { /* so that what comes last is again as it was */
        body[at] ^= 1;
        size = frame_write(body, size, frame);
        ether_push(&ether.to_pump, frame, size, REACH_NEAR);
        (void)ether_pop(&ether.to_pump, &(struct radio_heard){ .size = 0 });
    }
}

/* The same PAIR_3 gets the same PAIRED; one that has but its seal does not, whatever the rest is. */
static void only_the_same_again_gets_the_same_again(void **state)
{
    (void)state;
    ether_on();
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    unsigned heard = ether.heard;
    send_again(0);
    assert_int_equal(ether.heard, heard + 1);
    uint32_t strangers = stand.pump.gate.bucket[GATE_NEAR].tokens;
    for (unsigned at = 1; at < 1 + 81 - TAG_BYTES; at += 7)
        send_again(at);
    assert_int_equal(ether.heard, heard + 1);
    assert_int_equal(stand.pump.gate.bucket[GATE_NEAR].tokens, strangers - 10);
}

/* What is authentic and not answered may have been recorded: it costs a stranger's token like anything else. */
static void what_is_not_answered_costs_a_token(void **state)
{
    (void)state;
    uint8_t outcome = 0;
    ether_on();
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(pair_with(&doctor, CARD, ROLE_CLINICIAN, &outcome), CONTACT_OK);
    for (unsigned i = 0; stand.pump.gate.bucket[GATE_ANSWER].tokens > 0; i++) {
        assert_true(i < 8);
        send_again(0);
    }
    uint32_t strangers = stand.pump.gate.bucket[GATE_NEAR].tokens;
    unsigned heard = ether.heard;
    send_again(0); /* PAIR_3, without a token of answers */
    assert_int_equal(stand.pump.gate.bucket[GATE_NEAR].tokens, strangers - 1);
    assert_int_equal(pair_with(&doctor, CARD, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE); /* PAIR_1, without one of handshakes */
    assert_int_equal(stand.pump.gate.bucket[GATE_NEAR].tokens, strangers - 1 - 5);
    assert_int_equal(ether.heard, heard);
}

/* A first message that found no token was heard all the same: a recording of it begins nothing. */
static void a_first_message_without_a_token_is_spent(void **state)
{
    (void)state;
    uint8_t outcome = 0;
    ether_on();
    struct board board = stand_board(&stand);
    while (gate_take(&stand.pump, &board, (unsigned)GATE_HANDSHAKE + PAIRING_SLOT, stand.now)) {
    }
    assert_int_equal(pair_with(&doctor, CARD, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE);
    struct radio_heard recorded = ether.to_pump.frame[(ether.to_pump.from + ETHER_FRAMES - 1) % ETHER_FRAMES];
    stand_run(&stand, stand.now.ms + HOUR_MS);
    ether_frame(recorded.bytes, recorded.size);
    assert_int_equal(gate_tokens(&stand.pump, (unsigned)GATE_HANDSHAKE + PAIRING_SLOT, stand.now), 4);
    assert_int_equal(pair_with(&doctor, CARD, ROLE_CLINICIAN, &outcome), CONTACT_OK);
}

static void one_that_is_not_finished_is_forgotten(void **state)
{
    (void)state;
    static const struct pairing none;
    uint8_t outcome = 0;
    ether_on();
    ether.deaf_from = (int)ether.sent + 2; /* PAIR_1 gets through, PAIR_3 never */
    ether.deaf_to = 100000;
    assert_int_equal(pair_with(&doctor, CARD, ROLE_CLINICIAN, &outcome), CONTACT_SILENCE);
    assert_int_not_equal(stand.pump.pairing.state, 0);
    stand_run(&stand, stand.now.ms + PAIRING_LIFE_MS);
    assert_memory_equal(&stand.pump.pairing, &none, sizeof none);
    assert_int_equal(bench_events(&stand, EVENT_PAIRED, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pairing_is_kept_and_heard),
        cmocka_unit_test(the_wrong_card_pairs_nobody),
        cmocka_unit_test(nobody_pairs_from_afar_or_without_a_card),
        cmocka_unit_test(a_lost_frame_leaves_no_half_pairing),
        cmocka_unit_test(eight_are_known_and_a_ninth_is_told_so),
        cmocka_unit_test(pairing_again_keeps_the_slot_and_its_receipts),
        cmocka_unit_test(a_pairing_waits_for_the_flash),
        cmocka_unit_test(a_freed_slot_begins_anew),
        cmocka_unit_test(only_the_same_again_gets_the_same_again),
        cmocka_unit_test(what_is_not_answered_costs_a_token),
        cmocka_unit_test(a_first_message_without_a_token_is_spent),
        cmocka_unit_test(one_that_is_not_finished_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
