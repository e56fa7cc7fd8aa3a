// SPDX-License-Identifier: Apache-2.0
#include "pump/governor.h"

/* One multiplicative step of the seal: order and every bit count. */
static uint64_t seal_add(uint64_t seal, int64_t word)
{
    seal = (seal ^ (uint64_t)word) * 0x9E3779B97F4A7C15u;
    return seal ^ (seal >> 32);
}

static uint64_t seal_of(const struct governor *governor)
{
    uint64_t seal = seal_add(0x1D8E4E27C47D124Fu, governor->drugs);
    seal = seal_add(seal_add(seal, governor->recovered_ms), governor->pace_ms);
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        seal = seal_add(seal, governor->drug[slot]);
    }
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        const struct watch *watch = &governor->watch[kind];
        seal = seal_add(seal, watch->eras);
        for (unsigned era = 0; era < watch->eras; era++) {
            seal = seal_add(seal, watch->era[era].bucket);
            for (unsigned slot = 0; slot < governor->drugs; slot++) {
                seal = seal_add(seal_add(seal, watch->era[era].limit_fg[slot]), watch->era[era].spent_fg[slot]);
            }
        }
    }
    return seal;
}

/* The counts by which memory is reached, before anything is reached by them. */
static bool counts_possible(const struct governor *governor)
{
    const struct watch *hour = &governor->watch[WINDOW_HOUR], *day = &governor->watch[WINDOW_DAY];
    return governor->drugs <= GOVERNOR_DRUGS && hour->eras - 1 < GOVERNOR_ERAS && day->eras - 1 < GOVERNOR_ERAS &&
           hour->at < WINDOW_RING && day->at < WINDOW_RING;
}

static bool seal_holds(const struct governor *governor)
{
    return counts_possible(governor) && seal_of(governor) == governor->seal;
}

void governor_clear(struct governor *governor, instant_ms now)
{
    governor->drugs = 0;
    governor->recovered_ms = 0;
    governor->pace_ms = 1;
    governor->last_ms = -1;
    for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
        governor->drug[slot] = DRUG_NONE;
        governor_charge(governor, slot, (mass_fg){ 0 });
    }
    watch_clear(&governor->watch[WINDOW_HOUR], WINDOW_HOUR, now);
    watch_clear(&governor->watch[WINDOW_DAY], WINDOW_DAY, now);
    governor->seal = seal_of(governor);
}

int governor_find(const struct governor *governor, uint16_t drug)
{
    for (unsigned slot = 0; slot < governor->drugs && slot < GOVERNOR_DRUGS; slot++) {
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

int governor_slot(struct governor *governor, uint16_t drug)
{
    int found = governor_find(governor, drug);
    if (found >= 0) {
        return found;
    }
    unsigned slot = governor->drugs;
    if (slot == GOVERNOR_DRUGS) {
        for (slot = 0; slot < GOVERNOR_DRUGS && !slot_idle(governor, slot); slot++) {
        }
        if (slot == GOVERNOR_DRUGS) {
            return -1;
        }
    } else {
        governor->drugs++;
    }
    governor->drug[slot] = drug;
    watch_open(&governor->watch[WINDOW_HOUR], slot);
    watch_open(&governor->watch[WINDOW_DAY], slot);
    governor->seal = seal_of(governor);
    return (int)slot;
}

/* The limits that each slot will have: its row's, or what it had. */
static void limits_by_slot(const struct governor *governor, const struct limits *limits, unsigned kind,
                           int64_t limit_fg[GOVERNOR_DRUGS])
{
    const struct watch *watch = &governor->watch[kind];
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        limit_fg[slot] = watch->era[watch->eras - 1].limit_fg[slot];
        for (unsigned row = 0; row < limits->count; row++) {
            if (limits->drug[row].drug == governor->drug[slot]) {
                limit_fg[slot] = limits->drug[row].window[kind].fg;
            }
        }
    }
}

bool governor_can_limit(const struct governor *governor, const struct limits *limits)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        int64_t limit_fg[GOVERNOR_DRUGS];
        limits_by_slot(governor, limits, kind, limit_fg);
        if (governor->watch[kind].eras == GOVERNOR_ERAS &&
            watch_lowers(&governor->watch[kind], limit_fg, governor->drugs)) {
            return false;
        }
    }
    return true;
}

void governor_limit(struct governor *governor, const struct limits *limits, instant_ms now)
{
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        int64_t limit_fg[GOVERNOR_DRUGS];
        limits_by_slot(governor, limits, kind, limit_fg);
        watch_limit(&governor->watch[kind], limit_fg, governor->drugs, (enum window_kind)kind, now);
    }
    governor->seal = seal_of(governor);
}

void governor_charge(struct governor *governor, unsigned slot, mass_fg charge)
{
    governor->charge_fg[slot] = charge.fg;
    governor->charge_inv[slot] = ~charge.fg;
}

static bool turn_due(struct governor *governor, instant_ms now)
{
    struct watch *hour = &governor->watch[WINDOW_HOUR], *day = &governor->watch[WINDOW_DAY];
    uint32_t eras = hour->eras + day->eras;
    if ((now.ms >= hour->turn_ms && !watch_turn(hour, governor->drugs, WINDOW_HOUR, now)) ||
        (now.ms >= day->turn_ms && !watch_turn(day, governor->drugs, WINDOW_DAY, now))) {
        return false;
    }
    if (hour->eras + day->eras != eras) {
        governor->seal = seal_of(governor);
    }
    return true;
}

bool governor_turn(struct governor *governor, instant_ms now)
{
    if (!seal_holds(governor) || !watch_sound(&governor->watch[WINDOW_HOUR], governor->drugs, WINDOW_HOUR) ||
        !watch_sound(&governor->watch[WINDOW_DAY], governor->drugs, WINDOW_DAY)) {
        return false;
    }
    return turn_due(governor, now);
}

static bool charges_sound(const struct governor *governor)
{
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        if (governor->charge_inv[slot] != ~governor->charge_fg[slot]) {
            return false;
        }
    }
    return true;
}

/* Memory that the rare states lean on: eras and recovery. */
static bool rare_sound(const struct governor *governor, instant_ms now)
{
    return seal_holds(governor) && governor->last_ms <= now.ms;
}

/* Books a quantum that fits both windows. */
/*@ requires \valid(hour) && \valid(day) && drugs <= WATCH_DRUGS && \valid_read(charge_fg + (0 .. WATCH_DRUGS - 1));
    requires \separated(hour, day, charge_fg + (0 .. WATCH_DRUGS - 1));
    requires hour->at < WINDOW_RING && day->at < WINDOW_RING && eras_in_range(hour) && eras_in_range(day);
    requires charges_in_range(charge_fg, drugs);
    requires watch_has_room(hour, charge_fg, drugs) && watch_has_room(day, charge_fg, drugs);
    assigns *hour, *day;
    ensures watch_within(hour, drugs) && watch_within(day, drugs);
    ensures \forall integer s; 0 <= s < drugs ==>
        window_total(&hour->window[s]) == \old(window_total(&hour->window[s])) + charge_fg[s];
    ensures \forall integer s; 0 <= s < drugs ==>
        window_total(&day->window[s]) == \old(window_total(&day->window[s])) + charge_fg[s]; */
static void both_book(struct watch *hour, struct watch *day, const int64_t charge_fg[GOVERNOR_DRUGS], unsigned drugs)
{
    watch_book(hour, charge_fg, drugs);
    //@ assert \forall integer s; 0 <= s < drugs ==> charge_fg[s] == \at(charge_fg[s], Pre);
    //@ assert limits_same{Pre, Here}(day);
    //@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==> window_same{Pre, Here}(&day->window[s]);
    //@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==> slot_same{Pre, Here}(day, s);
    /*@ assert \forall integer e, s; 0 <= e < WATCH_ERAS && 0 <= s < WATCH_DRUGS ==>
            day->era[e].spent_fg[s] == \at(day->era[e].spent_fg[s], Pre); */
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==>
            window_total(&day->window[s]) == window_total{Pre}(&day->window[s]); */
    //@ assert eras_in_range(day) && watch_has_room(day, charge_fg, drugs);
    //@ ghost hour_booked: ;
    watch_book(day, charge_fg, drugs);
    //@ assert \forall integer s; 0 <= s < drugs ==> charge_fg[s] == \at(charge_fg[s], Pre);
    //@ assert limits_same{hour_booked, Here}(hour);
    /*@ assert \forall integer s, i; 0 <= s < WATCH_DRUGS && 0 <= i < WINDOW_RING ==>
            hour->window[s].bucket_fg[i] == \at(hour->window[s].bucket_fg[i], hour_booked); */
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==>
            hour->window[s].sum_fg == \at(hour->window[s].sum_fg, hour_booked) &&
            hour->window[s].sum_inv == \at(hour->window[s].sum_inv, hour_booked); */
    //@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==> window_same{hour_booked, Here}(&hour->window[s]);
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==>
            hour->ceiling_fg[s] == \at(hour->ceiling_fg[s], hour_booked); */
    /*@ assert \forall integer e, s; 0 <= e < WATCH_ERAS && 0 <= s < WATCH_DRUGS ==>
            hour->era[e].spent_fg[s] == \at(hour->era[e].spent_fg[s], hour_booked); */
    //@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==> slot_same{hour_booked, Here}(hour, s);
    /*@ assert \forall integer s; 0 <= s < WATCH_DRUGS ==>
            window_total(&hour->window[s]) == window_total{hour_booked}(&hour->window[s]); */
}

/* Books a quantum in both windows when it fits both, and in neither when it does not. */
/*@ requires \valid(hour) && \valid(day) && drugs <= WATCH_DRUGS && \valid_read(charge_fg + (0 .. WATCH_DRUGS - 1));
    requires \separated(hour, day, charge_fg + (0 .. WATCH_DRUGS - 1));
    requires watch_honest(hour, drugs) && watch_honest(day, drugs) && charges_in_range(charge_fg, drugs);
    assigns *hour, *day;
    ensures \result.answer \in { GOVERNOR_PASS, GOVERNOR_WITHHOLD, GOVERNOR_DAMAGED };
    ensures \result.answer == GOVERNOR_PASS ==> watch_within(hour, drugs);
    ensures \result.answer == GOVERNOR_PASS ==> watch_within(day, drugs);
    ensures \result.answer == GOVERNOR_PASS ==> \forall integer s; 0 <= s < drugs ==>
        window_total(&hour->window[s]) == \old(window_total(&hour->window[s])) + charge_fg[s];
    ensures \result.answer == GOVERNOR_PASS ==> \forall integer s; 0 <= s < drugs ==>
        window_total(&day->window[s]) == \old(window_total(&day->window[s])) + charge_fg[s];
    ensures \result.answer != GOVERNOR_PASS ==> *hour == \old(*hour) && *day == \old(*day); */
static struct governor_ruling both_pass(struct watch *hour, struct watch *day, const int64_t charge_fg[GOVERNOR_DRUGS],
                                        unsigned drugs)
{
    unsigned slot = 0;
    enum watch_answer answer = watch_judge(hour, charge_fg, drugs, &slot);
    if (answer != WATCH_FITS) {
        return (struct governor_ruling){
            .answer = answer, .window = WINDOW_HOUR, .slot = (uint8_t)slot, .retry_ms = hour->turn_ms
        };
    }
    answer = watch_judge(day, charge_fg, drugs, &slot);
    if (answer != WATCH_FITS) {
        return (struct governor_ruling){
            .answer = answer, .window = WINDOW_DAY, .slot = (uint8_t)slot, .retry_ms = day->turn_ms
        };
    }
    both_book(hour, day, charge_fg, drugs);
    return (struct governor_ruling){ .answer = GOVERNOR_PASS };
}

struct governor_ruling governor_pass(struct governor *governor, instant_ms now)
{
    static const struct governor_ruling damaged = { .answer = GOVERNOR_DAMAGED };
    struct watch *hour = &governor->watch[WINDOW_HOUR], *day = &governor->watch[WINDOW_DAY];
    bool eras = hour->eras != 1 || day->eras != 1;
    bool rare = eras || now.ms < governor->recovered_ms;
    if (!counts_possible(governor) || !charges_sound(governor) || (rare && !rare_sound(governor, now)) ||
        !turn_due(governor, now)) {
        return damaged;
    }
    if (now.ms < governor->recovered_ms && governor->last_ms >= 0 && now.ms - governor->last_ms < governor->pace_ms) {
        return (struct governor_ruling){ .answer = GOVERNOR_WITHHOLD,
                                         .window = WINDOW_KINDS,
                                         .retry_ms = governor->last_ms + governor->pace_ms };
    }
    struct governor_ruling ruling = both_pass(hour, day, governor->charge_fg, governor->drugs);
    if (ruling.answer != GOVERNOR_PASS) {
        return ruling;
    }
    governor->last_ms = now.ms;
    if (eras) {
        governor->seal = seal_of(governor); /* what the eras have spent is under it */
    }
    return ruling;
}

void governor_recover(struct governor *governor, instant_ms now, span_ms pace)
{
    watch_forget(&governor->watch[WINDOW_HOUR], WINDOW_HOUR, now);
    watch_forget(&governor->watch[WINDOW_DAY], WINDOW_DAY, now);
    governor->recovered_ms = now.ms + DAY_MS + window_bucket_span(WINDOW_DAY).ms;
    governor->pace_ms = pace.ms;
    governor->last_ms = -1; /* the quantum that is due now need not wait: none is in the windows */
    governor->seal = seal_of(governor);
}

void governor_pace(struct governor *governor, span_ms pace)
{
    if (seal_holds(governor)) { /* what is damaged is left to be found, not sealed anew */
        governor->pace_ms = pace.ms;
        governor->seal = seal_of(governor);
    }
}

bool governor_recovering(const struct governor *governor, instant_ms now)
{
    return now.ms < governor->recovered_ms;
}
