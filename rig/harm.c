/* harm.c - what goes wrong with one implant by chance and by deed. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/harm.h"

#include <math.h>
#include <string.h>

static const int64_t LOOK_MS = HOUR_MS; /* a granuloma takes days to change */
static const struct harm_event NOTHING = { .complication = COMPLICATIONS_ALL, .effect = { .fault = TWIN_FAULTS } };

void harm_start(struct harm *harm, const struct harm_setup *setup, uint64_t seed, const struct twin *twin,
                instant_ms now)
{
    memset(harm, 0, sizeof *harm);
    uint32_t kinds = setup->kinds & ~HARM_GRANULOMA;
    bool grows = (setup->kinds & HARM_GRANULOMA) != 0;
    (void)complications_start(&harm->complications, seed, kinds, setup->factor); /* the factor was judged when read */
    granuloma_init(&harm->granuloma, seed, grows ? setup->factor : 0.0);
    harm->used = setup->kinds != 0;
    harm->grows = grows;
    harm->tip_m = level_middle(setup->tip);
    harm->looked = now;
    harm->seen = twin->totals;
}

instant_ms harm_next(const struct harm *harm)
{
    double due_ms =
        floor(complications_next(&harm->complications) * 1000.0) + 1.0; /* after it, however it is rounded */
    instant_ms next = due_ms < 9e18 ? (instant_ms){ (int64_t)due_ms } : INSTANT_NEVER;
    return harm->grows ? instant_min(next, (instant_ms){ harm->looked.ms + LOOK_MS }) : next;
}

/* Never milder than it is already: a deed may have done worse. Of a kink the amount is what passes. */
static void worsen(struct twin *twin, enum twin_fault fault, double amount)
{
    double is = twin->fault[fault];
    bool milder = is > 0.0 && (fault == TWIN_FAULT_KINK ? is <= amount : is >= amount);
    if (!milder)
        twin_set_fault(twin, fault, amount);
}

/* What leaves a tip outside of the canal is lost. */
static void tip_put(struct harm *harm, struct twin *twin, double tip_m, bool out)
{
    harm->tip_m = tip_m;
    if (out != harm->out)
        twin_set_fault(twin, TWIN_FAULT_LEAK, out ? 1.0 : 0.0);
    harm->out = out;
}

static void strike(struct harm *harm, struct twin *twin, struct harm_event *event)
{
    struct complications *all = &harm->complications;
    event->effect = complication_effect(event->complication, all->seed, all->index[event->complication]);
    harm->happened++;
    harm->infected |= event->effect.infected;
    if (event->effect.fault != TWIN_FAULTS)
        worsen(twin, event->effect.fault, event->effect.amount);
    if (event->effect.drawn_back_m > 0.0) {
        bool out = false;
        double tip_m = complication_tip(harm->tip_m, event->effect.drawn_back_m, &out);
        tip_put(harm, twin, tip_m, out || harm->out);
    }
}

/* What left the tip since the last look, in morphine's terms, and how fast. */
static double leaving(const struct harm *harm, const struct twin *twin, double seconds, double *flow_m3_s)
{
    double m3 = twin->totals.delivered - harm->seen.delivered, kg = 0.0;
    for (unsigned i = 0; i < FLUID_DRUGS_MAX; i++)
        kg += granuloma_weight(twin->totals.drug[i]) * (twin->totals.delivered_kg[i] - harm->seen.delivered_kg[i]);
    *flow_m3_s = m3 > 0.0 ? m3 / seconds : 0.0;
    return m3 > 0.0 ? kg / m3 : 0.0;
}

static enum harm_event_kind granuloma_look(struct harm *harm, struct twin *twin, instant_ms now, double csf_kg_m3)
{
    double seconds = (double)(now.ms - harm->looked.ms) / 1000.0, flow_m3_s = 0.0;
    bool was = harm->granuloma.grows;
    if (!harm->grows || !(seconds > 0.0))
        return HARM_NOTHING;
    double kg_m3 = leaving(harm, twin, seconds, &flow_m3_s);
    double passes = granuloma_pass(&harm->granuloma, granuloma_near(csf_kg_m3, kg_m3, flow_m3_s), seconds);
    harm->looked = now;
    harm->seen = twin->totals;
    if (was || harm->granuloma.grows)
        twin_set_fault(twin, TWIN_FAULT_GRANULOMA, 1.0 - passes);
    if (was == harm->granuloma.grows)
        return HARM_NOTHING;
    harm->grows = harm->granuloma.grows || harm->granuloma.factor > 0.0;
    return was ? HARM_GRANULOMA_GONE : HARM_GRANULOMA_BEGUN;
}

struct harm_event harm_look(struct harm *harm, struct twin *twin, instant_ms now, double csf_kg_m3)
{
    struct harm_event event = { .kind = HARM_NOTHING,
                                .complication = COMPLICATIONS_ALL,
                                .effect = { .fault = TWIN_FAULTS } };
    if (complications_take(&harm->complications, (double)now.ms / 1000.0, &event.complication)) {
        event.kind = HARM_COMPLICATION;
        strike(harm, twin, &event);
        return event;
    }
    event.kind = granuloma_look(harm, twin, now, csf_kg_m3);
    return event;
}

static bool goes_beside(const struct harm *harm)
{
    const struct complications *all = &harm->complications;
    bool can = (all->kinds >> COMPLICATION_POCKET_FILL & 1) != 0;
    return can && complication_at_refill(all->factor, all->seed, harm->fills);
}

void harm_refill(struct harm *harm, struct twin *twin)
{
    uint64_t seed = harm->complications.seed;
    if (goes_beside(harm))
        worsen(twin, TWIN_FAULT_POCKET, complication_effect(COMPLICATION_POCKET_FILL, seed, harm->fills).amount);
}

struct harm_event harm_refilled(struct harm *harm)
{
    struct harm_event event = NOTHING;
    if (goes_beside(harm)) {
        event.kind = HARM_COMPLICATION;
        event.complication = COMPLICATION_POCKET_FILL;
        event.effect = complication_effect(COMPLICATION_POCKET_FILL, harm->complications.seed, harm->fills);
        harm->happened++;
    }
    harm->fills++;
    return event;
}

void harm_migrate(struct harm *harm, struct twin *twin, int level)
{
    harm->used = true;
    bool out = level >= LEVELS_ALL;
    tip_put(harm, twin, out ? harm->tip_m : level_middle((enum level)level), out);
}

void harm_infect(struct harm *harm, struct twin *twin, bool on)
{
    const struct complication_effect effect = complication_effect(COMPLICATION_INFECTION, harm->complications.seed, 0);
    harm->used = true;
    harm->infected = on;
    if (on)
        worsen(twin, effect.fault, effect.amount);
    else
        twin_set_fault(twin, effect.fault, 0.0);
}

void harm_granuloma(struct harm *harm, struct twin *twin, instant_ms now, double size)
{
    (void)granuloma_look(harm, twin, now, 0.0);
    harm->used = true;
    if (!harm->grows) { /* nobody has looked so far */
        harm->looked = now;
        harm->seen = twin->totals;
    }
    harm->grows = true;
    granuloma_begin(&harm->granuloma, size);
    twin_set_fault(twin, TWIN_FAULT_GRANULOMA, 1.0 - granuloma_passes(&harm->granuloma));
}

void harm_granuloma_end(struct harm *harm, struct twin *twin)
{
    granuloma_end(&harm->granuloma);
    harm->grows = harm->granuloma.factor > 0.0;
    twin_set_fault(twin, TWIN_FAULT_GRANULOMA, 0.0);
}

const char *harm_tip_word(const struct harm *harm)
{
    return harm->out ? "outside" : level_name((int)level_at(harm->tip_m));
}
