// SPDX-License-Identifier: Apache-2.0
#include "pump/watch.h"

/* Odd multipliers, one a slot: a flipped bit in any bucket changes the check word. */
static const uint64_t CHECK_ODD[WATCH_DRUGS] = { 0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u,
                                                 0xD6E8FEB86659FD93u, 0xA0761D6478BD642Fu, 0xE7037ED1A0B428DBu };

static int64_t bucket_of(enum window_kind kind, int64_t ms)
{
    return kind == WINDOW_HOUR ? ms / (HOUR_MS / WINDOW_BUCKETS) : ms / (DAY_MS / WINDOW_BUCKETS);
}

static void watch_place(struct watch *watch, enum window_kind kind, int64_t bucket)
{
    watch->newest = bucket;
    watch->turn_ms = (bucket + 1) * window_bucket_span(kind).ms;
    watch->at = (uint32_t)(bucket % WINDOW_RING);
}

void watch_forget(struct watch *watch, enum window_kind kind, instant_ms now)
{
    for (unsigned slot = 0; slot < WATCH_DRUGS; slot++) {
        window_clear(&watch->window[slot]);
    }
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        watch->check[at] = 0;
    }
    watch_place(watch, kind, bucket_of(kind, now.ms));
}

void watch_clear(struct watch *watch, enum window_kind kind, instant_ms now)
{
    watch_forget(watch, kind, now);
    watch->eras = 1;
    watch->era[0].bucket = watch->newest;
    for (unsigned slot = 0; slot < WATCH_DRUGS; slot++) {
        watch_open(watch, slot);
    }
}

void watch_open(struct watch *watch, unsigned slot)
{
    window_clear(&watch->window[slot]);
    watch->ceiling_fg[slot] = 0;
    watch->ceiling_inv[slot] = ~(int64_t)0;
    for (unsigned era = 0; era < WATCH_ERAS; era++) {
        watch->era[era].limit_fg[slot] = 0;
        watch->era[era].spent_fg[slot] = 0;
    }
}

static void ceilings_set(struct watch *watch, unsigned drugs)
{
    for (unsigned slot = 0; slot < drugs; slot++) {
        int64_t ceiling = 0;
        for (unsigned era = 0; era < watch->eras; era++) {
            if (watch->era[era].limit_fg[slot] > ceiling) {
                ceiling = watch->era[era].limit_fg[slot];
            }
        }
        watch->ceiling_fg[slot] = ceiling;
        watch->ceiling_inv[slot] = ~ceiling;
    }
}

bool watch_lowers(const struct watch *watch, const int64_t limit_fg[WATCH_DRUGS], unsigned drugs)
{
    for (unsigned slot = 0; slot < drugs; slot++) {
        if (limit_fg[slot] < watch->era[watch->eras - 1].limit_fg[slot]) {
            return true;
        }
    }
    return false;
}

void watch_limit(struct watch *watch, const int64_t limit_fg[WATCH_DRUGS], unsigned drugs, enum window_kind kind,
                 instant_ms now)
{
    if (watch_lowers(watch, limit_fg, drugs) && watch->eras < WATCH_ERAS) {
        struct era *era = &watch->era[watch->eras++];
        era->bucket = bucket_of(kind, now.ms);
        for (unsigned slot = 0; slot < WATCH_DRUGS; slot++) {
            era->limit_fg[slot] = 0;
            era->spent_fg[slot] = 0;
        }
    }
    for (unsigned slot = 0; slot < drugs; slot++) {
        watch->era[watch->eras - 1].limit_fg[slot] = limit_fg[slot];
    }
    ceilings_set(watch, drugs);
}

/* The later eras' own deliveries, with this charge, against the largest limit from each on. A call of its own, so that
 * the usual judgement, of one era, needs few registers and is inlined. */
/*@ requires \valid_read(watch) && eras_in_range(watch) && slot < WATCH_DRUGS && 0 <= charge_fg <= 300000000000;
    assigns \nothing;
    ensures \result <==> eras_have_room(watch, slot, charge_fg); */
__attribute__((noinline)) static bool eras_fit(const struct watch *watch, unsigned slot, int64_t charge_fg)
{
    int64_t limit = 0;
    /*@ loop invariant 0 <= era < watch->eras && 0 <= limit <= LIMIT_FG_MAX;
        loop invariant limit == limit_from(watch, slot, era + 1);
        loop invariant \forall integer e; era < e < watch->eras ==>
            watch->era[e].spent_fg[slot] + charge_fg <= limit_from(watch, slot, e);
        loop assigns era, limit;
        loop variant era; */
    for (unsigned era = watch->eras - 1; era >= 1; era--) {
        if (watch->era[era].limit_fg[slot] > limit) {
            limit = watch->era[era].limit_fg[slot];
        }
        //@ assert limit == limit_from(watch, slot, era);
        if (charge_fg > limit - watch->era[era].spent_fg[slot]) {
            return false;
        }
    }
    return true;
}

enum watch_answer watch_judge(const struct watch *watch, const int64_t charge_fg[WATCH_DRUGS], unsigned drugs,
                              unsigned *slot)
{
    /*@ loop invariant 0 <= s <= drugs;
        loop invariant \forall integer t; 0 <= t < s ==> slot_has_room(watch, t, charge_fg[t]);
        loop assigns s;
        loop variant drugs - s; */
    for (unsigned s = 0; s < drugs; s++) {
        //@ assert slot_honest(watch, s);
        int64_t sum = watch->window[s].sum_fg, ceiling = watch->ceiling_fg[s];
        if (watch->window[s].sum_inv != ~sum || watch->ceiling_inv[s] != ~ceiling) {
            return WATCH_DAMAGED;
        }
        //@ assert window_whole(&watch->window[s]) && ceiling_right(watch, s);
        if (charge_fg[s] > ceiling - sum || (watch->eras > 1 && !eras_fit(watch, s, charge_fg[s]))) {
            *slot = s;
            return WATCH_FULL;
        }
        //@ assert slot_has_room(watch, s, charge_fg[s]);
    }
    return WATCH_FITS;
}

/*@ requires \valid(watch) && eras_in_range(watch) && slot < WATCH_DRUGS && 0 <= charge_fg <= 300000000000;
    requires eras_have_room(watch, slot, charge_fg);
    assigns watch->era[0 .. WATCH_ERAS - 1];
    ensures limits_same{Pre, Post}(watch) && others_same{Pre, Post}(watch, slot);
    ensures eras_in_range(watch) && eras_have_room(watch, slot, 0); */
static void eras_book(struct watch *watch, unsigned slot, int64_t charge_fg)
{
    //@ assert \forall integer e; 1 <= e < watch->eras ==> limit_from(watch, slot, e) <= LIMIT_FG_MAX;
    /*@ loop invariant 1 <= era <= watch->eras && eras_in_range(watch);
        loop invariant \forall integer e; 1 <= e < era ==>
            watch->era[e].spent_fg[slot] == \at(watch->era[e].spent_fg[slot], Pre) + charge_fg;
        loop invariant \forall integer e; era <= e < watch->eras ==>
            watch->era[e].spent_fg[slot] == \at(watch->era[e].spent_fg[slot], Pre);
        loop assigns era, watch->era[1 .. WATCH_ERAS - 1].spent_fg[slot];
        loop variant watch->eras - era; */
    for (unsigned era = 1; era < watch->eras; era++) {
        watch->era[era].spent_fg[slot] += charge_fg;
    }
}

/*@ requires \valid(watch) && watch->at < WINDOW_RING && eras_in_range(watch) && slot < WATCH_DRUGS;
    requires 0 <= charge_fg <= 300000000000 && slot_has_room(watch, slot, charge_fg);
    assigns watch->window[slot], watch->check[watch->at], watch->era[0 .. WATCH_ERAS - 1];
    ensures slot_has_room(watch, slot, 0) && eras_in_range(watch);
    ensures limits_same{Pre, Post}(watch) && others_same{Pre, Post}(watch, slot);
    ensures windows_same{Pre, Post}(watch, slot);
    ensures window_total(&watch->window[slot]) == \old(window_total(&watch->window[slot])) + charge_fg;
    ensures \forall integer i; 0 <= i < WINDOW_RING ==> watch->window[slot].bucket_fg[i] ==
        \old(watch->window[slot].bucket_fg[i]) + (i == watch->at ? charge_fg : 0); */
static void slot_book(struct watch *watch, unsigned slot, int64_t charge_fg)
{
    window_book(&watch->window[slot], watch->at, charge_fg);
    watch->check[watch->at] += (uint64_t)charge_fg * CHECK_ODD[slot];
    //@ assert window_total(&watch->window[slot]) == \at(window_total(&watch->window[slot]), Pre) + charge_fg;
    //@ assert limits_same{Pre, Here}(watch);
    //@ assert ceiling_right(watch, slot);
    //@ assert eras_in_range(watch) && eras_have_room(watch, slot, charge_fg);
    //@ assert windows_same{Pre, Here}(watch, slot);
    //@ ghost window_booked: ;
    eras_book(watch, slot, charge_fg);
    //@ assert window_same{window_booked, Here}(&watch->window[slot]);
    /*@ assert \forall integer s, i; 0 <= s < WATCH_DRUGS && 0 <= i < WINDOW_RING ==>
            watch->window[s].bucket_fg[i] == \at(watch->window[s].bucket_fg[i], window_booked); */
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==>
            watch->window[s].sum_fg == \at(watch->window[s].sum_fg, window_booked); */
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==>
            watch->window[s].sum_inv == \at(watch->window[s].sum_inv, window_booked); */
    /*@ assert \forall integer s, i; 0 <= s < WATCH_DRUGS && s != slot && 0 <= i < WINDOW_RING ==>
            watch->window[s].bucket_fg[i] == \at(watch->window[s].bucket_fg[i], Pre); */
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS && s != slot ==>
            watch->window[s].sum_fg == \at(watch->window[s].sum_fg, Pre) &&
            watch->window[s].sum_inv == \at(watch->window[s].sum_inv, Pre); */
    //@ assert window_whole(&watch->window[slot]);
    //@ assert limits_same{window_booked, Here}(watch) && ceiling_right(watch, slot);
}

void watch_book(struct watch *watch, const int64_t charge_fg[WATCH_DRUGS], unsigned drugs)
{
    /*@ loop invariant 0 <= slot <= drugs && eras_in_range(watch);
        loop invariant \forall integer s; 0 <= s < slot ==> slot_has_room(watch, s, 0);
        loop invariant \forall integer s; 0 <= s < slot ==>
            window_total(&watch->window[s]) == window_total{Pre}(&watch->window[s]) + \at(charge_fg[s], Pre);
        loop invariant \forall integer s; slot <= s < WATCH_DRUGS ==> window_same{Pre, Here}(&watch->window[s]);
        loop invariant limits_same{Pre, Here}(watch);
        loop invariant \forall integer s; 0 <= s < drugs ==> charge_fg[s] == \at(charge_fg[s], Pre);
        loop invariant \forall integer s; slot <= s < drugs ==> slot_has_room(watch, s, charge_fg[s]);
        loop assigns slot, watch->window[0 .. WATCH_DRUGS - 1], watch->check[watch->at],
                     watch->era[0 .. WATCH_ERAS - 1];
        loop variant drugs - slot; */
    for (unsigned slot = 0; slot < drugs; slot++) {
        //@ ghost before: ;
        slot_book(watch, slot, charge_fg[slot]);
        //@ assert limits_same{before, Here}(watch) && charge_fg[slot] == \at(charge_fg[slot], before);
        //@ assert \forall integer s; 0 <= s < drugs ==> charge_fg[s] == \at(charge_fg[s], before);
        //@ assert \forall integer s; 0 <= s < WATCH_DRUGS && s != slot ==> slot_same{before, Here}(watch, s);
        /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS && s != slot ==>
                window_total(&watch->window[s]) == window_total{before}(&watch->window[s]); */
        /*@ assert window_total(&watch->window[slot]) ==
                window_total{Pre}(&watch->window[slot]) + charge_fg[slot]; */
        /*@ assert \forall integer s; 0 <= s < slot ==> window_total(&watch->window[s]) ==
                window_total{Pre}(&watch->window[s]) + \at(charge_fg[s], Pre); */
        //@ assert \forall integer s; slot < s < WATCH_DRUGS ==> window_same{before, Here}(&watch->window[s]);
        //@ assert \forall integer s; 0 <= s < slot ==> slot_has_room(watch, s, 0);
        //@ assert \forall integer s; slot < s < drugs ==> slot_has_room(watch, s, charge_fg[s]);
    }
}

static bool bucket_sound(const struct watch *watch, unsigned at, unsigned drugs)
{
    uint64_t check = 0;
    for (unsigned slot = 0; slot < drugs; slot++) {
        check += (uint64_t)watch->window[slot].bucket_fg[at] * CHECK_ODD[slot];
    }
    return check == watch->check[at];
}

/* Number, end and place of the bucket being filled must tell the same. */
static bool place_sound(const struct watch *watch, enum window_kind kind)
{
    int64_t bucket_ms = window_bucket_span(kind).ms; /* divided, not multiplied: a damaged number must not overflow */
    return watch->newest >= 0 && watch->turn_ms % bucket_ms == 0 && watch->turn_ms / bucket_ms - 1 == watch->newest &&
           watch->at == watch->newest % WINDOW_RING;
}

bool watch_sound(const struct watch *watch, unsigned drugs, enum window_kind kind)
{
    if (!place_sound(watch, kind)) {
        return false;
    }
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        if (!bucket_sound(watch, at, drugs)) {
            return false;
        }
    }
    for (unsigned slot = 0; slot < drugs; slot++) {
        if (!window_sound(&watch->window[slot]) || watch->ceiling_inv[slot] != ~watch->ceiling_fg[slot]) {
            return false;
        }
    }
    return true;
}

/* The oldest era ends once every bucket of the window began after it. */
static void eras_end(struct watch *watch, unsigned drugs)
{
    bool ended = false;
    while (watch->eras > 1 && watch->newest - WINDOW_BUCKETS > watch->era[1].bucket) {
        for (unsigned era = 1; era < watch->eras; era++) {
            watch->era[era - 1] = watch->era[era];
        }
        watch->eras--;
        ended = true;
    }
    if (ended) {
        ceilings_set(watch, drugs);
    }
}

bool watch_turn(struct watch *watch, unsigned drugs, enum window_kind kind, instant_ms now)
{
    if (!place_sound(watch, kind)) {
        return false;
    }
    int64_t newest = bucket_of(kind, now.ms);
    int64_t steps = newest - watch->newest < WINDOW_RING ? newest - watch->newest : WINDOW_RING;
    unsigned at = watch->at;
    for (int64_t step = 0; step < steps; step++) {
        at = at + 1 < WINDOW_RING ? at + 1 : 0;
        if (!bucket_sound(watch, at, drugs)) {
            return false; /* a bucket is taken out of the sum by what it says: it must be what was put in */
        }
        for (unsigned slot = 0; slot < drugs; slot++) {
            if (watch->window[slot].sum_inv != ~watch->window[slot].sum_fg) {
                return false;
            }
            window_drop(&watch->window[slot], at);
        }
        watch->check[at] = 0;
    }
    watch_place(watch, kind, newest);
    eras_end(watch, drugs);
    return true;
}
