// SPDX-License-Identifier: Apache-2.0
#include "rig/tip.h"

#include <string.h>

static const int64_t WINDOW_MS[WINDOW_KINDS] = { 3600000, 86400000 };
static const double KG_PER_FG = 1e-18;

/* Sums of doubles over millions of quanta stray by less than this share; the smallest quantum of a full window is a
 * hundred thousandth of it. */
static const double FORGIVEN = 1e-9;

void tip_clear(struct tip *tip)
{
    memset(tip, 0, offsetof(struct tip, ring));
}

unsigned tip_place(const struct tip *tip, uint16_t drug)
{
    unsigned place = 0;
    while (place < TIP_DRUGS && tip->drug[place] != drug)
        place++;
    return place;
}

static void era_room(struct tip *tip)
{
    if (tip->eras < TIP_ERAS)
        return;
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
        for (unsigned place = 0; place < TIP_DRUGS; place++)
            if (tip->era[0].kg[kind][place] > tip->era[1].kg[kind][place])
                tip->era[1].kg[kind][place] = tip->era[0].kg[kind][place];
    memmove(tip->era, tip->era + 1, (TIP_ERAS - 1) * sizeof tip->era[0]);
    tip->eras--;
}

bool tip_limits(struct tip *tip, const struct limits *limits, int64_t now_ms)
{
    bool all = true;
    era_room(tip);
    struct tip_era *era = &tip->era[tip->eras];
    memset(era, 0, sizeof *era);
    if (tip->eras > 0)
        *era = tip->era[tip->eras - 1];
    era->since_ms = now_ms;
    tip->eras++;
    for (unsigned row = 0; row < limits->count; row++) {
        unsigned place = tip_place(tip, limits->drug[row].drug);
        if (place == TIP_DRUGS)
            place = tip_place(tip, 0);
        if (place == TIP_DRUGS) {
            all = false;
            continue;
        }
        tip->drug[place] = limits->drug[row].drug;
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
            era->kg[kind][place] = (double)limits->drug[row].window[kind].fg * KG_PER_FG;
    }
    tip->limit_until_ms[WINDOW_HOUR] = tip->limit_until_ms[WINDOW_DAY] = 0;
    return all;
}

/* The largest limit in force at any moment of the window that ends now, and until when that stays so. */
static void limit_find(struct tip *tip, unsigned kind, int64_t now_ms)
{
    tip->limit_until_ms[kind] = INT64_MAX;
    memset(tip->limit[kind], 0, sizeof tip->limit[kind]);
    for (unsigned e = tip->eras; e-- > 0;) {
        for (unsigned place = 0; place < TIP_DRUGS; place++)
            if (tip->era[e].kg[kind][place] > tip->limit[kind][place])
                tip->limit[kind][place] = tip->era[e].kg[kind][place];
        if (tip->era[e].since_ms <= now_ms - WINDOW_MS[kind])
            break;
        if (e > 0)
            tip->limit_until_ms[kind] = tip->era[e].since_ms + WINDOW_MS[kind]; /* the oldest found ends first */
    }
}

/* The windows that ended with the quantum before this one. */
static bool judge(struct tip *tip, const double kg[TIP_DRUGS], struct tip_excess *excess)
{
    int64_t end_ms = tip->ring[(tip->count - 1) % TIP_QUANTA].at_ms;
    bool over = false;
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        while (tip->ring[tip->oldest[kind] % TIP_QUANTA].at_ms <= end_ms - WINDOW_MS[kind])
            tip->oldest[kind]++;
        const struct tip_mark *mark = &tip->ring[tip->oldest[kind] % TIP_QUANTA];
        for (unsigned place = 0; place < TIP_DRUGS; place++) {
            double in_window = kg[place] - mark->kg[place];
            if (in_window > tip->limit[kind][place] + kg[place] * 1e-13 + tip->limit[kind][place] * FORGIVEN) {
                *excess = (struct tip_excess){ (enum window_kind)kind, place, in_window, tip->limit[kind][place] };
                over = true;
            }
        }
    }
    return over;
}

bool tip_fired(struct tip *tip, int64_t now_ms, const double kg[TIP_DRUGS], struct tip_excess *excess)
{
    bool over = tip->count > 0 && judge(tip, kg, excess);
    struct tip_mark *mark = &tip->ring[tip->count++ % TIP_QUANTA];
    mark->at_ms = now_ms;
    for (unsigned place = 0; place < TIP_DRUGS; place++)
        mark->kg[place] = kg[place];
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        if (tip->count - tip->oldest[kind] >= TIP_QUANTA)
            tip->oldest[kind] = tip->count - TIP_QUANTA + 1;
        if (now_ms >= tip->limit_until_ms[kind])
            limit_find(tip, kind, now_ms);
    }
    return over;
}
