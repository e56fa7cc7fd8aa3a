/* ether.c - frames under way between a pump and whoever is near it. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/ether.h"

#include <string.h>

#include "twin/hardware/sensors.h"

enum { MILLION = 1000000 };

/* A stream of the seed of its own. */
static const uint64_t STREAM_ETHER = 0x4AD1000000000001u;

void ether_init(struct ether *ether, uint64_t seed)
{
    memset(ether, 0, sizeof *ether);
    ether->due = INSTANT_NEVER;
    ether->reach = REACH_FAR;
    ether->seed = seed;
}

static uint64_t draw(struct ether *ether)
{
    return chance_bits(ether->seed ^ STREAM_ETHER, ether->chance++);
}

/* What never happens draws nothing. */
static bool happens(struct ether *ether, uint32_t ppm)
{
    return ppm != 0 && draw(ether) % MILLION < ppm;
}

static instant_ms arrival(struct ether *ether, struct ether_way *way, instant_ms now)
{
    const struct ether_trouble *trouble = &way->trouble;
    instant_ms at = { now.ms + trouble->delay_least_ms };
    if (trouble->delay_most_ms > trouble->delay_least_ms) {
        at.ms += (int64_t)(draw(ether) % (trouble->delay_most_ms - trouble->delay_least_ms + 1));
    }
    if (happens(ether, trouble->overtaken_ppm)) {
        way->count.overtaken++;
        at.ms += 1 + (int64_t)(draw(ether) % ETHER_LATE_MS);
        return at;
    }
    at.ms = at.ms > way->last.ms ? at.ms : way->last.ms;
    way->last = at;
    return at;
}

static void damage(struct ether *ether, struct ether_frame *frame)
{
    for (uint64_t bits = 1 + draw(ether) % ETHER_BITS_MAX; bits > 0; bits--) {
        uint64_t place = draw(ether) % (frame->size * 8u);
        frame->bytes[place / 8] ^= (uint8_t)(1u << place % 8);
    }
}

static void frame_remove(struct ether_way *way, uint32_t index)
{
    way->under_way--;
    memmove(&way->frame[index], &way->frame[index + 1], (way->under_way - index) * sizeof way->frame[0]);
}

/* Room for one that arrives then, in its place among the others. */
static struct ether_frame *frame_insert(struct ether_way *way, instant_ms at)
{
    uint32_t index = way->under_way;
    while (index > 0 && way->frame[index - 1].at.ms > at.ms) {
        index--;
    }
    struct ether_frame *frame = &way->frame[index];
    memmove(frame + 1, frame, (way->under_way - index) * sizeof *frame);
    memset(frame, 0, sizeof *frame);
    way->under_way++;
    frame->at = at;
    frame->number = ++way->numbers;
    return frame;
}

/* One copy flies; tells when it arrives. */
static instant_ms fly(struct ether *ether, struct ether_way *way, const uint8_t *bytes, size_t size, uint8_t reach,
                      instant_ms now)
{
    struct ether_frame *frame = frame_insert(way, arrival(ether, way, now));
    frame->size = (uint16_t)size;
    frame->reach = reach;
    memcpy(frame->bytes, bytes, size);
    if (happens(ether, way->trouble.damaged_ppm)) {
        way->count.damaged++;
        damage(ether, frame);
    }
    return frame->at;
}

/* Counts it; tells how many copies fly: none, one or two. */
static unsigned copies(struct ether *ether, struct ether_way *way, size_t size)
{
    way->count.frames++;
    way->count.bytes += size;
    if (happens(ether, way->trouble.lost_ppm)) {
        way->count.lost++;
        return 0;
    }
    if (happens(ether, way->trouble.repeated_ppm)) {
        way->count.repeated++;
        return 2;
    }
    return 1;
}

bool ether_to_pump(struct ether *ether, const uint8_t *bytes, size_t size, enum reach reach, instant_ms now)
{
    struct ether_way *way = &ether->to_pump;
    if (size == 0 || size > RADIO_FRAME_MAX) {
        return false;
    }
    for (unsigned left = copies(ether, way, size); left > 0; left--) {
        if (way->under_way == ETHER_FRAMES_MAX) {
            way->count.crowded++;
        } else {
            ether->due = instant_min(ether->due, fly(ether, way, bytes, size, (uint8_t)reach, now));
        }
    }
    return true;
}

bool ether_from_pump(struct ether *ether, const uint8_t *bytes, size_t size, instant_ms now)
{
    struct ether_way *way = &ether->from_pump;
    if (size == 0 || size > RADIO_FRAME_MAX) {
        return false;
    }
    for (unsigned left = copies(ether, way, size); left > 0; left--) {
        if (way->under_way == ETHER_FRAMES_MAX) { /* the oldest gives way: as a rule it arrived long ago */
            way->count.crowded += way->frame[0].at.ms > now.ms ? 1 : 0;
            frame_remove(way, 0);
        }
        (void)fly(ether, way, bytes, size, REACH_FAR, now);
    }
    return true;
}

/* Of those that have arrived, the ones of a reach that is not listened to go. */
static void unheard_remove(struct ether *ether, instant_ms now)
{
    struct ether_way *way = &ether->to_pump;
    uint32_t index = 0;
    while (index < way->under_way && way->frame[index].at.ms <= now.ms) {
        bool near = way->frame[index].reach == REACH_NEAR;
        if (ether->reach == REACH_NONE || (ether->reach == REACH_NEAR && !near)) {
            frame_remove(way, index);
        } else {
            index++;
        }
    }
}

void ether_arrive(struct ether *ether, instant_ms now)
{
    const struct ether_way *way = &ether->to_pump;
    uint32_t index = 0;
    unheard_remove(ether, now);
    while (index < way->under_way && way->frame[index].at.ms <= now.ms) {
        index++;
    }
    ether->due = index < way->under_way ? way->frame[index].at : INSTANT_NEVER;
}

bool ether_waits(const struct ether *ether, instant_ms now)
{
    return ether->to_pump.under_way > 0 && ether->to_pump.frame[0].at.ms <= now.ms;
}

void ether_fetch(struct ether *ether, instant_ms now, struct radio_heard *heard)
{
    struct ether_way *way = &ether->to_pump;
    heard->size = 0;
    heard->reach = 0;
    ether_arrive(ether, now);
    if (!ether_waits(ether, now)) {
        return;
    }
    heard->size = way->frame[0].size;
    heard->reach = way->frame[0].reach;
    memcpy(heard->bytes, way->frame[0].bytes, heard->size);
    ether->heard_frames++;
    ether->heard_bytes += heard->size;
    frame_remove(way, 0);
}

void ether_listen(struct ether *ether, uint8_t reach, instant_ms now)
{
    ether->reach = reach;
    unheard_remove(ether, now);
}

void ether_miss(struct ether *ether, instant_ms now)
{
    while (ether_waits(ether, now)) {
        frame_remove(&ether->to_pump, 0);
    }
    ether_arrive(ether, now);
}

void ether_power_cut(struct ether *ether)
{
    ether->reach = REACH_FAR;
}

void ether_silence(struct ether *ether)
{
    ether->to_pump.under_way = 0;
    ether->to_pump.last = (instant_ms){ 0 };
    ether->from_pump.under_way = 0;
    ether->from_pump.last = (instant_ms){ 0 };
    ether->due = INSTANT_NEVER;
}

/* The first that arrives behind what this ear has heard; null when there is none. */
static const struct ether_frame *next_for(const struct ether *ether, const struct ether_ear *ear)
{
    const struct ether_way *way = &ether->from_pump;
    for (uint32_t i = 0; i < way->under_way; i++) {
        const struct ether_frame *frame = &way->frame[i];
        if (frame->at.ms > ear->at.ms || (frame->at.ms == ear->at.ms && frame->number > ear->number)) {
            return frame;
        }
    }
    return NULL;
}

struct ether_ear ether_ear(const struct ether *ether, instant_ms now)
{
    return (struct ether_ear){ .at = now, .number = ether->from_pump.numbers };
}

size_t ether_hear(const struct ether *ether, struct ether_ear *ear, instant_ms now, uint8_t bytes[RADIO_FRAME_MAX])
{
    const struct ether_frame *frame = next_for(ether, ear);
    if (frame == NULL || frame->at.ms > now.ms) {
        return 0;
    }
    *ear = (struct ether_ear){ .at = frame->at, .number = frame->number };
    memcpy(bytes, frame->bytes, frame->size);
    return frame->size;
}

instant_ms ether_next(const struct ether *ether, const struct ether_ear *ear)
{
    const struct ether_frame *frame = next_for(ether, ear);
    return frame != NULL ? frame->at : INSTANT_NEVER;
}
