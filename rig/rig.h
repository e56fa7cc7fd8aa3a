/* rig.h - one pump and one twin under one virtual clock, which jumps from wake to wake. Plain data without pointers of
 * its own: a run is forked at any instant by assignment, but for one whose software runs on a chip. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_RIG_H
#define RIG_RIG_H

#include "pump/pump.h"
#include "rig/power.h"
#include "twin/hardware/hardware.h"

struct chip;

struct rig {
    instant_ms now;      /* true time: the pump's own clock may be another (rig_tick) */
    instant_ms wake;     /* when the pump wants to be woken next */
    uint64_t next_id;    /* of the next command */
    uint32_t resets;
    bool stuck;          /* the pump asked again and again for the same instant: a fault of ours, the run has ended */
    size_t told_size;    /* of the last command's bytes, for rig_repeat() */
    struct sender told_by;
    uint8_t told[COMMAND_BYTES_MAX];
    struct power power;
    struct pump_unit unit;
    struct pump pump;    /* with a chip: a picture of what that has in its memory, as it slept last */
    struct chip *chip;   /* that runs the pump's software (rig/chip/chip.h); null: the software linked in */
    struct twin twin;    /* last: it is large */
};

/* Puts a new pump with an empty reservoir into its patient: instant 0, mode NEW. False when the twin does not know the
 * model. */
MUST_USE bool rig_start(struct rig *rig, const struct pump_unit *unit, const struct twin_setup *setup);
/* The same with the pump's software on this chip, which no other rig has; null: the software linked in. False also when a chip's
 * software does not come up. */
MUST_USE bool rig_start_on(struct rig *rig, struct chip *chip, const struct pump_unit *unit, const struct twin_setup *setup);

/* The same in a patient who has had a pump of this model up to now: the new one comes to stand where `before` is, with all
 * that is physical there (twin_succeed()), at its instant. */
MUST_USE bool rig_succeed(struct rig *rig, struct chip *chip, const struct pump_unit *unit, const struct twin_setup *setup,
                          const struct rig *before);

/* Lets time pass up to and including `until`. */
void rig_run_until(struct rig *rig, instant_ms until);
/* The same, but returns false, early, as soon as the pump has written into its log or has started again; true when `until`
 * was reached. */
bool rig_run_to_event(struct rig *rig, instant_ms until);

/* For campaigns and benches that judge the pump itself and not the way to it; a scenario's people are in rig/people.h and go
 * over the air. Encodes a command, gives it to the pump and lets the pump step at the same instant. `id` and, where the
 * command states one, `head` are filled in here. A command that cannot be encoded gets VERDICT_MALFORMED. Where no receipt
 * came (rig_unheard(): power went, or the core is off or hung) the outcome is 0, and whether it was done is not known. */
void rig_command(struct rig *rig, enum role role, struct command *command, struct receipt *receipt);
/* Gives the last command once more, byte for byte: what a sender does that got no receipt. */
void rig_repeat(struct rig *rig, struct receipt *receipt);

/* Stages a whole therapy in chunks and reads back what the pump stored: `token` is the hash of the bytes sent. False,
 * with the receipt of the chunk that failed (or VERDICT_TOKEN when the read-back differs), when it is not staged. */
MUST_USE bool rig_stage(struct rig *rig, const struct therapy *therapy, uint8_t token[TOKEN_BYTES],
                        struct receipt *receipt);
/* Stages and activates. */
void rig_activate(struct rig *rig, const struct therapy *therapy, bool retitrated, struct receipt *receipt);

/* Aspirates, fills and tells the pump, at one instant; nothing is moved when the pump refuses. `withdrawn` negative:
 * all that is there. With a therapy, it comes into force in the same step. False, and nothing done or told, when the
 * reservoir's true capacity would be passed. Without a receipt the pump is told again as long as it runs; where none comes
 * nothing is moved. */
struct rig_refill {
    struct refill told;       /* withdrawn negative: all; left negative: by the pump's calculation */
    const struct therapy *activate;
    bool retitrated;
};
MUST_USE bool rig_refill(struct rig *rig, const struct rig_refill *refill, struct receipt *receipt);
/* Its two halves: the command (a token is still to be filled in) and what is to be moved; and the moving. False, and nothing
 * planned, when the reservoir's true capacity would be passed. */
struct rig_transfer {
    double withdrawn_m3, filled_m3;
    struct fluid fluid;
};
MUST_USE bool rig_refill_plan(struct rig *rig, const struct rig_refill *refill, struct command *command,
                              struct rig_transfer *transfer);
void rig_refill_move(struct rig *rig, const struct rig_transfer *transfer);

/* While the core is off: what it would have told last. */
void rig_status(struct rig *rig, struct pump_status *status);

/* A mixture as the twin holds it. */
struct fluid rig_fluid(const struct mixture *mixture);
/* nL as m3, and back to the nearest nL. */
double rig_m3(vol_nl volume);
vol_nl rig_nl(double m3);

#endif
