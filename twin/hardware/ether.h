/* ether.h - what lies between the radio of a pump and those of others: frames under way in both directions, and all that can
 * happen to them there. What happens is drawn from the seed, so a run repeats exactly. Plain data: a run is forked by
 * assignment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_HARDWARE_ETHER_H
#define TWIN_HARDWARE_ETHER_H

#include <stdbool.h>
#include <stddef.h>

#include "board/board.h"
#include "core/quantity.h"

enum {
    ETHER_FRAMES_MAX = 16, /* guess: frames of one direction */
    ETHER_LATE_MS = 1000,  /* guess: the most by which a frame that is overtaken comes later */
    ETHER_BITS_MAX = 4     /* guess: the most bits that are turned over in a damaged frame */
};

/* What is wrong with one direction. All zero: every frame arrives at once, whole, once and in order. Shares are of frames, in
 * ppm; a delay is drawn evenly, and does not change the order by itself. */
struct ether_trouble {
    uint32_t lost_ppm;
    uint32_t repeated_ppm;  /* arrive twice */
    uint32_t overtaken_ppm; /* come later still, by up to ETHER_LATE_MS, and do not hold up those behind them */
    uint32_t damaged_ppm;   /* one to ETHER_BITS_MAX bits are turned over */
    uint32_t delay_least_ms, delay_most_ms;
};

struct ether_frame {
    instant_ms at;   /* when it arrives */
    uint64_t number; /* in order of setting out, repeats included: the first is 1 */
    uint16_t size;
    uint8_t reach;   /* enum reach: how it comes to the pump */
    uint8_t bytes[RADIO_FRAME_MAX];
};

/* What truly set out, and what became of it. */
struct ether_count {
    uint64_t frames, bytes;
    uint64_t lost, repeated, overtaken, damaged;
    uint64_t crowded; /* there was no place left for so many frames: they are lost too */
};

struct ether_way {
    struct ether_trouble trouble;
    struct ether_count count;
    uint64_t numbers;     /* given so far */
    instant_ms last;      /* when the last one arrives that keeps its place */
    uint32_t under_way;   /* the frames below, in order of arrival */
    struct ether_frame frame[ETHER_FRAMES_MAX];
};

struct ether {
    instant_ms due;        /* when the next frame arrives at the pump; INSTANT_NEVER when none is under way */
    uint64_t heard_frames; /* fetched by the pump */
    uint64_t heard_bytes;
    uint64_t seed, chance;
    uint8_t reach;         /* enum reach: what the pump listens to */
    struct ether_way to_pump;
    struct ether_way from_pump; /* stay here when they have arrived, for all who listen, until their places are taken */
};

/* Sound, and listening to both reaches. */
void ether_init(struct ether *ether, uint64_t seed);
/* A frame sets out. False, and nothing done, when it is empty or longer than RADIO_FRAME_MAX. */
bool ether_to_pump(struct ether *ether, const uint8_t *bytes, size_t size, enum reach reach, instant_ms now);
bool ether_from_pump(struct ether *ether, const uint8_t *bytes, size_t size, instant_ms now);

/* At the pump. Frames whose time has come have arrived; those of a reach that is not listened to are gone. */
void ether_arrive(struct ether *ether, instant_ms now);
/* Has one arrived and not been fetched? */
bool ether_waits(const struct ether *ether, instant_ms now);
/* The oldest that waits; size 0 when none does. Touches no byte of `heard` behind the frame's. */
void ether_fetch(struct ether *ether, instant_ms now, struct radio_heard *heard);
/* What waits and came by a reach that is not listened to any more is gone too. */
void ether_listen(struct ether *ether, uint8_t reach, instant_ms now);
/* Nobody fetched them in time: the core was off, hung, or started again. */
void ether_miss(struct ether *ether, instant_ms now);
/* The radio lost power: it listens to both reaches again. */
void ether_power_cut(struct ether *ether);
/* Nothing is under way any more, in neither direction; counts stay. */
void ether_silence(struct ether *ether);

/* Beside the pump. Everyone who listens hears everything the pump sends, each with an ear of its own: the last frame it heard. */
struct ether_ear {
    instant_ms at;
    uint64_t number;
};
/* Hears what arrives from now on. */
struct ether_ear ether_ear(const struct ether *ether, instant_ms now);
/* The next frame that has arrived; its length, 0 when there is none. */
size_t ether_hear(const struct ether *ether, struct ether_ear *ear, instant_ms now, uint8_t bytes[RADIO_FRAME_MAX]);
/* When this ear will hear the next of the frames under way; INSTANT_NEVER when there is none. May be past. */
instant_ms ether_next(const struct ether *ether, const struct ether_ear *ear);

#endif
