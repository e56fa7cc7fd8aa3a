/* harm.h - what goes wrong with one implant by chance and by deed: complications, the granuloma, where the tip lies. It only sets
 * faults of the twin and marks of the body; it tells whoever plays, and never the pump or the clinic. Plain data: a copy goes
 * on like the original. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_HARM_H
#define RIG_HARM_H

#include "core/quantity.h"
#include "twin/body/canal.h"
#include "twin/body/granuloma.h"
#include "twin/hardware/complication.h"
#include "twin/hardware/hardware.h"

/* Bit of the granuloma beside those of the complications. */
#define HARM_GRANULOMA (1u << COMPLICATIONS_ALL)

struct harm_setup {
    uint32_t kinds; /* bit i: complication i; HARM_GRANULOMA; 0: nothing happens by chance */
    double factor;  /* on every rate */
    enum level tip; /* where the tip is put */
};

struct harm {
    struct complications complications;
    struct granuloma granuloma;
    struct twin_totals seen; /* at the last look */
    instant_ms looked;
    uint32_t happened, fills; /* complications so far; refills so far */
    bool used;                /* by chance or deed: there is something to tell */
    bool grows;               /* the granuloma is followed */
    bool infected;
    bool out;     /* the tip has left the canal: nothing reaches its fluid */
    double tip_m; /* from the foramen magnum: for spine_tip() */
};

/* What happened at a look. */
enum harm_event_kind { HARM_NOTHING, HARM_COMPLICATION, HARM_GRANULOMA_BEGUN, HARM_GRANULOMA_GONE };

struct harm_event {
    enum harm_event_kind kind;
    enum complication complication;
    struct complication_effect effect;
};

/* At the implant, after the first fill, which is never beside: it is made in the open wound. */
void harm_start(struct harm *harm, const struct harm_setup *setup, uint64_t seed, const struct twin *twin,
                instant_ms now);
/* When it next wants to be looked at; INSTANT_NEVER when never. */
instant_ms harm_next(const struct harm *harm);
/* Time has passed up to `now`. Looks once; to be called again as long as it is not HARM_NOTHING.
 *
 * The granuloma is driven by what has left the tip since the last look, at most an hour ago, by its flow, and by the canal's own
 * fluid there (`csf_kg_m3`, in morphine's terms). Where no spine is played that is 0: what leaves the tip is far stronger. */
struct harm_event harm_look(struct harm *harm, struct twin *twin, instant_ms now, double csf_kg_m3);
/* Before a refill: the twin knows then whether it goes beside. Asked again for one that was not done, the answer is the same.
 * After one that was done: what happened, if anything did. */
void harm_refill(struct harm *harm, struct twin *twin);
struct harm_event harm_refilled(struct harm *harm);

/* By deed. The tip lies in the middle of this level from now on; LEVELS_ALL: outside. */
void harm_migrate(struct harm *harm, struct twin *twin, int level);
/* One begins, of this size: 0 to 1, where 1 closes the tip. */
void harm_granuloma(struct harm *harm, struct twin *twin, instant_ms now, double size);
/* It is taken out. */
void harm_granuloma_end(struct harm *harm, struct twin *twin);
/* The body is infected from now on, with the fever that chance has for it; or it is well again. */
void harm_infect(struct harm *harm, struct twin *twin, bool on);

/* "L2", or "outside". */
const char *harm_tip_word(const struct harm *harm);

#endif
