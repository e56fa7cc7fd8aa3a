/* radio_test.c - what strangers get: nothing, for very little. REQ-LINK-10, REQ-SECU-04, -05, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "link/packet.h"

static struct programmer patient, doctor;

static void start(void)
{
    ether_on();
    ether_pair(&patient, ROLE_PATIENT, "patient");
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    ether_clear();
    ether.reach = REACH_FAR;
}

static void knock_badly(uint8_t slot, uint64_t counter)
{
    struct packet packet = { .kind = PACKET_KNOCK, .slot = slot, .counter = counter, .size = 48 };
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    memset(packet.bytes, (int)counter, 48);
    memset(packet.tag, (int)counter, TAG_BYTES);
    size_t size = packet_write(&packet, body);
    ether_frame(frame, frame_write(body, size, frame));
}

static void strangers_get_silence_and_do_no_public_key_work(void **state)
{
    (void)state;
    start();
    uint32_t work = stand.pump.tally.count[ENERGY_PUBLIC_KEY];
    uint64_t head = stand.pump.now.head;
    unsigned heard = ether.heard;
    for (unsigned i = 1; i <= 20; i++)
        knock_badly((uint8_t)(1 + i % PEER_SLOTS), 1000000 + i);
    assert_int_equal(ether.heard, heard);
    assert_int_equal(stand.pump.tally.count[ENERGY_PUBLIC_KEY], work);
    assert_int_equal(stand.pump.now.head, head);
}

/* Frames that are no frames at all, of every length. */
static void noise_is_dropped(void **state)
{
    (void)state;
    uint8_t bytes[FRAME_BYTES_MAX];
    start();
    ether.reach = REACH_NEAR;
    uint64_t head = stand.pump.now.head;
    unsigned heard = ether.heard;
    for (unsigned size = 1; size <= FRAME_BYTES_MAX; size++) {
        air_chance(NULL, bytes, sizeof bytes);
        ether_frame(bytes, size);
    }
    assert_int_equal(ether.heard, heard);
    assert_int_equal(stand.pump.now.head, head);
}

/* When strangers have used up theirs, the radio does not listen far until a token is there again. */
static void a_flood_makes_the_pump_deaf_to_afar_and_not_to_the_skin(void **state)
{
    (void)state;
    start();
    for (unsigned i = 0; i < 30; i++) {
        assert_int_equal(ether.listening, REACH_FAR);
        knock_badly(1, 1000000 + i);
    }
    assert_int_equal(ether.listening, REACH_NEAR);
    patient.patience = (struct patience){ .wait_ms = 100, .tries = 3 };
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_SILENCE);
    ether.reach = REACH_NEAR; /* held to the skin it is heard */
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    stand_run(&stand, stand.now.ms + 150000);
    assert_int_equal(ether.listening, REACH_FAR);
    ether.reach = REACH_FAR;
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
}

/* A device hidden at the skin makes the pump deaf to everybody, for two minutes at a time: what costs is receiving. */
static void a_flood_at_the_skin_turns_the_receiver_off(void **state)
{
    (void)state;
    start();
    ether.reach = REACH_NEAR;
    unsigned heard = 0;
    for (; ether.listening != REACH_NONE; heard++)
        knock_badly(1, 1000000 + heard);
    assert_in_range(heard, 190, 200);
    uint32_t bytes = stand.pump.tally.count[ENERGY_RADIO_BYTE];
    knock_badly(1, 2000000);
    assert_int_equal(stand.pump.tally.count[ENERGY_RADIO_BYTE], bytes);
    stand_run(&stand, stand.now.ms + 2 * MINUTE_MS);
    assert_int_not_equal(ether.listening, REACH_NONE);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
}

/* A core that starts again while its radio keeps its supply finds it as it was told last: deaf to afar. */
static void a_core_that_starts_again_hears_from_afar(void **state)
{
    (void)state;
    start();
    for (unsigned i = 0; i < 30; i++)
        knock_badly(1, 1000000 + i);
    assert_int_equal(ether.listening, REACH_NEAR);
    stand.now.ms += DAY_MS; /* it hung: tokens came in, and nobody looked */
    stand_reset(&stand);
    stand_run(&stand, stand.now.ms + 1000);
    assert_int_equal(ether.listening, REACH_FAR);
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
}

/* A flood is told, once an hour at most; those who have keys are no strangers. */
static void a_flood_is_an_alarm(void **state)
{
    (void)state;
    start();
    ether.reach = REACH_NEAR;
    for (unsigned i = 0; i < 31; i++) {
        assert_false(bench_alarm(&stand, ALARM_AT_RADIO_ABUSE));
        knock_badly(1, 1000000 + i);
    }
    assert_true(bench_alarm(&stand, ALARM_AT_RADIO_ABUSE));
    stand_run(&stand, stand.now.ms + 2 * HOUR_MS);
    assert_false(bench_alarm(&stand, ALARM_AT_RADIO_ABUSE));
}

/* However hostile the air, nothing is written to flash for it: only a sound tag moves a counter. */
static void hostile_frames_wear_nothing(void **state)
{
    (void)state;
    start();
    stand_run(&stand, stand.now.ms + MINUTE_MS);
    uint64_t words = stand.twin.flash.operations;
    for (unsigned i = 0; i < 29; i++)
        knock_badly((uint8_t)(1 + i % PEER_SLOTS), UINT64_MAX - i);
    assert_int_equal(stand.twin.flash.operations, words);
}

/* Sixteen at a wake are fetched, and then the rest. */
static void many_frames_at_once_are_all_heard(void **state)
{
    (void)state;
    uint8_t noise[3] = { 1, 2, 0 };
    start();
    for (unsigned i = 0; i < 2 * ETHER_FRAMES / 2; i++)
        ether_push(&ether.to_pump, noise, sizeof noise, REACH_NEAR);
    uint32_t tokens = stand.pump.gate.bucket[GATE_NEAR].tokens;
    ether_deliver();
    assert_int_equal(ether.to_pump.count, 0);
    assert_int_equal(tokens - stand.pump.gate.bucket[GATE_NEAR].tokens, ETHER_FRAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_get_silence_and_do_no_public_key_work),
        cmocka_unit_test(noise_is_dropped),
        cmocka_unit_test(a_flood_makes_the_pump_deaf_to_afar_and_not_to_the_skin),
        cmocka_unit_test(a_flood_at_the_skin_turns_the_receiver_off),
        cmocka_unit_test(a_core_that_starts_again_hears_from_afar),
        cmocka_unit_test(a_flood_is_an_alarm),
        cmocka_unit_test(hostile_frames_wear_nothing),
        cmocka_unit_test(many_frames_at_once_are_all_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
