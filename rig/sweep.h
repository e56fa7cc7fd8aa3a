/* sweep.h - every bit of the retained memory and of the live records in flash turned over, at many instants of one month of
 * therapy, and what came of it.
 *
 * Bits are numbered: first those of the retained memory, then those of the newest therapy, settings and checkpoint records,
 * each of them twice: as it is, and with the retained memory lost at the same moment, so that the record is needed. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_SWEEP_H
#define RIG_SWEEP_H

#include "rig/rig.h"

enum { SWEEP_DAYS = 30, SWEEP_LOOKS = SWEEP_DAYS * 4, SWEEP_INSTANTS_MAX = 400,
       SWEEP_RECORD_BYTES = 3072, /* room for the live records of this life, which has no peers and no images */
       SWEEP_BITS = (RETAINED_BYTES + 2 * SWEEP_RECORD_BYTES) * 8 };

enum sweep_fate {
    SWEEP_MASKED,   /* pump and memory came to be as if nothing had happened */
    SWEEP_HARMLESS, /* nobody noticed, and the dose was right to the quantum */
    SWEEP_DETECTED, /* told in the log or by an alarm; never more than the dose */
    SWEEP_WRONG,    /* less than the dose, or more, and nothing said; or more, whatever was said */
    SWEEP_STUCK,    /* the pump asked for the same instant again and again */
    SWEEP_FATES
};
const char *sweep_word(enum sweep_fate fate);

struct sweep;

/* The month is lived once, undisturbed, and remembered at so many instants. Null when memory is short, or when at one of them the
 * live records are longer than SWEEP_RECORD_BYTES: bits without a number would never be turned over. */
struct sweep *sweep_begin(uint64_t seed, unsigned instants);
void sweep_end(struct sweep *sweep);
/* The fate of the run in which this bit was turned over at this instant. */
enum sweep_fate sweep_flip(struct sweep *sweep, unsigned instant, uint32_t bit);

#endif
