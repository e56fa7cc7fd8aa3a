/* emergency_test.c - magnet and near field without a key: identity, and lowering, and nothing else. REQ-SECU-08. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "core/bytes.h"
#include "link/packet.h"

enum { CHALLENGE = 0x1234 };

/* What a pump told of itself. */
struct identity {
    char serial[SERIAL_BYTES];
    uint8_t model, mode, lowered;
    uint32_t alarms, base_nl_day, minutes;
    int64_t reservoir_nl;
};

static void ask(uint8_t wish)
{
    struct packet packet = { .kind = PACKET_EMERGENCY, .wish = wish, .challenge = CHALLENGE };
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = packet_write(&packet, body);
    ether_frame(frame, frame_write(body, size, frame));
}

static bool told(struct identity *identity)
{
    struct radio_heard heard;
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    if (!ether_pop(&ether.to_programmer, &heard))
        return false;
    assert_true(packet_read(body, frame_read(heard.bytes, heard.size, body), &packet));
    assert_int_equal(packet.kind, PACKET_IDENTITY);
    assert_int_equal(packet.challenge, CHALLENGE);
    struct byte_reader reader = { .at = packet.bytes, .left = packet.size };
    byte_read_block(&reader, (uint8_t *)identity->serial, SERIAL_BYTES);
    identity->model = (uint8_t)byte_read(&reader, 1);
    identity->mode = (uint8_t)byte_read(&reader, 1);
    identity->lowered = (uint8_t)byte_read(&reader, 1);
    assert_int_equal(byte_read(&reader, 1), 0);
    identity->alarms = (uint32_t)byte_read(&reader, 4);
    identity->base_nl_day = (uint32_t)byte_read(&reader, 4);
    identity->reservoir_nl = (int64_t)byte_read(&reader, 8);
    identity->minutes = (uint32_t)byte_read(&reader, 4);
    assert_int_equal(reader.left, 0);
    return true;
}

static void who_has_no_magnet_hears_nothing(void **state)
{
    (void)state;
    struct identity identity;
    ether_on();
    ask(EMERGENCY_LOWER);
    assert_false(told(&identity));
    ether.magnet = true;
    ether.reach = REACH_FAR;
    ask(EMERGENCY_LOWER);
    assert_false(told(&identity));
    ether.reach = REACH_NEAR;
    ether.field = true; /* a scanner pulls at the magnet's sensor too */
    ask(EMERGENCY_LOWER);
    assert_false(told(&identity));
    assert_int_equal(stand.pump.now.mode, MODE_RUNNING);
}

static void identity_changes_nothing(void **state)
{
    (void)state;
    struct identity identity;
    ether_on();
    ether.magnet = true;
    uint64_t head = stand.pump.now.head;
    ask(EMERGENCY_IDENTIFY);
    assert_true(told(&identity));
    assert_memory_equal(identity.serial, stand.unit.serial, SERIAL_BYTES);
    assert_int_equal(identity.mode, MODE_RUNNING);
    assert_int_equal(identity.base_nl_day, BENCH_RATE);
    assert_int_equal(identity.minutes, 60);
    assert_int_equal(identity.lowered, 0);
    assert_int_equal(stand.pump.now.head, head);
    assert_int_equal(stand.pump.now.mode, MODE_RUNNING);
}

static void lowering_goes_to_the_safe_rate_and_holds(void **state)
{
    (void)state;
    struct identity identity;
    struct event event;
    ether_on();
    ether.magnet = true;
    unsigned tones = ether.tones;
    ask(EMERGENCY_LOWER);
    assert_true(told(&identity));
    assert_int_equal(identity.mode, MODE_SAFE);
    assert_int_equal(identity.base_nl_day, 48000);
    assert_int_equal(identity.lowered, 1);
    assert_true(ether.tones > tones);
    assert_int_equal(bench_events(&stand, EVENT_EMERGENCY, &event), 1);
    assert_int_equal(event.field[0], BENCH_RATE);
    assert_int_equal(event.field[1], 48000);
    assert_true(bench_alarm(&stand, ALARM_AT_EMERGENCY));
    ask(EMERGENCY_LOWER); /* once more is once */
    assert_int_equal(bench_events(&stand, EVENT_EMERGENCY, NULL), 1);
    ether.magnet = false;
    stand_reset(&stand);
    stand_run(&stand, stand.now.ms + DAY_MS);
    assert_int_equal(stand.pump.now.mode, MODE_SAFE);
    assert_true(bench_alarm(&stand, ALARM_AT_EMERGENCY));
}

/* Only a clinician ends it: first by clearing the alarm, having looked, then by letting it run. */
static void a_clinician_ends_it(void **state)
{
    (void)state;
    ether_on();
    ether.magnet = true;
    ask(EMERGENCY_LOWER);
    stand_run(&stand, stand.now.ms + HOUR_MS);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, VERDICT_LATCHED_SAFE);
    assert_int_equal(bench_tell(&stand, COMMAND_PATIENT_BOLUS).reasons, VERDICT_NOT_RUNNING);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(ALARM_AT_EMERGENCY)->code };
    assert_int_equal(stand_tell(&stand, ROLE_PATIENT, clear).reasons, VERDICT_ROLE);
    assert_int_equal(stand_tell(&stand, ROLE_CLINICIAN, clear).reasons, 0);
    assert_int_equal(stand.pump.now.mode, MODE_SAFE);
    assert_int_equal(bench_tell(&stand, COMMAND_RESUME).reasons, 0);
    assert_int_equal(stand.pump.now.mode, MODE_RUNNING);
}

static void the_access_ends_after_an_hour(void **state)
{
    (void)state;
    struct identity identity;
    ether_on();
    ether.magnet = true;
    ask(EMERGENCY_IDENTIFY);
    assert_true(told(&identity));
    stand_run(&stand, stand.now.ms + EMERGENCY_WINDOW_MS - 1);
    ask(EMERGENCY_IDENTIFY);
    assert_true(told(&identity));
    stand_run(&stand, stand.now.ms + 1);
    ask(EMERGENCY_LOWER);
    assert_false(told(&identity));
    assert_int_equal(stand.pump.now.mode, MODE_RUNNING);
    ether.magnet = false;
    ask(EMERGENCY_IDENTIFY); /* seen away */
    ether.magnet = true;
    ask(EMERGENCY_IDENTIFY);
    assert_true(told(&identity));
    assert_int_equal(identity.minutes, 60);
}

/* Nothing is ever raised: what already gives less stays as it is, and a bolus under way ends. */
static void it_only_lowers(void **state)
{
    (void)state;
    ether_on();
    ether.magnet = true;
    assert_int_equal(bench_tell(&stand, COMMAND_STOP).reasons, 0);
    ask(EMERGENCY_LOWER);
    assert_int_equal(stand.pump.now.mode, MODE_STOPPED);
    ether_on();
    ether.magnet = true;
    stand.pump.now.safe_rate.nl_day = 96000;
    assert_int_equal(bench_tell(&stand, COMMAND_MINIMUM).reasons, 0);
    ask(EMERGENCY_LOWER);
    assert_int_equal(stand.pump.now.mode, MODE_MINIMUM);
    assert_true(bench_alarm(&stand, ALARM_AT_EMERGENCY));
    ether_on();
    ether.magnet = true;
    stand_run(&stand, stand.now.ms + HOUR_MS);
    assert_int_equal(bench_bolus(&stand, 50000, 14400000).reasons, 0);
    ask(EMERGENCY_LOWER);
    assert_int_equal(stand.pump.now.course, COURSE_NONE);
    assert_int_equal(stand.pump.base.nl_day, 48000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_no_magnet_hears_nothing),
        cmocka_unit_test(identity_changes_nothing),
        cmocka_unit_test(lowering_goes_to_the_safe_rate_and_holds),
        cmocka_unit_test(a_clinician_ends_it),
        cmocka_unit_test(the_access_ends_after_an_hour),
        cmocka_unit_test(it_only_lowers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
