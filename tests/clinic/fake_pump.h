/* fake_pump.h - the other end for tests of the programmer: the pump's side of the link written anew with the functions of link/,
 * on an air that loses, repeats, delays and garbles frames as a test plans it, with a memory of what was really carried out. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_FAKE_PUMP_H
#define TESTS_CLINIC_FAKE_PUMP_H

#include "tests/core/check.h"

#include "clinic/programmer/programmer.h"
#include "link/noise.h"

enum { FAKE_SLOT = 3, FAKE_FRAMES = 64, FAKE_DONE = 256 };

/* What becomes of one frame. LATE: it arrives after the next frames of its way, wherever they belong to. */
enum fate { FATE_PASS, FATE_LOSE, FATE_TWICE, FATE_LATE, FATE_GARBLE };
enum way { WAY_TO_PUMP, WAY_TO_PROGRAMMER, WAYS };

struct fake_frame {
    size_t size;
    uint8_t bytes[FRAME_BYTES_MAX];
};

struct fake_way {
    unsigned frames;               /* sent so far */
    struct fake_frame queue[FAKE_FRAMES];
    unsigned queued;
    struct fake_frame late;        /* one frame held back; size 0: none */
    unsigned late_until;           /* frames sent after which it comes */
};

struct fake_pump {
    /* Who it is and what it knows. */
    uint8_t pump_id[PUMP_ID_BYTES], card[CARD_SECRET_BYTES], secret[KEY_BYTES];
    uint8_t peer_key[KEY_BYTES], gate_key[KEY_BYTES], peer_role;
    bool paired;
    uint64_t counter, pairing_counter;
    uint8_t pairing_outcome;       /* what PAIRED tells */
    /* Under way. */
    struct noise pairing;
    struct packet last_knock, last_answer, last_claim, last_paired;
    struct session session;
    uint32_t sessions;             /* opened so far */
    /* What it says and does. */
    uint32_t protocol, therapy_version, command_version;
    uint8_t answer_version, refusal;
    bool too_old, wrong_tell, wrong_id, wrong_kind, wrong_offset, deaf; /* deaf: hears nothing */
    uint8_t alarm;                 /* code of the one that stands; 0: none */
    verdict reasons;               /* why it refuses every command; 0: it carries them out */
    uint64_t head;
    struct receipt receipt;        /* the newest; none of STAGE */
    uint64_t done[FAKE_DONE];      /* ids carried out */
    unsigned done_count, commands_heard, closes, asked[16]; /* topics asked */
    uint8_t staged[THERAPY_BYTES_MAX];
    size_t staged_size, staged_total;
    bool spoil_staged;             /* what it stores is not what it was sent */
    /* The air between. */
    struct fake_way ways[WAYS];
    enum fate (*plan)(struct fake_pump *pump, enum way way, unsigned index);
    unsigned first, last;          /* for a plan: which frames */
    enum way only;
    enum fate fate;
    uint64_t seed;
    unsigned waits;                /* that ended without a frame */
    struct fake_frame heard[FAKE_FRAMES]; /* the first frames that the programmer sent */
    /* The programmer's key, as it was kept last. */
    struct key kept;
    unsigned keeps, keep_fails_from, keep_fails_to; /* keeps of these numbers fail, from 1 */
};

/* A pump with a card, at the beginning; nothing goes wrong on the air. */
void fake_start(struct fake_pump *pump, uint64_t seed);
/* The air to it. */
struct air fake_air(struct fake_pump *pump);
/* A key for it that is not paired. */
struct key fake_key(const struct fake_pump *pump);
/* How often a command with this id was carried out. */
unsigned fake_done(const struct fake_pump *pump, uint64_t id);

/* Plans: nothing goes wrong; the frames first to last of the way `only` meet `fate`; everything goes wrong by chance. */
enum fate plan_pass(struct fake_pump *pump, enum way way, unsigned index);
enum fate plan_some(struct fake_pump *pump, enum way way, unsigned index);
enum fate plan_chance(struct fake_pump *pump, enum way way, unsigned index);
void fake_plan(struct fake_pump *pump, enum way only, unsigned first, unsigned last, enum fate fate);

/* A programmer paired with it, and one with an open session; few and short waits. */
struct programmer fake_paired(struct fake_pump *pump, const struct air *air, enum role role);
struct programmer fake_open(struct fake_pump *pump, const struct air *air, enum role role);

#endif
