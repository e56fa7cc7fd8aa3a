/* air.c - a programmer's radio, waiting, chance and keeping, over a rig. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/air.h"

#include <string.h>

_Static_assert((int)FRAME_BYTES_MAX == (int)RADIO_FRAME_MAX, "a frame of the link is a frame of the radio");

/* A stream of the twin's seed for programmers, far from those of pump and hardware; each has 2^32 draws of it. */
static const uint64_t STREAM_AIR = 0xA140000000000001u;

void rig_air_start(struct rig_air *air, struct rig *rig, enum reach reach, uint32_t stream, struct key *kept)
{
    *air = (struct rig_air){ .rig = rig, .reach = reach, .kept = kept, .chance = (uint64_t)stream << 32,
                             .ear = ether_ear(&rig->twin.ether, rig->now) };
}

static bool air_send(void *context, const uint8_t *frame, size_t size)
{
    struct rig_air *air = context;
    return !air->gone && twin_transmit(&air->rig->twin, frame, size, air->reach);
}

static size_t air_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct rig_air *air = context;
    struct rig *rig = air->rig;
    instant_ms end = { rig->now.ms + (wait_ms > 0 ? wait_ms : 0) };
    for (;;) {
        size_t size = air->gone ? 0 : ether_hear(&rig->twin.ether, &air->ear, rig->now, frame);
        if (size != 0)
            return size;
        instant_ms next = instant_min(rig_next(rig), ether_next(&rig->twin.ether, &air->ear));
        next = instant_min(next, end);
        bool last = next.ms >= end.ms;
        rig_run_until(rig, next.ms > rig->now.ms ? next : rig->now);
        if (rig->stuck)
            return 0;
        if (last)
            return air->gone ? 0 : ether_hear(&rig->twin.ether, &air->ear, rig->now, frame);
    }
}

static void air_chance(void *context, uint8_t *bytes, size_t size)
{
    struct rig_air *air = context;
    for (size_t i = 0; i < size; i += 8) {
        uint64_t bits = chance_bits(air->rig->twin.seed ^ STREAM_AIR, air->chance++);
        memcpy(bytes + i, &bits, size - i < 8 ? size - i : 8);
    }
}

static bool air_keep(void *context, const struct key *key)
{
    struct rig_air *air = context;
    if (air->kept == NULL)
        return false;
    *air->kept = *key;
    return true;
}

struct air rig_air_of(struct rig_air *air)
{
    return (struct air){ .context = air, .send = air_send, .receive = air_receive, .chance = air_chance, .keep = air_keep };
}
