/* contents.h - which drug is where between reservoir and tip, by metered volume, and so what the next quantum is
 * charged with. DESIGN promise 1: after a refill with another concentration the pump still pushes out the old drug
 * for one dead volume; while a boundary is within its tolerance of the tip the higher of the two counts; unknown
 * contents count as full. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_CONTENTS_H
#define PUMP_CONTENTS_H

#include "core/mixture.h"
#include "core/quantity.h"

enum { CONTENTS_MAX = 3 }; /* at most two boundaries may stand in the dead volume */

struct stretch {
    struct mixture mixture;
    int64_t from_fl; /* metered volume at which it began to leave the reservoir */
};

/* stretch[0] is nearest the tip; the last one is what the reservoir holds. */
struct contents {
    uint8_t count; /* 1 to CONTENTS_MAX */
    struct stretch stretch[CONTENTS_MAX];
    int64_t dead_fl;      /* tubing plus catheter */
    int64_t tolerance_fl; /* how far a boundary may stray */
};

/* At implant: what stands in the dead volume, what the reservoir holds. */
void contents_begin(struct contents *contents, const struct mixture *dead, const struct mixture *reservoir,
                    vol_nl dead_volume, calib_ppm tolerance);
/* Another dead volume holds from now on (a revised catheter, a corrected record). While a boundary stands it may have
 * been either: from the earliest moment by one to the latest by the other. */
void contents_resize(struct contents *contents, vol_nl dead_volume, calib_ppm tolerance);
/* What the reservoir holds. */
const struct mixture *contents_reservoir(const struct contents *contents);
/* Can another boundary enter the dead volume? */
bool contents_room(const struct contents *contents);
/* From this metered volume on the reservoir holds something else (or the same: then nothing changes). Needs
 * contents_room(). */
void contents_change(struct contents *contents, const struct mixture *reservoir, vol_fl metered);
/* Forgets stretches that have wholly left the tip, tolerance included; returns how many. */
unsigned contents_clear(struct contents *contents, vol_fl metered);
/* The concentration of a drug to charge for what leaves the tip when this much has been metered: the highest of all
 * stretches that may be there; unknown ones count as the highest known of that drug. */
conc_ng_ml contents_conc(const struct contents *contents, uint16_t drug, vol_fl metered);
/* The metered volume, above the one given, at which contents_conc() may next change; INT64_MAX fl when it stays. */
vol_fl contents_next(const struct contents *contents, vol_fl metered);
/* How much must still be metered until what the reservoir holds has surely reached the tip; 0 when it has. */
vol_fl contents_left(const struct contents *contents, vol_fl metered);
/* The highest concentration of a drug anywhere between reservoir and tip. */
conc_ng_ml contents_highest(const struct contents *contents, uint16_t drug);

#endif
