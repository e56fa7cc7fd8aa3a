// SPDX-License-Identifier: Apache-2.0
#include "pump/governor.h"

enum { HOUR_BUCKET_MS = HOUR_MS / WINDOW_BUCKETS, DAY_BUCKET_MS = DAY_MS / WINDOW_BUCKETS };

/*@ requires kind < WINDOW_KINDS && instant_in_range(ms);
    assigns \nothing;
    ensures \result == ms / bucket_ms(kind);
    ensures 0 <= \result && \result * bucket_ms(kind) <= ms < (\result + 1) * bucket_ms(kind); */
static int64_t bucket_at(unsigned kind, int64_t ms)
{
    return kind == WINDOW_HOUR ? ms / HOUR_BUCKET_MS : ms / DAY_BUCKET_MS;
}

/* The instant at which a bucket is full. */
/*@ requires kind < WINDOW_KINDS && 0 <= bucket && instant_in_range(bucket * bucket_ms(kind));
    assigns \nothing;
    ensures \result == (bucket + 1) * bucket_ms(kind); */
static int64_t bucket_end_ms(unsigned kind, int64_t bucket)
{
    return (bucket + 1) * (kind == WINDOW_HOUR ? HOUR_BUCKET_MS : DAY_BUCKET_MS);
}

_Static_assert(WINDOW_RING == 33 && GOVERNOR_ERAS == 4, "the contracts write these out");

/* Odd multipliers, one a slot: a flipped bit in any bucket changes the check word. */
static const uint64_t CHECK_ODD[GOVERNOR_DRUGS] = { 0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u,
                                                    0xD6E8FEB86659FD93u, 0xA0761D6478BD642Fu, 0xE7037ED1A0B428DBu };

/*@ requires 0 <= bucket;
    assigns \nothing;
    ensures \result == bucket % WINDOW_RING && 0 <= \result < WINDOW_RING; */
static unsigned ring_at(int64_t bucket)
{
    return (unsigned)(bucket % WINDOW_RING);
}

void governor_clear(struct governor *governor, instant_ms now)
{
    governor->drugs = 0;
    governor->recovered_ms = 0;
    governor->pace_ms = 1;
    governor->last_ms = -1;
    for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
        governor->drug[slot] = DRUG_NONE;
        governor->charge_fg[slot] = 0;
        governor->charge_inv[slot] = ~(int64_t)0;
    }
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct watch *watch = &governor->watch[kind];
        watch->newest = bucket_at(kind, now.ms);
        watch->turn_ms = bucket_end_ms(kind, watch->newest);
        watch->era_count = 1;
        watch->era[0].bucket = watch->newest;
        for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
            window_clear(&watch->window[slot]);
            watch->ceiling_fg[slot] = 0;
            watch->ceiling_inv[slot] = ~(int64_t)0;
            watch->era[0].limit_fg[slot] = 0;
            watch->era[0].spent_fg[slot] = 0;
        }
        for (unsigned at = 0; at < WINDOW_RING; at++) {
            watch->check[at] = 0;
        }
    }
}

int governor_find(const struct governor *governor, uint16_t drug)
{
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        if (governor->drug[slot] == drug) {
            return (int)slot;
        }
    }
    return -1;
}

static bool slot_idle(const struct governor *governor, unsigned slot)
{
    return governor->charge_fg[slot] == 0 && governor->watch[WINDOW_HOUR].window[slot].sum_fg == 0 &&
           governor->watch[WINDOW_DAY].window[slot].sum_fg == 0;
}

/* An idle slot starts anew for another drug: nothing of the old one is in any window. */
static void slot_open(struct governor *governor, unsigned slot, uint16_t drug)
{
    governor->drug[slot] = drug;
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct watch *watch = &governor->watch[kind];
        watch->ceiling_fg[slot] = 0;
        watch->ceiling_inv[slot] = ~(int64_t)0;
        for (unsigned era = 0; era < watch->era_count; era++) {
            watch->era[era].limit_fg[slot] = 0;
            watch->era[era].spent_fg[slot] = 0;
        }
    }
}

int governor_slot(struct governor *governor, uint16_t drug)
{
    int found = governor_find(governor, drug);
    if (found >= 0) {
        return found;
    }
    if (governor->drugs < GOVERNOR_DRUGS) {
        slot_open(governor, governor->drugs, drug);
        return governor->drugs++;
    }
    for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
        if (slot_idle(governor, slot)) {
            slot_open(governor, slot, drug);
            return (int)slot;
        }
    }
    return -1;
}

static int64_t limit_for(const struct governor *governor, const struct watch *watch, const struct limits *limits,
                         unsigned kind, unsigned slot)
{
    for (unsigned row = 0; row < limits->count; row++) {
        if (limits->drug[row].drug == governor->drug[slot]) {
            return limits->drug[row].window[kind].fg;
        }
    }
    return watch->era[watch->era_count - 1].limit_fg[slot];
}

static bool limits_lower(const struct governor *governor, unsigned kind, const struct limits *limits)
{
    const struct watch *watch = &governor->watch[kind];
    const struct era *last = &watch->era[watch->era_count - 1];
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        if (limit_for(governor, watch, limits, kind, slot) < last->limit_fg[slot]) {
            return true;
        }
    }
    return false;
}

bool governor_can_limit(const struct governor *governor, const struct limits *limits)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        if (governor->watch[kind].era_count == GOVERNOR_ERAS && limits_lower(governor, kind, limits)) {
            return false;
        }
    }
    return true;
}

/*@ requires \valid(watch) && eras_in_range(watch) && slot < GOVERNOR_DRUGS;
    assigns watch->ceiling_fg[slot], watch->ceiling_inv[slot];
    ensures ceiling_right(watch, slot) && watch->ceiling_inv[slot] == ~watch->ceiling_fg[slot]; */
static void ceiling_set(struct watch *watch, unsigned slot)
{
    int64_t ceiling = 0;
    /*@ loop invariant 0 <= era <= watch->era_count && 0 <= ceiling <= LIMIT_FG_MAX;
        loop invariant ceiling == limit_from(watch, slot, era);
        loop assigns era, ceiling;
        loop variant era; */
    for (unsigned era = watch->era_count; era > 0; era--) {
        if (watch->era[era - 1].limit_fg[slot] > ceiling) {
            ceiling = watch->era[era - 1].limit_fg[slot];
        }
    }
    watch->ceiling_fg[slot] = ceiling;
    watch->ceiling_inv[slot] = ~ceiling;
}

/*@ requires \valid(watch) && eras_in_range(watch);
    assigns watch->ceiling_fg[0 .. GOVERNOR_DRUGS - 1], watch->ceiling_inv[0 .. GOVERNOR_DRUGS - 1];
    ensures ceilings_honest(watch); */
static void ceilings_set(struct watch *watch)
{
    /*@ loop invariant 0 <= slot <= GOVERNOR_DRUGS;
        loop invariant \forall integer s; 0 <= s < slot ==> ceiling_right(watch, s);
        loop assigns slot, watch->ceiling_fg[0 .. GOVERNOR_DRUGS - 1], watch->ceiling_inv[0 .. GOVERNOR_DRUGS - 1];
        loop variant GOVERNOR_DRUGS - slot; */
    for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
        ceiling_set(watch, slot);
        //@ assert \forall integer s; 0 <= s < GOVERNOR_DRUGS ==> limits_same{LoopCurrent, Here}(watch, s);
        /*@ assert \forall integer s; 0 <= s < slot ==>
                limit_from(watch, s, 0) == limit_from{LoopCurrent}(watch, s, 0); */
        /*@ assert \forall integer s; 0 <= s < slot ==>
                watch->ceiling_fg[s] == \at(watch->ceiling_fg[s], LoopCurrent); */
    }
}

void governor_limit(struct governor *governor, const struct limits *limits, instant_ms now)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct watch *watch = &governor->watch[kind];
        bool lower = limits_lower(governor, kind, limits);
        int64_t limit_fg[GOVERNOR_DRUGS];
        for (unsigned slot = 0; slot < governor->drugs; slot++) {
            limit_fg[slot] = limit_for(governor, watch, limits, kind, slot);
        }
        if (lower && watch->era_count < GOVERNOR_ERAS) {
            struct era *era = &watch->era[watch->era_count++];
            era->bucket = bucket_at(kind, now.ms);
            for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
                era->limit_fg[slot] = 0;
                era->spent_fg[slot] = 0;
            }
        }
        for (unsigned slot = 0; slot < governor->drugs; slot++) {
            watch->era[watch->era_count - 1].limit_fg[slot] = limit_fg[slot];
        }
        ceilings_set(watch);
    }
}

void governor_charge(struct governor *governor, unsigned slot, mass_fg charge)
{
    governor->charge_fg[slot] = charge.fg;
    governor->charge_inv[slot] = ~charge.fg;
}

/*@ requires \valid(to) && \valid_read(from) && \separated(to, from);
    assigns *to;
    ensures \forall integer s; 0 <= s < GOVERNOR_DRUGS ==>
        to->limit_fg[s] == from->limit_fg[s] && to->spent_fg[s] == from->spent_fg[s]; */
static void era_copy(struct era *to, const struct era *from)
{
    to->bucket = from->bucket;
    /*@ loop invariant 0 <= slot <= GOVERNOR_DRUGS;
        loop invariant \forall integer s; 0 <= s < slot ==>
            to->limit_fg[s] == from->limit_fg[s] && to->spent_fg[s] == from->spent_fg[s];
        loop assigns slot, to->limit_fg[0 .. GOVERNOR_DRUGS - 1], to->spent_fg[0 .. GOVERNOR_DRUGS - 1];
        loop variant GOVERNOR_DRUGS - slot; */
    for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
        to->limit_fg[slot] = from->limit_fg[slot];
        to->spent_fg[slot] = from->spent_fg[slot];
    }
}

/* Forgets the oldest era. */
/*@ requires \valid(watch) && eras_in_range(watch) && watch->era_count > 1;
    assigns watch->era[0 .. GOVERNOR_ERAS - 1], watch->era_count;
    ensures eras_in_range(watch) && watch->era_count == \old(watch->era_count) - 1; */
static void era_end(struct watch *watch)
{
    /*@ loop invariant 1 <= era <= watch->era_count;
        loop invariant eras_in_range(watch);
        loop assigns era, watch->era[0 .. GOVERNOR_ERAS - 1];
        loop variant watch->era_count - era; */
    for (unsigned era = 1; era < watch->era_count; era++) {
        era_copy(&watch->era[era - 1], &watch->era[era]);
    }
    watch->era_count--;
}

/* The oldest era ends once every bucket of the window began after it. */
/*@ requires \valid(watch) && eras_in_range(watch) && ceilings_honest(watch) && 0 <= watch->newest;
    assigns watch->era[0 .. GOVERNOR_ERAS - 1], watch->era_count, watch->ceiling_fg[0 .. GOVERNOR_DRUGS - 1],
            watch->ceiling_inv[0 .. GOVERNOR_DRUGS - 1];
    ensures eras_in_range(watch) && ceilings_honest(watch); */
static void eras_end(struct watch *watch)
{
    if (watch->era_count <= 1 || watch->newest - WINDOW_BUCKETS <= watch->era[1].bucket) {
        return;
    }
    /*@ loop invariant eras_in_range(watch);
        loop assigns watch->era[0 .. GOVERNOR_ERAS - 1], watch->era_count;
        loop variant watch->era_count; */
    while (watch->era_count > 1 && watch->newest - WINDOW_BUCKETS > watch->era[1].bucket) {
        era_end(watch);
    }
    ceilings_set(watch);
}

/*@ requires \valid_read(watch) && at < WINDOW_RING;
    assigns \nothing; */
static bool check_holds(const struct watch *watch, unsigned at)
{
    uint64_t check = 0;
    /*@ loop invariant 0 <= slot <= GOVERNOR_DRUGS;
        loop assigns slot, check;
        loop variant GOVERNOR_DRUGS - slot; */
    for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
        check += (uint64_t)watch->window[slot].bucket_fg[at] * CHECK_ODD[slot];
    }
    return check == watch->check[at];
}

/*@ requires \valid_read(watch) && drugs <= GOVERNOR_DRUGS;
    assigns \nothing;
    ensures \result ==> 1 <= watch->era_count <= GOVERNOR_ERAS;
    ensures \result ==> \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]); */
static bool watch_sound(const struct watch *watch, unsigned drugs)
{
    /*@ loop invariant 0 <= at <= WINDOW_RING;
        loop assigns at;
        loop variant WINDOW_RING - at; */
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        if (!check_holds(watch, at)) {
            return false;
        }
    }
    /*@ loop invariant 0 <= slot <= drugs;
        loop invariant \forall integer s; 0 <= s < slot ==> window_whole(&watch->window[s]);
        loop assigns slot;
        loop variant drugs - slot; */
    for (unsigned slot = 0; slot < drugs; slot++) {
        if (!window_sound(&watch->window[slot]) || watch->ceiling_inv[slot] != ~watch->ceiling_fg[slot]) {
            return false;
        }
    }
    return watch->era_count >= 1 && watch->era_count <= GOVERNOR_ERAS;
}

/* Empties one place of the ring for all drugs. */
/*@ requires \valid(watch) && at < WINDOW_RING && drugs <= GOVERNOR_DRUGS;
    requires \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]);
    assigns watch->window[0 .. GOVERNOR_DRUGS - 1], watch->check[at];
    ensures \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]);
    ensures \forall integer s; 0 <= s < drugs ==> watch->window[s].bucket_fg[at] == 0;
    ensures \forall integer s, i; 0 <= s < drugs && 0 <= i < WINDOW_RING && i != at ==>
        watch->window[s].bucket_fg[i] == \old(watch->window[s].bucket_fg[i]);
    ensures \forall integer s; drugs <= s < GOVERNOR_DRUGS ==> window_same{Pre, Post}(&watch->window[s]); */
static void bucket_drop(struct watch *watch, unsigned at, unsigned drugs)
{
    /*@ loop invariant 0 <= slot <= drugs;
        loop invariant \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]);
        loop invariant \forall integer s; 0 <= s < slot ==> watch->window[s].bucket_fg[at] == 0;
        loop invariant \forall integer s, i; 0 <= s < drugs && 0 <= i < WINDOW_RING && i != at ==>
            watch->window[s].bucket_fg[i] == \at(watch->window[s].bucket_fg[i], Pre);
        loop invariant \forall integer s; slot <= s < GOVERNOR_DRUGS ==> window_same{Pre, Here}(&watch->window[s]);
        loop assigns slot, watch->window[0 .. GOVERNOR_DRUGS - 1];
        loop variant drugs - slot; */
    for (unsigned slot = 0; slot < drugs; slot++) {
        window_drop(&watch->window[slot], at);
        /*@ assert \forall integer s; 0 <= s < GOVERNOR_DRUGS && s != slot ==>
                window_same{LoopCurrent, Here}(&watch->window[s]); */
    }
    watch->check[at] = 0;
}

/* Lets one kind of window move on to bucket `newest`: what falls out of it is dropped, nothing else. */
/*@ requires \valid(watch) && drugs <= GOVERNOR_DRUGS && 0 <= watch->newest <= newest <= 4000000000000000000;
    requires windows_honest(watch);
    requires \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]);
    assigns watch->window[0 .. GOVERNOR_DRUGS - 1], watch->check[0 .. WINDOW_RING - 1], watch->newest;
    ensures watch->newest == newest && windows_honest(watch);
    ensures \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]);
    ensures \forall integer s; 0 <= s < drugs ==> kept{Pre, Post}(watch, s); */
static void watch_advance(struct watch *watch, int64_t newest, unsigned drugs)
{
    int64_t first = newest - watch->newest > WINDOW_RING ? newest - WINDOW_RING + 1 : watch->newest + 1;
    /*@ loop invariant first <= bucket <= newest + 1;
        loop invariant \forall integer s; 0 <= s < drugs ==> window_whole(&watch->window[s]);
        loop invariant \forall integer s; drugs <= s < GOVERNOR_DRUGS ==> window_same{Pre, Here}(&watch->window[s]);
        loop invariant \forall integer s, b; 0 <= s < drugs && 0 <= b && newest - WINDOW_BUCKETS <= b < bucket ==>
            held(watch, s, b) == (b <= \at(watch->newest, Pre) ? held{Pre}(watch, s, b) : 0);
        loop assigns bucket, watch->window[0 .. GOVERNOR_DRUGS - 1], watch->check[0 .. WINDOW_RING - 1];
        loop variant newest - bucket; */
    for (int64_t bucket = first; bucket <= newest; bucket++) {
        bucket_drop(watch, ring_at(bucket), drugs);
    }
    watch->newest = newest;
}

/*@ requires \valid(watch) && watch_honest(watch, kind) && kind < WINDOW_KINDS && drugs <= GOVERNOR_DRUGS;
    requires instant_in_range(now.ms) && watch->newest * bucket_ms(kind) <= now.ms;
    assigns *watch;
    ensures watch_honest(watch, kind) && watch->newest * bucket_ms(kind) <= now.ms;
    ensures \forall integer s; 0 <= s < drugs ==> kept{Pre, Post}(watch, s);
    ensures \result ==> watch->newest == now.ms / bucket_ms(kind); */
static bool watch_turn(struct watch *watch, unsigned kind, unsigned drugs, instant_ms now)
{
    if (!watch_sound(watch, drugs)) {
        return false;
    }
    watch_advance(watch, bucket_at(kind, now.ms), drugs);
    watch->turn_ms = bucket_end_ms(kind, watch->newest);
    eras_end(watch);
    return true;
}

bool governor_turn(struct governor *governor, instant_ms now)
{
    if (governor->drugs > GOVERNOR_DRUGS) {
        return false;
    }
    struct watch *hour = &governor->watch[WINDOW_HOUR], *day = &governor->watch[WINDOW_DAY];
    if (!watch_turn(hour, WINDOW_HOUR, governor->drugs, now)) {
        //@ assert watch_same{Pre, Here}(day);
        return false;
    }
    //@ assert \forall integer s; 0 <= s < GOVERNOR_DRUGS ==> window_same{Pre, Here}(&day->window[s]);
    //@ assert \forall integer s; 0 <= s < GOVERNOR_DRUGS ==> limits_same{Pre, Here}(day, s);
    //@ assert watch_same{Pre, Here}(day);
    //@ ghost hour_turned: ;
    bool sound = watch_turn(day, WINDOW_DAY, governor->drugs, now);
    //@ assert watch_same{hour_turned, Here}(hour);
    return sound;
}

/* An era's own deliveries, with this charge, against the largest limit from it on. */
/*@ predicate eras_have_room(struct watch *w, integer slot, integer charge) =
        \forall integer e; 1 <= e < w->era_count ==> w->era[e].spent_fg[slot] + charge <= limit_from(w, slot, e); */
/*@ requires \valid_read(watch) && eras_in_range(watch) && slot < GOVERNOR_DRUGS && 0 <= charge_fg;
    assigns \nothing;
    ensures \result <==> eras_have_room(watch, slot, charge_fg); */
static bool eras_fit(const struct watch *watch, unsigned slot, int64_t charge_fg)
{
    int64_t limit = 0;
    /*@ loop invariant 0 <= era < watch->era_count && 0 <= limit <= LIMIT_FG_MAX;
        loop invariant limit == limit_from(watch, slot, era + 1);
        loop invariant \forall integer e; era < e < watch->era_count ==>
            watch->era[e].spent_fg[slot] + charge_fg <= limit_from(watch, slot, e);
        loop assigns era, limit;
        loop variant era; */
    for (unsigned era = watch->era_count - 1u; era >= 1; era--) {
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

/*@ predicate slot_has_room(struct watch *w, integer slot, integer charge) =
        window_whole(&w->window[slot]) && ceiling_right(w, slot) &&
        w->window[slot].sum_fg + charge <= w->ceiling_fg[slot] && eras_have_room(w, slot, charge); */

/*@ predicate watch_has_room(struct watch *w, struct governor *g) =
        \forall integer s; 0 <= s < g->drugs ==>
            0 <= g->charge_fg[s] <= 300000000000 && slot_has_room(w, s, g->charge_fg[s]); */

/* Has one kind of window room for the charge of every drug? Looks only. */
/*@ requires \valid_read(governor) && \valid_read(watch) && watch_honest(watch, kind) && kind < WINDOW_KINDS;
    requires governor->drugs <= GOVERNOR_DRUGS && charges_honest(governor);
    assigns \nothing;
    ensures \result.answer \in { GOVERNOR_PASS, GOVERNOR_WITHHOLD, GOVERNOR_DAMAGED };
    ensures \result.answer == GOVERNOR_PASS ==> watch_has_room(watch, governor); */
static struct governor_ruling watch_rule(const struct governor *governor, const struct watch *watch, unsigned kind)
{
    /*@ loop invariant 0 <= slot <= governor->drugs;
        loop invariant \forall integer s; 0 <= s < slot ==>
            0 <= governor->charge_fg[s] <= 300000000000 && slot_has_room(watch, s, governor->charge_fg[s]);
        loop assigns slot;
        loop variant governor->drugs - slot; */
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        int64_t sum = watch->window[slot].sum_fg, ceiling = watch->ceiling_fg[slot], charge = governor->charge_fg[slot];
        if (watch->window[slot].sum_inv != ~sum || watch->ceiling_inv[slot] != ~ceiling ||
            governor->charge_inv[slot] != ~charge) {
            return (struct governor_ruling){ GOVERNOR_DAMAGED, 0, 0, 0 };
        }
        //@ assert window_honest(&watch->window[slot]);
        //@ assert window_whole(&watch->window[slot]);
        //@ assert ceiling_right(watch, slot);
        //@ assert 0 <= charge <= 300000000000;
        if (charge > ceiling - sum || (watch->era_count > 1 && !eras_fit(watch, slot, charge))) {
            return (struct governor_ruling){ GOVERNOR_WITHHOLD, (uint8_t)kind, (uint8_t)slot, watch->turn_ms };
        }
        //@ assert slot_has_room(watch, slot, charge);
    }
    return (struct governor_ruling){ GOVERNOR_PASS, 0, 0, 0 };
}

/*@ requires \valid(watch) && eras_in_range(watch) && slot < GOVERNOR_DRUGS && 0 <= charge_fg;
    requires eras_have_room(watch, slot, charge_fg);
    assigns watch->era[1 .. GOVERNOR_ERAS - 1].spent_fg[slot];
    ensures eras_in_range(watch) && eras_within(watch, slot); */
static void eras_book(struct watch *watch, unsigned slot, int64_t charge_fg)
{
    //@ assert \forall integer e; 1 <= e < watch->era_count ==> limit_from(watch, slot, e) <= LIMIT_FG_MAX;
    /*@ loop invariant 1 <= era <= watch->era_count && eras_in_range(watch);
        loop invariant \forall integer e; 1 <= e < era ==>
            watch->era[e].spent_fg[slot] == \at(watch->era[e].spent_fg[slot], Pre) + charge_fg;
        loop invariant \forall integer e; era <= e < watch->era_count ==>
            watch->era[e].spent_fg[slot] == \at(watch->era[e].spent_fg[slot], Pre);
        loop assigns era, watch->era[1 .. GOVERNOR_ERAS - 1].spent_fg[slot];
        loop variant watch->era_count - era; */
    for (unsigned era = 1; era < watch->era_count; era++) {
        watch->era[era].spent_fg[slot] += charge_fg;
    }
}

/* Books the charges of one quantum in one kind of window. */
/*@ requires \valid(watch) && \valid_read(charge_fg + (0 .. GOVERNOR_DRUGS - 1)) && drugs <= GOVERNOR_DRUGS;
    requires \separated(watch, charge_fg + (0 .. GOVERNOR_DRUGS - 1));
    requires 0 <= watch->newest && eras_in_range(watch) && windows_honest(watch);
    requires \forall integer s; 0 <= s < drugs ==> 0 <= charge_fg[s] <= 300000000000;
    requires \forall integer s; 0 <= s < drugs ==> slot_has_room(watch, s, charge_fg[s]);
    assigns watch->window[0 .. GOVERNOR_DRUGS - 1], watch->check[0 .. WINDOW_RING - 1],
            watch->era[1 .. GOVERNOR_ERAS - 1].spent_fg[0 .. GOVERNOR_DRUGS - 1];
    ensures eras_in_range(watch) && windows_honest(watch);
    ensures watch_within(watch, drugs);
    ensures \forall integer s, i; 0 <= s < drugs && 0 <= i < WINDOW_RING ==> watch->window[s].bucket_fg[i] ==
        \old(watch->window[s].bucket_fg[i]) + (i == watch->newest % WINDOW_RING ? charge_fg[s] : 0); */
static void watch_book(struct watch *watch, const int64_t *charge_fg, unsigned drugs)
{
    unsigned at = ring_at(watch->newest);
    /*@ loop invariant 0 <= slot <= drugs && eras_in_range(watch);
        loop invariant \forall integer s; 0 <= s < slot ==> window_whole(&watch->window[s]) &&
            window_total(&watch->window[s]) <= watch->ceiling_fg[s] && eras_within(watch, s);
        loop invariant \forall integer s, i; 0 <= s < slot && 0 <= i < WINDOW_RING ==> watch->window[s].bucket_fg[i] ==
            \at(watch->window[s].bucket_fg[i], Pre) + (i == at ? charge_fg[s] : 0);
        loop invariant \forall integer s; slot <= s < GOVERNOR_DRUGS ==> window_same{Pre, Here}(&watch->window[s]);
        loop invariant \forall integer s; slot <= s < drugs ==> slot_has_room(watch, s, charge_fg[s]);
        loop assigns slot, watch->window[0 .. GOVERNOR_DRUGS - 1], watch->check[at],
                     watch->era[1 .. GOVERNOR_ERAS - 1].spent_fg[0 .. GOVERNOR_DRUGS - 1];
        loop variant drugs - slot; */
    for (unsigned slot = 0; slot < drugs; slot++) {
        window_book(&watch->window[slot], at, charge_fg[slot]);
        watch->check[at] += (uint64_t)charge_fg[slot] * CHECK_ODD[slot];
        eras_book(watch, slot, charge_fg[slot]);
    }
}

/* The answer for the next quantum, when the windows stand at `now`. Looks only. */
/*@ requires \valid_read(governor) && governor_honest(governor);
    requires instant_in_range(now.ms) && governor->last_ms <= now.ms;
    assigns \nothing;
    ensures \result.answer \in { GOVERNOR_PASS, GOVERNOR_WITHHOLD, GOVERNOR_DAMAGED };
    ensures \result.answer == GOVERNOR_PASS ==> watch_has_room(&governor->watch[WINDOW_HOUR], governor) &&
        watch_has_room(&governor->watch[WINDOW_DAY], governor); */
static struct governor_ruling governor_rule(const struct governor *governor, instant_ms now)
{
    if (now.ms < governor->recovered_ms && governor->last_ms >= 0 &&
        now.ms - governor->last_ms < governor->pace_ms) {
        return (struct governor_ruling){ GOVERNOR_WITHHOLD, WINDOW_KINDS, 0, governor->last_ms + governor->pace_ms };
    }
    struct governor_ruling hour = watch_rule(governor, &governor->watch[WINDOW_HOUR], WINDOW_HOUR);
    return hour.answer != GOVERNOR_PASS ? hour : watch_rule(governor, &governor->watch[WINDOW_DAY], WINDOW_DAY);
}

/* Books one quantum in every window. */
/*@ requires \valid(governor) && governor_honest(governor);
    requires watch_has_room(&governor->watch[WINDOW_HOUR], governor);
    requires watch_has_room(&governor->watch[WINDOW_DAY], governor);
    requires instant_in_range(now.ms);
    assigns governor->watch[0 .. WINDOW_KINDS - 1], governor->last_ms;
    ensures governor_honest(governor) && governor->last_ms == now.ms;
    ensures governor->watch[WINDOW_HOUR].newest == \old(governor->watch[WINDOW_HOUR].newest);
    ensures governor->watch[WINDOW_DAY].newest == \old(governor->watch[WINDOW_DAY].newest);
    ensures watch_within(&governor->watch[WINDOW_HOUR], governor->drugs);
    ensures watch_within(&governor->watch[WINDOW_DAY], governor->drugs);
    ensures \forall integer s; 0 <= s < governor->drugs ==>
        booked{Pre, Post}(&governor->watch[WINDOW_HOUR], s, governor->charge_fg[s]);
    ensures \forall integer s; 0 <= s < governor->drugs ==>
        booked{Pre, Post}(&governor->watch[WINDOW_DAY], s, governor->charge_fg[s]); */
static void governor_book(struct governor *governor, instant_ms now)
{
    struct watch *hour = &governor->watch[WINDOW_HOUR], *day = &governor->watch[WINDOW_DAY];
    governor->last_ms = now.ms;
    //@ assert watch_same{Pre, Here}(hour) && watch_same{Pre, Here}(day);
    //@ assert watch_has_room(hour, governor) && watch_has_room(day, governor);
    watch_book(hour, governor->charge_fg, governor->drugs);
    //@ assert watch_same{Pre, Here}(day);
    //@ assert watch_has_room(day, governor);
    //@ ghost hour_booked: ;
    watch_book(day, governor->charge_fg, governor->drugs);
    //@ assert watch_same{hour_booked, Here}(hour);
}

/* Lets the windows move on when a bucket is full. */
/*@ requires \valid(governor) && governor_honest(governor);
    requires instant_in_range(now.ms) && governor_reached(governor, now.ms);
    assigns governor->watch[0 .. WINDOW_KINDS - 1];
    ensures governor_honest(governor) && governor_reached(governor, now.ms);
    ensures watch_kept{Pre, Post}(&governor->watch[WINDOW_HOUR], governor->drugs) &&
        watch_kept{Pre, Post}(&governor->watch[WINDOW_DAY], governor->drugs); */
static bool governor_arrive(struct governor *governor, instant_ms now)
{
    return (now.ms < governor->watch[WINDOW_HOUR].turn_ms && now.ms < governor->watch[WINDOW_DAY].turn_ms) ||
           governor_turn(governor, now);
}

struct governor_ruling governor_pass(struct governor *governor, instant_ms now)
{
    if (!governor_arrive(governor, now)) {
        return (struct governor_ruling){ GOVERNOR_DAMAGED, 0, 0, 0 };
    }
    struct governor_ruling ruling = governor_rule(governor, now);
    //@ ghost arrived: ;
    if (ruling.answer == GOVERNOR_PASS) {
        governor_book(governor, now);
        //@ assert governor_reached(governor, now.ms);
        /*@ assert \forall integer s; 0 <= s < governor->drugs ==>
                kept{Pre, arrived}(&governor->watch[WINDOW_HOUR], s) &&
                booked{arrived, Here}(&governor->watch[WINDOW_HOUR], s, governor->charge_fg[s]); */
        /*@ assert \forall integer s; 0 <= s < governor->drugs ==>
                kept{Pre, arrived}(&governor->watch[WINDOW_DAY], s) &&
                booked{arrived, Here}(&governor->watch[WINDOW_DAY], s, governor->charge_fg[s]); */
    }
    return ruling;
}

void governor_recover(struct governor *governor, instant_ms now, span_ms pace)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct watch *watch = &governor->watch[kind];
        for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
            window_clear(&watch->window[slot]);
        }
        for (unsigned at = 0; at < WINDOW_RING; at++) {
            watch->check[at] = 0;
        }
        watch->newest = bucket_at(kind, now.ms);
        watch->turn_ms = bucket_end_ms(kind, watch->newest);
    }
    governor->recovered_ms = now.ms + DAY_MS + DAY_BUCKET_MS;
    governor->pace_ms = pace.ms;
    governor->last_ms = -1; /* none since: what is due now need not wait */
}

bool governor_recovering(const struct governor *governor, instant_ms now)
{
    return now.ms < governor->recovered_ms;
}
