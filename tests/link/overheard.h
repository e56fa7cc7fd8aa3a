/* overheard.h - what goes over the air of a test, written down frame by frame. Chance counts here: the programmers' from 01 on,
 * the pump's from 80 on, so that every secret can be told beforehand. One stand for each program, as in ether.h. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_LINK_OVERHEARD_H
#define TESTS_LINK_OVERHEARD_H

#include <stdio.h>
#include <stdlib.h>

#include "tests/pump/ether.h"

enum { OVERHEARD_MAX = 512 };

struct overheard_frame {
    int64_t at_ms; /* of the pump's time */
    bool from_pump;
    uint8_t reach; /* enum reach: how the pump heard it; 0 for what the pump sent */
    uint16_t size;
    uint8_t bytes[FRAME_BYTES_MAX];
};

static struct {
    struct overheard_frame frame[OVERHEARD_MAX];
    unsigned count;
    uint8_t pump_chance, programmer_chance; /* the next byte of each */
    struct board_doors ether;
} overheard;

/* Ends the program: what it was to show did not come about. */
static inline void overheard_must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "overheard: not so: %s\n", what);
        exit(1);
    }
}

static inline void overheard_write_down(bool from_pump, uint8_t reach, const uint8_t *bytes, size_t size)
{
    overheard_must(overheard.count < OVERHEARD_MAX, "the frames find room");
    struct overheard_frame *frame = &overheard.frame[overheard.count++];
    *frame = (struct overheard_frame){ .at_ms = stand.now.ms, .from_pump = from_pump, .reach = reach,
                                       .size = (uint16_t)size };
    memcpy(frame->bytes, bytes, size);
}

static inline void overheard_receive(void *hardware, struct radio_heard *heard)
{
    overheard.ether.radio_receive(hardware, heard);
    if (heard->size > 0)
        overheard_write_down(false, heard->reach, heard->bytes, heard->size);
}

static inline void overheard_send(void *hardware, const uint8_t *bytes, uint32_t size)
{
    overheard_write_down(true, 0, bytes, size);
    overheard.ether.radio_send(hardware, bytes, size);
}

static inline uint64_t overheard_random(void *hardware)
{
    (void)hardware;
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)overheard.pump_chance++ << (8 * i);
    return word;
}

static inline void overheard_dress(struct board_doors *doors)
{
    ether_dress(doors);
    overheard.ether = *doors;
    doors->radio_receive = overheard_receive;
    doors->radio_send = overheard_send;
    doors->random = overheard_random;
}

static inline void overheard_chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++)
        bytes[i] = overheard.programmer_chance++;
}

static const struct air OVERHEARD = { .send = air_send, .receive = air_receive, .chance = overheard_chance,
                                      .keep = air_keep };

/* The pump of ether.h, an hour old. */
static inline void overheard_on(void)
{
    ether_on();
    memset(&overheard, 0, sizeof overheard);
    overheard.programmer_chance = 0x01;
    overheard.pump_chance = 0x80;
    stand.dress = overheard_dress;
    stand_run(&stand, HOUR_MS);
}

/* A programmer with a fresh key, paired in the next free slot. */
static inline void overheard_pair(struct programmer *programmer, enum role role, const char *label)
{
    struct key key = { .slot = 0 };
    uint8_t outcome = 0;
    memcpy(key.pump_id, stand.unit.serial, sizeof key.pump_id);
    strncpy(key.label, label, sizeof key.label - 1);
    programmer_start(programmer, &key);
    overheard_must(programmer_pair(programmer, &OVERHEARD, CARD, role, &outcome) == CONTACT_OK, "they pair");
}

#endif
