/* hz_43_test.c - battery drain by hostile wake-ups: radio traffic around the clock costs less than a twentieth of the battery.
 * REQ-SECU-04, -05. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/pump/ether.h"

#include "link/packet.h"

enum { EVERY_MS = 500, HOSTILE_DAYS = 1 };

static struct programmer patient, doctor;

static void start(void)
{
    ether_on();
    ether_pair(&patient, ROLE_PATIENT, "patient");
    ether_pair(&doctor, ROLE_CLINICIAN, "doctor");
    ether_clear();
    stand_run(&stand, DAY_MS);
}

/* Charge used in so many days, nC, while `attack` is carried out again and again from there. */
static int64_t charge_of(int64_t days, uint8_t reach, void (*attack)(unsigned round))
{
    int64_t before_nc = stand.pump.now.energy.used_nc, end_ms = stand.now.ms + days * DAY_MS;
    unsigned round = 0;
    ether.reach = reach;
    while (stand.now.ms < end_ms) {
        if (attack != NULL)
            attack(round++);
        ether_clear();
        stand_run(&stand, stand.now.ms + EVERY_MS < end_ms ? stand.now.ms + EVERY_MS : end_ms);
    }
    stand_run(&stand, end_ms + HOUR_MS); /* the look that books it */
    return stand.pump.now.energy.used_nc - before_nc;
}

static void send_packet(const struct packet *packet)
{
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = packet_write(packet, body);
    ether_frame(frame, frame_write(body, size, frame));
}

/* The longest frame there is, of a session that does not exist. */
static void long_data(unsigned round)
{
    struct packet packet = { .kind = PACKET_DATA, .session = round + 1, .nonce = 1, .size = PACKET_PLAIN_MAX + TAG_BYTES };
    memset(packet.bytes, (int)round | 1, packet.size);
    send_packet(&packet);
}

static void wrong_knock(unsigned round)
{
    struct packet packet = { .kind = PACKET_KNOCK, .slot = (uint8_t)(1 + round % 2), .counter = 1000000 + round, .size = 48 };
    memset(packet.bytes, (int)round, 48);
    send_packet(&packet);
}

static void noise(unsigned round)
{
    uint8_t bytes[FRAME_BYTES_MAX];
    memset(bytes, (int)round | 1, sizeof bytes);
    bytes[FRAME_BYTES_MAX - 1] = 0;
    ether_frame(bytes, sizeof bytes);
}

/* A sound knock recorded on the air, again and again: it has the right tag and costs no stranger's token. */
static struct radio_heard recorded;
static void old_knock(unsigned round)
{
    (void)round;
    ether_frame(recorded.bytes, recorded.size);
}

static void record_knock(void)
{
    ether.reach = REACH_FAR;
    struct programmer copy = patient;
    assert_int_equal(programmer_open(&copy, &AIR), CONTACT_OK);
    for (unsigned i = 0; i < ETHER_FRAMES; i++) {
        uint8_t body[FRAME_BODY_MAX];
        struct packet packet;
        const struct radio_heard *frame = &ether.to_pump.frame[i];
        if (frame->size != 0 && packet_read(body, frame_read(frame->bytes, frame->size, body), &packet) &&
            packet.kind == PACKET_KNOCK && packet.counter == copy.key.counter)
            recorded = *frame;
    }
    programmer_close(&copy, &AIR);
}

static void a_hostile_day_costs_less_than_a_twentieth(void **state)
{
    (void)state;
    static const struct { const char *what; uint8_t reach; void (*attack)(unsigned round); } ATTACKS[] = {
        { "longest frames", REACH_FAR, long_data },      { "wrong knocks", REACH_FAR, wrong_knock },
        { "noise", REACH_FAR, noise },                   { "a recorded knock", REACH_FAR, old_knock },
        { "longest frames, near", REACH_NEAR, long_data }, { "a recorded knock, near", REACH_NEAR, old_knock },
    };
    start();
    static struct stand begun;
    record_knock();
    begun = stand;
    int64_t quiet_nc = charge_of(HOSTILE_DAYS, REACH_FAR, NULL);
    for (unsigned i = 0; i < sizeof ATTACKS / sizeof ATTACKS[0]; i++) {
        stand = begun;
        ether.listening = REACH_FAR; /* buckets begin full: the first hours cost most */
        int64_t more_nc = charge_of(HOSTILE_DAYS, ATTACKS[i].reach, ATTACKS[i].attack) - quiet_nc;
        print_message("%s: %ld uC a day more than %ld uC\n", ATTACKS[i].what, (long)(more_nc / HOSTILE_DAYS / 1000),
                      (long)(quiet_nc / HOSTILE_DAYS / 1000));
        assert_true(more_nc > 0);
        assert_true(more_nc * 20 < quiet_nc);
    }
}

/* Meanwhile who has a key is heard: from afar sooner or later, held to the skin at once. */
static void the_rightful_are_not_starved(void **state)
{
    (void)state;
    start();
    ether.reach = REACH_FAR;
    for (unsigned round = 0; round < 400; round++)
        wrong_knock(round);
    ether.reach = REACH_NEAR;
    assert_int_equal(programmer_open(&patient, &AIR), CONTACT_OK);
    assert_int_equal(programmer_open(&doctor, &AIR), CONTACT_OK);
    assert_int_equal(stand.pump.now.mode, MODE_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hostile_day_costs_less_than_a_twentieth),
        cmocka_unit_test(the_rightful_are_not_starved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
