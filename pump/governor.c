// SPDX-License-Identifier: Apache-2.0
#include "pump/governor.h"

static const int64_t BUCKET_MS[WINDOW_KINDS] = { [WINDOW_HOUR] = HOUR_MS / WINDOW_BUCKETS,
                                                 [WINDOW_DAY] = DAY_MS / WINDOW_BUCKETS };

/* Odd multipliers, one a slot: a flipped bit in any bucket changes the check word. */
static const uint64_t CHECK_ODD[GOVERNOR_DRUGS] = { 0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u,
                                                    0xD6E8FEB86659FD93u, 0xA0761D6478BD642Fu, 0xE7037ED1A0B428DBu };

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
        watch->newest = now.ms / BUCKET_MS[kind];
        watch->turn_ms = (watch->newest + 1) * BUCKET_MS[kind];
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

static void ceilings_set(struct governor *governor, struct watch *watch)
{
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        int64_t ceiling = 0;
        for (unsigned era = 0; era < watch->era_count; era++) {
            if (watch->era[era].limit_fg[slot] > ceiling) {
                ceiling = watch->era[era].limit_fg[slot];
            }
        }
        watch->ceiling_fg[slot] = ceiling;
        watch->ceiling_inv[slot] = ~ceiling;
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
            era->bucket = now.ms / BUCKET_MS[kind];
            for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
                era->limit_fg[slot] = 0;
                era->spent_fg[slot] = 0;
            }
        }
        for (unsigned slot = 0; slot < governor->drugs; slot++) {
            watch->era[watch->era_count - 1].limit_fg[slot] = limit_fg[slot];
        }
        ceilings_set(governor, watch);
    }
}

void governor_charge(struct governor *governor, unsigned slot, mass_fg charge)
{
    governor->charge_fg[slot] = charge.fg;
    governor->charge_inv[slot] = ~charge.fg;
}

/* The oldest era ends once every bucket of the window began after it. */
static void eras_end(struct governor *governor, struct watch *watch)
{
    bool ended = false;
    while (watch->era_count > 1 && watch->newest - WINDOW_BUCKETS > watch->era[1].bucket) {
        for (unsigned era = 1; era < watch->era_count; era++) {
            watch->era[era - 1] = watch->era[era];
        }
        watch->era_count--;
        ended = true;
    }
    if (ended) {
        ceilings_set(governor, watch);
    }
}

static bool watch_sound(const struct governor *governor, const struct watch *watch)
{
    for (unsigned at = 0; at < WINDOW_RING; at++) {
        uint64_t check = 0;
        for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
            check += (uint64_t)watch->window[slot].bucket_fg[at] * CHECK_ODD[slot];
        }
        if (check != watch->check[at]) {
            return false;
        }
    }
    for (unsigned slot = 0; slot < governor->drugs; slot++) {
        if (!window_sound(&watch->window[slot]) || watch->ceiling_inv[slot] != ~watch->ceiling_fg[slot]) {
            return false;
        }
    }
    return watch->era_count >= 1 && watch->era_count <= GOVERNOR_ERAS;
}

bool governor_turn(struct governor *governor, instant_ms now)
{
    if (governor->drugs > GOVERNOR_DRUGS) {
        return false;
    }
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct watch *watch = &governor->watch[kind];
        if (!watch_sound(governor, watch)) {
            return false;
        }
        int64_t newest = now.ms / BUCKET_MS[kind];
        int64_t first = newest - watch->newest > WINDOW_RING ? newest - WINDOW_RING + 1 : watch->newest + 1;
        for (int64_t bucket = first; bucket <= newest; bucket++) {
            for (unsigned slot = 0; slot < GOVERNOR_DRUGS; slot++) {
                window_drop(&watch->window[slot], ring_at(bucket));
            }
            watch->check[ring_at(bucket)] = 0;
        }
        watch->newest = newest;
        watch->turn_ms = (newest + 1) * BUCKET_MS[kind];
        eras_end(governor, watch);
    }
    return true;
}

static struct governor_ruling withhold(unsigned kind, unsigned slot, int64_t retry_ms)
{
    return (struct governor_ruling){ GOVERNOR_WITHHOLD, (uint8_t)kind, (uint8_t)slot, retry_ms };
}

/* An era's own deliveries against the largest limit from it on. */
static bool eras_fit(const struct governor *governor, const struct watch *watch, unsigned slot)
{
    int64_t limit = 0;
    for (unsigned era = watch->era_count - 1; era >= 1; era--) {
        if (watch->era[era].limit_fg[slot] > limit) {
            limit = watch->era[era].limit_fg[slot];
        }
        if (governor->charge_fg[slot] > limit - watch->era[era].spent_fg[slot]) {
            return false;
        }
    }
    return true;
}

struct governor_ruling governor_pass(struct governor *governor, instant_ms now)
{
    static const struct governor_ruling damaged = { GOVERNOR_DAMAGED, 0, 0, 0 };
    static const struct governor_ruling pass = { GOVERNOR_PASS, 0, 0, 0 };
    if (now.ms >= governor->watch[WINDOW_HOUR].turn_ms || now.ms >= governor->watch[WINDOW_DAY].turn_ms) {
        if (!governor_turn(governor, now)) {
            return damaged;
        }
    }
    if (now.ms < governor->recovered_ms && governor->last_ms >= 0 && now.ms - governor->last_ms < governor->pace_ms) {
        return withhold(WINDOW_KINDS, 0, governor->last_ms + governor->pace_ms);
    }
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        const struct watch *watch = &governor->watch[kind];
        for (unsigned slot = 0; slot < governor->drugs; slot++) {
            const struct window *window = &watch->window[slot];
            if (window->sum_inv != ~window->sum_fg || watch->ceiling_inv[slot] != ~watch->ceiling_fg[slot] ||
                governor->charge_inv[slot] != ~governor->charge_fg[slot]) {
                return damaged;
            }
            if (governor->charge_fg[slot] > watch->ceiling_fg[slot] - window->sum_fg ||
                (watch->era_count > 1 && !eras_fit(governor, watch, slot))) {
                return withhold(kind, slot, watch->turn_ms);
            }
        }
    }
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        struct watch *watch = &governor->watch[kind];
        unsigned at = ring_at(watch->newest);
        for (unsigned slot = 0; slot < governor->drugs; slot++) {
            int64_t charge = governor->charge_fg[slot];
            window_book(&watch->window[slot], at, charge);
            watch->check[at] += (uint64_t)charge * CHECK_ODD[slot];
            for (unsigned era = 1; era < watch->era_count; era++) {
                watch->era[era].spent_fg[slot] += charge;
            }
        }
    }
    governor->last_ms = now.ms;
    return pass;
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
        watch->newest = now.ms / BUCKET_MS[kind];
        watch->turn_ms = (watch->newest + 1) * BUCKET_MS[kind];
    }
    governor->recovered_ms = now.ms + DAY_MS + BUCKET_MS[WINDOW_DAY];
    governor->pace_ms = pace.ms;
    governor->last_ms = now.ms;
}

bool governor_recovering(const struct governor *governor, instant_ms now)
{
    return now.ms < governor->recovered_ms;
}
