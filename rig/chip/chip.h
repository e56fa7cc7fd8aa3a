/* chip.h - the pump's software on a chip of its own: what a rig does to enter it over the board bus (board/SPEC.md), and to look
 * at it. The chip is reached by two lines and a memory, whoever is behind them: rig/chip/qemu.h, or a test's stand-in. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_CHIP_H
#define RIG_CHIP_CHIP_H

#include "rig/chip/wires.h"
#include "rig/power.h"

struct chip;

/* How an entry came to its end. */
enum chip_end {
    CHIP_SLEEPS = 0, /* as it should: the core waits for its next wake */
    CHIP_STRUCK,     /* power went in a door; also while an entry is under way */
    CHIP_FAULTED, /* it has started by itself, or asked what nobody may ask: a fault of the core or of its software */
    CHIP_HANGS,   /* silent for longer than the patience */
    CHIP_LOST     /* there is no chip any more, or it is another one: chip_why() */
};

/* Takes over the wires and waits for the first HELLO, which must be of an image that fits this program. Null, with the reason in
 * `why`, and the wires closed, when there is none. */
struct chip *chip_make(const struct chip_wires *ways, char *why, size_t room);
void chip_free(struct chip *chip);

/* Into the pump's software and through it, up to its sleep. The rig's retained memory goes in and comes back, as it is at every
 * request, and `struct pump` comes back as a picture to look at. Does not return when power goes in a door: call
 * chip_struck() then. */
enum chip_end chip_enter(struct chip *chip, struct rig *rig, const struct power_call *call);
/* Power has gone in a door: what the core had in its memory there and then. */
void chip_struck(struct chip *chip, struct rig *rig);
/* Has this rig's core ever come to a sleep, so that there is a picture of its pump to look at? */
bool chip_pictured(const struct chip *chip);
/* From now on it belongs to a new rig. */
void chip_forget(struct chip *chip);
/* Of the last entry. */
enum chip_end chip_end(const struct chip *chip);
/* Why it is lost; empty when it is not. */
const char *chip_why(const struct chip *chip);

const struct bus_hello *chip_hello(const struct chip *chip);
/* How often the core was woken (starts included), opened a door, and was started; asked what is malformed, started by itself, was
 * silent for too long, and ended altogether. */
struct chip_counts {
    uint64_t wakes, doors, starts;
    uint64_t malformed, self_starts, hangs, deaths;
};
struct chip_counts chip_counts(const struct chip *chip);

/* The next fault that the core has told and nobody has fetched; false when there is none. If more come than anybody fetches,
 * the oldest are kept. */
bool chip_fault(struct chip *chip, struct bus_fault *fault);
/* "hard", "memory", ... */
const char *chip_fault_word(uint32_t kind);

/* For campaigns that disturb the core. */
/* Called when a request has been served and its result lies in the window, with the byte that says so. True: it has been sent. */
struct chip_watch {
    void *context;
    bool (*answering)(void *context, struct chip *chip, uint8_t request, uint8_t byte);
};
void chip_watch(struct chip *chip, const struct chip_watch *watch);
/* Has a request arrived, or its beginning? Nothing is taken off the line. */
bool chip_request_waits(const struct chip *chip);
/* From now on the core may be silent for so long. */
void chip_patience(struct chip *chip, int64_t patience_ms);
/* What it has at CHIP_MEMORY_AT. */
uint8_t *chip_memory(const struct chip *chip);
/* What belongs to a core that sleeps and is not in it: who puts core and memory back into an earlier sleep puts this back too. */
struct chip_place {
    uint8_t next, asleep; /* sequences: of the next request, and of the SLEEP that waits */
};
struct chip_place chip_place(const struct chip *chip);
void chip_place_put(struct chip *chip, struct chip_place place);

#endif
