/* ether.h - the air between the pump on the stand and programmers of a test: frames arrive at once, unless the test plans
 * otherwise. One stand for each test program. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_ETHER_H
#define TESTS_PUMP_ETHER_H

#include "clinic/programmer/programmer.h"
#include "tests/pump/bench.h"

enum { ETHER_FRAMES = 32 };

static struct stand stand;

struct ether_queue {
    struct radio_heard frame[ETHER_FRAMES];
    unsigned from, count;
};

static struct {
    struct ether_queue to_pump, to_programmer;
    uint8_t reach;          /* of what programmers send */
    uint8_t listening;      /* enum reach, as the pump told its radio */
    bool magnet, field;
    int deaf_from, deaf_to; /* frames to the pump with these numbers, from 1, are lost */
    int mute_from, mute_to; /* and from the pump */
    unsigned sent, heard, tones;
    uint64_t chance;
    struct board_doors twin;
} ether;

static void ether_push(struct ether_queue *queue, const uint8_t *bytes, size_t size, uint8_t reach)
{
    if (queue->count == ETHER_FRAMES)
        return;
    struct radio_heard *frame = &queue->frame[(queue->from + queue->count++) % ETHER_FRAMES];
    *frame = (struct radio_heard){ .size = (uint16_t)size, .reach = reach };
    memcpy(frame->bytes, bytes, size);
}

static bool ether_pop(struct ether_queue *queue, struct radio_heard *frame)
{
    if (queue->count == 0)
        return false;
    *frame = queue->frame[queue->from];
    queue->from = (queue->from + 1) % ETHER_FRAMES;
    queue->count--;
    return true;
}

static void fake_receive(void *hardware, struct radio_heard *heard)
{
    (void)hardware;
    heard->size = 0;
    (void)ether_pop(&ether.to_pump, heard);
}

static void fake_send(void *hardware, const uint8_t *bytes, uint32_t size)
{
    (void)hardware;
    int number = (int)++ether.heard;
    if (number < ether.mute_from || number > ether.mute_to)
        ether_push(&ether.to_programmer, bytes, size, REACH_NEAR);
}

static void fake_listen(void *hardware, uint8_t reach)
{
    (void)hardware;
    ether.listening = reach;
}

static void fake_sense(void *hardware, struct sensors *sensors)
{
    ether.twin.sense(hardware, sensors);
    sensors->magnet = ether.magnet;
    sensors->field = ether.field;
}

static void fake_sound(void *hardware, uint8_t tone)
{
    ether.tones++;
    ether.twin.sound(hardware, tone);
}

static void ether_dress(struct board_doors *doors)
{
    ether.twin = *doors;
    doors->radio_receive = fake_receive;
    doors->radio_send = fake_send;
    doors->radio_listen = fake_listen;
    doors->sense = fake_sense;
    doors->sound = fake_sound;
}

/* The pump hears what waits. */
static inline void ether_deliver(void)
{
    struct board board = stand_board(&stand);
    pump_radio(&stand.pump, &board, stand.now);
    stand.wake = pump_step(&stand.pump, &board, stand.now);
}

/* One frame to the pump, from anybody. */
static inline void ether_frame(const uint8_t *frame, size_t size)
{
    int number = (int)++ether.sent;
    bool lost = (number >= ether.deaf_from && number <= ether.deaf_to) ||
                (ether.reach == REACH_FAR && ether.listening == REACH_NEAR) || ether.listening == REACH_NONE;
    if (!lost)
        ether_push(&ether.to_pump, frame, size, ether.reach);
    ether_deliver();
}

static inline bool air_send(void *context, const uint8_t *frame, size_t size)
{
    (void)context;
    ether_frame(frame, size);
    return true;
}

static inline size_t air_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct radio_heard heard;
    (void)context;
    if (!ether_pop(&ether.to_programmer, &heard)) {
        stand_run(&stand, stand.now.ms + wait_ms);
        if (!ether_pop(&ether.to_programmer, &heard))
            return 0;
    }
    memcpy(frame, heard.bytes, heard.size);
    return heard.size;
}

static inline void air_chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++) {
        ether.chance = ether.chance * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (uint8_t)(ether.chance >> 56);
    }
}

static inline bool air_keep(void *context, const struct key *key)
{
    (void)context;
    (void)key;
    return true;
}

static const struct air AIR = { .send = air_send, .receive = air_receive, .chance = air_chance, .keep = air_keep };
static const uint8_t CARD[CARD_SECRET_BYTES] = "card of a stand";

/* What waits on its way to programmers is gone. */
static inline void ether_clear(void)
{
    ether.to_programmer.count = ether.to_pump.count = 0;
}

/* The stand's pump gets a radio, keys and a card, and runs the bench's therapy; devices are near. */
static inline void ether_on(void)
{
    bench_running(&stand);
    memset(&ether, 0, sizeof ether);
    ether.reach = REACH_NEAR;
    ether.listening = REACH_FAR;
    ether.chance = 1;
    stand.dress = ether_dress;
    memset(stand.unit.secret, 7, sizeof stand.unit.secret);
    memcpy(stand.unit.card, CARD, sizeof CARD);
    stand.next_id = 1000; /* of the bench's own commands, which come by no slot that is paired here */
    stand_reset(&stand);
}

/* A programmer that is paired in the next free slot. */
static inline void ether_pair(struct programmer *programmer, enum role role, const char *label)
{
    struct key key = { .slot = 0 };
    uint8_t outcome = 0;
    memcpy(key.pump_id, stand.unit.serial, sizeof key.pump_id);
    for (size_t i = 0; i + 1 < sizeof key.label && label[i] != '\0'; i++)
        key.label[i] = label[i];
    programmer_start(programmer, &key);
    assert_int_equal(programmer_pair(programmer, &AIR, CARD, role, &outcome), CONTACT_OK);
}

#endif
