/* complication.c - competing hazards of an implanted system, and what each does to it. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/complication.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

#include "twin/body/canal.h"

static const struct complication_row ROWS[COMPLICATIONS_ALL] = {
#define COMPLICATION(name, word, part, rate, unit, from_d, until_d, shape, guess, source)                              \
    { word, PART_##part, rate, unit, from_d, until_d, shape, guess, source },
#include "twin/hardware/complication.def"
#undef COMPLICATION
};

static const double DAY_S = 86400.0;

enum { DRAW_AGE, DRAW_SIZE };

/* A number of 53 bits, from 0 (not itself) to 1. */
static double chance(enum complication kind, uint64_t seed, uint32_t index, unsigned draw)
{
    philox4x64_ctr_t place = { { (uint64_t)kind, index, draw, 0 } };
    philox4x64_key_t key = { { seed, 0x6861726d } }; /* "harm": apart from all other chance of the twin */
    return (double)((philox4x64(place, key).v[0] >> 11) + 1) * 0x1p-53;
}

const struct complication_row *complication_row(enum complication kind)
{
    return &ROWS[kind];
}

int complication_find(const char *word)
{
    for (int i = 0; i < COMPLICATIONS_ALL; i++) {
        if (strcmp(ROWS[i].word, word) == 0) {
            return i;
        }
    }
    return -1;
}

double complication_hazard(const struct complication_row *row, double factor, double seconds)
{
    double from_s = row->from_d * DAY_S, until_s = row->until_d > 0.0 ? row->until_d * DAY_S : (double)INFINITY;
    double exposed_s = fmin(seconds, until_s) - from_s;
    if (row->part == PART_REFILL || !(exposed_s > 0.0)) {
        return 0.0;
    }
    return factor * pow(row->rate * exposed_s / COMPLICATION_YEAR_S, row->shape);
}

double complication_age(const struct complication_row *row, double factor, double hazard)
{
    if (row->part == PART_REFILL || !(factor > 0.0) || !(row->rate > 0.0)) {
        return INFINITY;
    }
    double age_s = row->from_d * DAY_S + pow(hazard / factor, 1.0 / row->shape) / row->rate * COMPLICATION_YEAR_S;
    return row->until_d > 0.0 && age_s > row->until_d * DAY_S ? (double)INFINITY : age_s;
}

double complication_drawn(enum complication kind, double factor, uint64_t seed, uint32_t index)
{
    return complication_age(&ROWS[kind], factor, -log(chance(kind, seed, index, DRAW_AGE)));
}

bool complication_at_refill(double factor, uint64_t seed, uint32_t index)
{
    return chance(COMPLICATION_POCKET_FILL, seed, index, DRAW_AGE) <= factor * ROWS[COMPLICATION_POCKET_FILL].rate;
}

struct complication_effect complication_effect(enum complication kind, uint64_t seed, uint32_t index)
{
    struct complication_effect effect = { .fault = TWIN_FAULTS, .amount = 1.0 };
    double size = chance(kind, seed, index, DRAW_SIZE);
    switch (kind) {
    case COMPLICATION_KINK:
        effect.fault = TWIN_FAULT_KINK;
        effect.amount = 0.1 + 0.8 * size;
        break;
    case COMPLICATION_FRACTURE:
    case COMPLICATION_DISCONNECTION:
        effect.fault = TWIN_FAULT_DISCONNECTION;
        break;
    case COMPLICATION_OCCLUSION:
        effect.fault = TWIN_FAULT_OCCLUSION;
        break;
    case COMPLICATION_MIGRATION:
        effect.drawn_back_m = 0.020 + 0.230 * size;
        break;
    case COMPLICATION_LEAK:
        effect.fault = TWIN_FAULT_LEAK;
        effect.amount = 0.2 + 0.8 * size;
        break;
    case COMPLICATION_STALL:
        effect.fault = TWIN_FAULT_STALL;
        break;
    case COMPLICATION_OVER_INFUSION:
        effect.fault = TWIN_FAULT_OVERINFUSION;
        effect.amount = 1.145 + 0.355 * size;
        break;
    case COMPLICATION_INFECTION:
        effect.fault = TWIN_FAULT_TEMPERATURE;
        effect.amount = 38.0 + 1.5 * size;
        effect.infected = true;
        break;
    case COMPLICATION_POCKET_FILL:
        effect.fault = TWIN_FAULT_POCKET;
        effect.amount = 0.2 + 0.8 * size;
        break;
    case COMPLICATIONS_ALL:
        break;
    }
    return effect;
}

double complication_tip(double tip_m, double drawn_back_m, bool *out)
{
    double lies_m = tip_m + drawn_back_m;
    *out = lies_m > level_middle(LEVEL_L4);
    return lies_m;
}

bool complications_start(struct complications *all, uint64_t seed, uint32_t kinds, double factor)
{
    if (!(factor >= 0.0) || isinf(factor)) {
        return false;
    }
    *all = (struct complications){ .seed = seed, .kinds = kinds, .factor = factor };
    for (unsigned i = 0; i < COMPLICATIONS_ALL; i++) {
        bool can = (kinds >> i & 1) != 0;
        all->due_s[i] = can ? complication_drawn((enum complication)i, factor, seed, 0) : (double)INFINITY;
    }
    return true;
}

static unsigned earliest(const struct complications *all)
{
    unsigned first = 0;
    for (unsigned i = 1; i < COMPLICATIONS_ALL; i++) {
        first = all->due_s[i] < all->due_s[first] ? i : first;
    }
    return first;
}

double complications_next(const struct complications *all)
{
    return all->due_s[earliest(all)];
}

bool complications_take(struct complications *all, double now_s, enum complication *kind)
{
    unsigned first = earliest(all);
    if (!(all->due_s[first] <= now_s) || isinf(all->due_s[first])) {
        return false;
    }
    *kind = (enum complication)first;
    all->due_s[first] = INFINITY;
    return true;
}

void complications_renew(struct complications *all, enum complication kind, double now_s)
{
    if ((all->kinds >> kind & 1) != 0) {
        all->index[kind]++;
        all->due_s[kind] = now_s + complication_drawn(kind, all->factor, all->seed, all->index[kind]);
    }
}
