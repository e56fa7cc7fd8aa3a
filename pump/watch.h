/* watch.h - one kind of window, the hour or the day, for all drugs: its buckets, its limits, and whether one more
 * quantum fits. REQ-THER-09; docs/decisions/0004-governor.md.
 *
 * Lowered limits. A window that straddles an activation is held to the larger limit, one that does not to the new
 * one. So when limits are lowered a new *era* begins: its own deliveries, counted from its start, are held to the
 * limits from it on, while the window as a whole is held to the largest limit of the eras it reaches into (the
 * ceiling). An era ends when the window has left it behind. Raised limits need no era. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_WATCH_H
#define PUMP_WATCH_H

#include "core/limits.h"
#include "pump/window.h"

enum { WATCH_DRUGS = 6, WATCH_ERAS = 4 };

struct era {
    int64_t bucket; /* number of the bucket in which it began */
    int64_t limit_fg[WATCH_DRUGS];
    int64_t spent_fg[WATCH_DRUGS]; /* charged since it began; not kept for the oldest, which the window itself counts */
};

struct watch {
    int64_t newest;                  /* number of the bucket being filled: instant / bucket span */
    int64_t turn_ms;                 /* the instant at which it is full */
    uint32_t at;                     /* its place in the ring */
    uint32_t eras;                   /* 1 to WATCH_ERAS; the last is the therapy in force */
    int64_t ceiling_fg[WATCH_DRUGS]; /* largest limit of the eras in force */
    int64_t ceiling_inv[WATCH_DRUGS];
    struct window window[WATCH_DRUGS];
    uint64_t check[WINDOW_RING]; /* one check word per bucket, over the drugs in use: linear, so it can be added to */
    struct era era[WATCH_ERAS];
};

/* High-Hamming answers: no single flipped bit turns one into another. */
enum watch_answer { WATCH_FITS = 0x5AC3, WATCH_FULL = 0xA53C, WATCH_DAMAGED = 0x3CA5 };

/* Empty windows and no limits, so nothing fits. */
void watch_clear(struct watch *watch, enum window_kind kind, instant_ms now);
/* Forgets what was charged; limits and eras stay. */
void watch_forget(struct watch *watch, enum window_kind kind, instant_ms now);
/* A slot starts anew for another drug: empty and without limit. */
void watch_open(struct watch *watch, unsigned slot);
/* Would these limits, one a slot, begin a new era? */
bool watch_lowers(const struct watch *watch, const int64_t limit_fg[WATCH_DRUGS], unsigned drugs);
/* Puts limits in force at `now`. When they begin an era there must be room for it (eras < WATCH_ERAS). */
void watch_limit(struct watch *watch, const int64_t limit_fg[WATCH_DRUGS], unsigned drugs, enum window_kind kind,
                 instant_ms now);
/* Does a quantum with these charges fit? When it does not, *slot is the drug. Looks only. `drugs` at most
 * WATCH_DRUGS. */
enum watch_answer watch_judge(const struct watch *watch, const int64_t charge_fg[WATCH_DRUGS], unsigned drugs,
                              unsigned *slot);
/* Books a quantum that fits. */
void watch_book(struct watch *watch, const int64_t charge_fg[WATCH_DRUGS], unsigned drugs);
/* Lets the window move on to `now`: empties the buckets that leave it, each checked first, and ends eras. False when
 * a check word does not match. */
bool watch_turn(struct watch *watch, unsigned drugs, enum window_kind kind, instant_ms now);
/* All buckets, sums, ceilings and the place in time against their check words. */
bool watch_sound(const struct watch *watch, unsigned drugs, enum window_kind kind);

#endif
