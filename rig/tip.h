/* tip.h - what truly left the tip of the catheter, in every rolling hour and day, against the limits in force in it. A
 * part of the oracle. It knows the twin's truth and the limits that were sent, and nothing of the pump. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_TIP_H
#define RIG_TIP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"

enum {
    TIP_DRUGS = 4,         /* a twin holds no more in its life */
    TIP_QUANTA = 1 << 17,  /* more than a day of quanta at the largest flow with the smallest quantum: 120,000 */
    TIP_ERAS = 128         /* activations that can stand in one day's window; the oldest are merged when more come */
};

struct tip_mark {
    int64_t at_ms;         /* when this quantum was commanded */
    double kg[TIP_DRUGS];  /* delivered at the tip until then, since implant */
};

struct tip_era {
    int64_t since_ms;
    double kg[WINDOW_KINDS][TIP_DRUGS];
};

struct tip {
    uint16_t drug[TIP_DRUGS]; /* which drug stands in which place */
    uint64_t count;           /* quanta so far */
    uint64_t oldest[WINDOW_KINDS];
    double limit[WINDOW_KINDS][TIP_DRUGS]; /* for the window that ended with the last quantum */
    int64_t limit_until_ms[WINDOW_KINDS];  /* until then it stays so; 0 after an activation */
    unsigned eras;
    struct tip_era era[TIP_ERAS];
    struct tip_mark ring[TIP_QUANTA];
};

/* One window found over its limit. */
struct tip_excess {
    enum window_kind kind;
    unsigned place;
    double kg, limit;
};

void tip_clear(struct tip *tip);
/* A therapy's limits are in force from now on. Drugs that it does not name keep theirs. A drug new to this life takes a
 * free place; false when there is none. */
bool tip_limits(struct tip *tip, const struct limits *limits, int64_t now_ms);
/* A quantum is commanded at `now` while this much has been delivered of each drug, by the places of tip_place(). The
 * windows that ended with the quantum before are judged: true when one is over its limit. */
bool tip_fired(struct tip *tip, int64_t now_ms, const double kg[TIP_DRUGS], struct tip_excess *excess);
/* The place of a drug; TIP_DRUGS when it has none. */
unsigned tip_place(const struct tip *tip, uint16_t drug);

#endif
