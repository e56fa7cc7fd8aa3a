/* fake_pump.c - the air, and who is at its other end. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include <limits.h>
#include <string.h>

#include "tests/clinic/fake_answer.h"

enum fate plan_pass(struct fake_pump *pump, enum way way, unsigned index)
{
    (void)pump;
    (void)way;
    (void)index;
    return FATE_PASS;
}

enum fate plan_some(struct fake_pump *pump, enum way way, unsigned index)
{
    return way == pump->only && index >= pump->first && index <= pump->last ? pump->fate : FATE_PASS;
}

enum fate plan_chance(struct fake_pump *pump, enum way way, unsigned index)
{
    (void)way;
    (void)index;
    int64_t number = chance_between(&pump->seed, 0, 99);
    return number < 25 ? FATE_LOSE : number < 35 ? FATE_TWICE : number < 50 ? FATE_LATE : number < 60 ? FATE_GARBLE : FATE_PASS;
}

void fake_plan(struct fake_pump *pump, enum way only, unsigned first, unsigned last, enum fate fate)
{
    pump->plan = plan_some;
    pump->only = only;
    pump->first = pump->ways[only].frames + first;
    pump->last = last == UINT_MAX ? UINT_MAX : pump->ways[only].frames + last;
    pump->fate = fate;
}

static void way_add(struct fake_way *way, const struct fake_frame *frame)
{
    assert_true(way->queued < FAKE_FRAMES);
    way->queue[way->queued++] = *frame;
}

/* One frame goes its way, as the plan has it. */
static void way_send(struct fake_pump *pump, enum way which, const struct fake_frame *frame)
{
    struct fake_way *way = &pump->ways[which];
    struct fake_frame garbled = *frame;
    enum fate fate = pump->plan(pump, which, way->frames++);
    if (fate == FATE_LATE && way->late.size == 0) {
        way->late = *frame;
        way->late_until = way->frames + 1 + (unsigned)(chance_next(&pump->seed) % 8);
        return;
    }
    if (fate == FATE_GARBLE) {
        garbled.bytes[chance_next(&pump->seed) % (garbled.size - 1)] ^= (uint8_t)chance_between(&pump->seed, 1, 255);
        way_add(way, &garbled);
    } else if (fate != FATE_LOSE) {
        way_add(way, frame);
    }
    if (fate == FATE_TWICE)
        way_add(way, frame);
    if (way->late.size > 0 && way->frames >= way->late_until) {
        way_add(way, &way->late);
        way->late.size = 0;
    }
}

static void pump_listen(struct fake_pump *pump)
{
    struct fake_way *way = &pump->ways[WAY_TO_PUMP];
    for (unsigned i = 0; i < way->queued; i++) {
        struct packet packet, answer;
        uint8_t body[FRAME_BODY_MAX];
        struct fake_frame frame;
        if (pump->deaf || !packet_read(body, frame_read(way->queue[i].bytes, way->queue[i].size, body), &packet) ||
            !fake_answer(pump, &packet, &answer))
            continue;
        frame.size = frame_write(body, packet_write(&answer, body), frame.bytes);
        assert_true(frame.size > 0);
        way_send(pump, WAY_TO_PROGRAMMER, &frame);
    }
    way->queued = 0;
}

static bool air_send(void *context, const uint8_t *bytes, size_t size)
{
    struct fake_pump *pump = context;
    struct fake_frame frame = { .size = size };
    memcpy(frame.bytes, bytes, size);
    if (pump->ways[WAY_TO_PUMP].frames < FAKE_FRAMES)
        pump->heard[pump->ways[WAY_TO_PUMP].frames] = frame;
    way_send(pump, WAY_TO_PUMP, &frame);
    pump_listen(pump);
    return true;
}

static size_t air_receive(void *context, uint8_t bytes[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct fake_pump *pump = context;
    struct fake_way *way = &pump->ways[WAY_TO_PROGRAMMER];
    assert_true(wait_ms > 0);
    if (way->queued == 0) {
        pump->waits++;
        return 0;
    }
    size_t size = way->queue[0].size;
    memcpy(bytes, way->queue[0].bytes, size);
    memmove(&way->queue[0], &way->queue[1], --way->queued * sizeof way->queue[0]);
    return size;
}

static void air_chance(void *context, uint8_t *bytes, size_t size)
{
    struct fake_pump *pump = context;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)chance_next(&pump->seed);
}

static bool air_keep(void *context, const struct key *key)
{
    struct fake_pump *pump = context;
    pump->keeps++;
    if (pump->keeps >= pump->keep_fails_from && pump->keeps <= pump->keep_fails_to)
        return false;
    pump->kept = *key;
    return true;
}

void fake_start(struct fake_pump *pump, uint64_t seed)
{
    memset(pump, 0, sizeof *pump);
    pump->seed = seed;
    memcpy(pump->pump_id, "C20-0001", 8);
    air_chance(pump, pump->card, sizeof pump->card);
    air_chance(pump, pump->secret, sizeof pump->secret);
    pump->pairing_outcome = 1;
    pump->protocol = 1;
    pump->therapy_version = 1;
    pump->command_version = 1;
    pump->answer_version = 1;
    pump->head = 1000;
    pump->plan = plan_pass;
}

struct air fake_air(struct fake_pump *pump)
{
    return (struct air){ .context = pump, .send = air_send, .receive = air_receive, .chance = air_chance, .keep = air_keep };
}

struct key fake_key(const struct fake_pump *pump)
{
    struct key key = { .label = "ward tablet" };
    memcpy(key.pump_id, pump->pump_id, PUMP_ID_BYTES);
    return key;
}

unsigned fake_done(const struct fake_pump *pump, uint64_t id)
{
    unsigned count = 0;
    for (unsigned i = 0; i < pump->done_count; i++)
        count += pump->done[i] == id;
    return count;
}

struct programmer fake_paired(struct fake_pump *pump, const struct air *air, enum role role)
{
    struct programmer programmer;
    struct key key = fake_key(pump);
    uint8_t outcome = 0;
    programmer_start(&programmer, &key);
    programmer.patience = (struct patience){ .wait_ms = 10, .tries = 6 };
    assert_int_equal(programmer_pair(&programmer, air, pump->card, role, &outcome), CONTACT_OK);
    return programmer;
}

struct programmer fake_open(struct fake_pump *pump, const struct air *air, enum role role)
{
    struct programmer programmer = fake_paired(pump, air, role);
    assert_int_equal(programmer_open(&programmer, air), CONTACT_OK);
    return programmer;
}
