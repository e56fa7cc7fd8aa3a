/* life.h - one simulated pump-life of a soak: an implant, therapies, refills, a patient at the button, and faults, all a
 * function of (seed, index, mix), with the oracle looking on. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_LIFE_H
#define RIG_LIFE_H

#include "rig/invent.h"
#include "rig/journal.h"
#include "rig/mix.h"
#include "rig/oracle.h"
#include "rig/rig.h"

#define LIFE_MS (INT64_C(365) * 86400000)

struct life_report {
    uint64_t index;
    int64_t lived_ms;
    uint64_t quanta, missed, resets, refills, late_refills, activations, boluses, refused, resent, visits;
    uint64_t injected[FAULTS], detected[FAULTS], silent[FAULTS]; /* the rest was masked */
    struct oracle_breach breach;
};

struct life {
    struct rig rig;
    struct oracle oracle;
    struct life_report report;
    struct invent implant;
    struct mix mix;
    struct dice dice, fault_dice;
    struct mixture mixture; /* in the reservoir, by the clinic's records */
    struct therapy therapy; /* in force, likewise */
    int64_t next_fault_ms[FAULTS], fault_until_ms[FAULTS];
    double lost_m3[FAULTS];
    int64_t visit_ms, refill_ms, press_ms, resume_ms, check_ms;
    int64_t until_ms;
    bool unwell;            /* an alarm stands and the clinic has been called */
    /* what was seen last of the twin and the pump */
    int64_t fired_ms, tick_shift_ms;
    uint32_t resets;
    bool memory_lost;       /* the next boot comes without the retained memory */
    uint64_t sequence;
    bool moving, mechanism_sound;
    int64_t blind_until_ms;
    unsigned place[TIP_DRUGS]; /* the twin's place of each of the oracle's drugs */
    struct journal *journal;   /* where the log is copied to; may be null */
    struct chip *chip;         /* that runs the pump's software, with a bench image; null: this program */
};

/* Lives life `index` of this seed up to `until_ms` of its time (LIFE_MS: a year) or the first broken promise. The report
 * stays in life->report. */
void life_live(struct life *life, uint64_t seed, uint64_t index, const struct mix *mix, int64_t until_ms);

/* For life and its parts: time passes up to `until`, the oracle looking on; */
void life_pass(struct life *life, int64_t until_ms);
/* a command is given and its receipt told to the oracle (now and then again, as if it had been lost); */
bool life_tell(struct life *life, enum role role, struct command *command, struct receipt *receipt);
/* the pump's clock, as the pump shows it; */
int64_t life_tick(const struct life *life);
/* the oracle looks at everything; */
void life_look(struct life *life);
/* what came of it is read from log and twin. */
void life_observe(struct life *life);

#endif
