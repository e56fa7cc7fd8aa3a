/* body.h - the person around the catheter's tip, beside a rig: gets what has truly left the tip, as much as the twin says and
 * not more, and tells what becomes of it. Plain data: a run is forked by assignment of rig and body. Nothing here reaches the
 * pump. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_BODY_H
#define RIG_BODY_H

#include "core/event.h"
#include "rig/rig.h"
#include "twin/body/granuloma.h"
#include "twin/body/person.h"

enum {
    BODY_DRUGS_MAX = FLUID_DRUGS_MAX,
    BODY_ROWS_MAX = 288,
    BODY_PASTS_MAX = 72,
    BODY_PAST_ROWS = 4,
    BODY_SAYS_MAX = 6,
    BODY_SAYS_BYTES = 96
};

/* What leaves the tip is given to the body evenly over batches of at most so long while it goes on by itself (guess: far
 * shorter than anything in the fluid, longer than the pause between two quanta). */
#define BODY_BATCH_MS (INT64_C(5) * MINUTE_MS)
/* So often a row of the history is kept, while it goes on by itself: six days of them (guess: what a page can draw). */
#define BODY_ROW_MS (INT64_C(30) * MINUTE_MS)

/* Who it is: as in twin/body/person.h. */
struct body_setup {
    uint64_t seed; /* of all chance in the person's life */
    struct figures figures;
    enum regime regime;
    double tip_m;      /* of the catheter, from the foramen */
    double pain;       /* without any drug, on average: 0 to 10 */
    double spasticity; /* without any drug: 0 to 1 */
};

/* One moment of the history. */
struct body_row {
    instant_ms at;
    rate_nl_day rate;                 /* base flow by the pump */
    vol_nl reservoir;                 /* truly there */
    double tip_kg_m3[BODY_DRUGS_MAX]; /* in the fluid beside the tip, by place */
    double pain;                      /* 0 to 10 */
};

/* The fluid of the whole canal at one moment of the history: at one row in BODY_PAST_ROWS. */
struct body_past {
    instant_ms at;
    float csf_kg_m3[BODY_DRUGS_MAX][LEVELS_ALL]; /* by place, in the middle of each level */
};

struct body {
    bool lives; /* it has begun; nothing else is done with one that has not */
    bool asks;  /* for boluses freely; else only somebody at the patient's programmer does */
    struct body_setup setup;
    instant_ms at;                   /* how far it has come */
    uint16_t drug[BODY_DRUGS_MAX];   /* as in the twin's totals, in the same place; 0: none yet */
    double given_kg[BODY_DRUGS_MAX]; /* of what the twin has delivered, so much has come here */
    uint64_t boluses_asked, boluses_given;
    uint64_t rows; /* kept so far; the newest is row[(rows - 1) % BODY_ROWS_MAX] */
    struct body_row row[BODY_ROWS_MAX];
    uint64_t pasts; /* as rows */
    struct body_past past[BODY_PASTS_MAX];
    struct granuloma granuloma;                  /* at the tip; none begins by itself */
    instant_ms passed;                           /* the end of the last batch of body_pass(), */
    double passed_m3, passed_kg[BODY_DRUGS_MAX]; /* and what had left the tip by then */
    struct person person;
};

/* A typical adult in pain, up and about, with the tip at L2, and seed 0. */
void body_typical(struct body_setup *setup);
/* At instant 0, with nothing given. False, and nothing done, when a figure or the tip is out of range. */
MUST_USE bool body_begin(struct body *body, const struct body_setup *setup);
/* Comes to where the twin is now: all that has left the tip since the last time is given, evenly over the time since then.
 * What comes in no time at all is given the next time. */
void body_follow(struct body *body, const struct twin *twin);
/* The same where a batch has come to its end, and a row of the history when one is due. May be called often. */
void body_pass(struct body *body, struct rig *rig);
/* A mass of this size lies at the tip from now on, 0 (none) to 1 (which closes it). It grows and shrinks with the concentration
 * there in body_pass(), and what it holds back is a fault of the twin. */
void body_granuloma(struct body *body, struct twin *twin, double size);
/* The body is infected from now on, or not any more: the person is ill, and the pump as warm as this fever. */
void body_infection(struct body *body, struct twin *twin, bool on);
/* An event of the pump's log: boluses that the patient asked for are counted. */
void body_event(struct body *body, const struct event *event);
/* The tip has moved; what is there stays. False, and nothing done, when that is not within the canal. */
MUST_USE bool body_tip(struct body *body, double tip_m);

/* What a granuloma at the tip bathes in of the fluid there, kg/m3 in morphine's terms. */
double body_bathes(const struct body *body);
/* The spine of the drug in a place; null when it has none, or nothing has come yet. */
const struct spine *body_spine(const struct body *body, unsigned place);

/* What there is to see. */
struct body_view {
    instant_ms at;
    double tip_m;
    enum level tip;
    unsigned drugs;
    struct body_drug {
        uint16_t drug;
        bool known;                                 /* the spine has figures of it; else nothing is known of it there */
        double given_kg;                            /* left the tip since the implant */
        double tip, cisterna;                       /* in the fluid beside the tip and around the brain, kg/m3 */
        double csf[LEVELS_ALL], tissue[LEVELS_ALL]; /* in the middle of each level, kg/m3 */
    } drug[BODY_DRUGS_MAX];
    bool feels;                                                            /* false as long as it has not begun */
    double pain, baseline_pain;                                            /* 0 to 10 */
    double relief, sedation, breathing, spasticity, withdrawal, confusion; /* 0 to 1 */
    unsigned says;
    char say[BODY_SAYS_MAX][BODY_SAYS_BYTES]; /* plain sentences */
    uint64_t boluses_asked, boluses_given;
    double granuloma; /* its size: 0 none, 1 closes the tip */
    unsigned pasts;
    struct body_past past[BODY_PASTS_MAX]; /* oldest first */
    unsigned rows;
    struct body_row row[BODY_ROWS_MAX]; /* the history, oldest first */
};

/* Changes nothing. As of body->at: body_follow() before, to see now. */
void body_look(const struct body *body, struct body_view *view);

#endif
