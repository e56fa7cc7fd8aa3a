/* body.c - the person around the catheter's tip. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/body.h"

#include <stdio.h>
#include <string.h>

#include "core/command.h"
#include "pump/state.h"
#include "twin/hardware/complication.h"

void body_typical(struct body_setup *setup)
{
    const struct person_setup typical = person_setup_typical(0);
    *setup = (struct body_setup){ .figures = typical.figures,
                                  .regime = typical.regime,
                                  .tip_m = typical.tip_m,
                                  .pain = typical.pain,
                                  .spasticity = typical.spasticity };
}

/* Whatever drug comes, does the spine take the figures? */
static bool drugs_fit(const struct person *person)
{
    struct spine trial;
    const struct person_setup *who = &person->setup;
    for (int agent = 0; agent < AGENTS_ALL; agent++) {
        const struct spine_setup setup = agent_setup(&who->figures, (enum agent)agent, who->regime, who->tip_m);
        if (!spine_init(&trial, &person->canal, &setup))
            return false;
    }
    return true;
}

bool body_begin(struct body *body, const struct body_setup *setup)
{
    struct person person;
    struct person_setup who = person_setup_typical(setup->seed);
    who.figures = setup->figures;
    who.regime = setup->regime;
    who.tip_m = setup->tip_m;
    who.pain = setup->pain;
    who.spasticity = setup->spasticity;
    if (!person_init(&person, &who) || !drugs_fit(&person))
        return false;
    memset(body, 0, sizeof *body);
    body->setup = *setup;
    body->person = person;
    granuloma_init(&body->granuloma, setup->seed, 0.0);
    body->lives = true;
    return true;
}

const struct spine *body_spine(const struct body *body, unsigned place)
{
    int agent = place < BODY_DRUGS_MAX && body->drug[place] != 0 ? agent_of_code(body->drug[place]) : -1;
    return agent >= 0 ? person_spine(&body->person, (enum agent)agent) : NULL;
}

/* What has left the tip beyond what the person has got. The spine's own count is gone by, so that roundings do not add up. */
static void drug_give(struct body *body, unsigned place, double delivered_kg, double seconds)
{
    int agent = agent_of_code(body->drug[place]);
    if (!(delivered_kg > body->given_kg[place]))
        return;
    body->given_kg[place] = delivered_kg;
    if (agent < 0)
        return;
    const struct spine *spine = body_spine(body, place);
    double kg = delivered_kg - (spine != NULL ? spine->given_kg : 0.0);
    if (kg > 0)
        (void)person_deliver(&body->person, (enum agent)agent, kg, seconds); /* a twin knows no fifth drug */
}

void body_follow(struct body *body, const struct twin *twin)
{
    double seconds = (double)(twin->now.ms - body->at.ms) / 1000.0;
    if (!(seconds > 0) || !body->lives)
        return;
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++) {
        if (body->drug[i] == 0)
            body->drug[i] = twin->totals.drug[i];
        drug_give(body, i, twin->totals.delivered_kg[i], seconds);
    }
    person_pass(&body->person, seconds);
    body->at = twin->now;
}

static double tip_kg_m3(const struct body *body, unsigned place)
{
    const struct spine *spine = body_spine(body, place);
    return spine != NULL ? spine_csf_at(spine, body->setup.tip_m) : 0.0;
}

static void row_keep(struct body *body, struct rig *rig)
{
    struct body_row *row = &body->row[body->rows++ % BODY_ROWS_MAX];
    struct pump_status status;
    rig_status(rig, &status);
    *row = (struct body_row){ .at = body->at,
                              .rate = status.base,
                              .reservoir = rig_nl(rig->twin.reservoir_m3),
                              .pain = person_view(&body->person).pain };
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        row->tip_kg_m3[i] = tip_kg_m3(body, i);
}

static void past_keep(struct body *body)
{
    struct body_past *past = &body->past[body->pasts++ % BODY_PASTS_MAX];
    *past = (struct body_past){ .at = body->at };
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++) {
        const struct spine *spine = body_spine(body, i);
        for (int level = 0; level < LEVELS_ALL && spine != NULL; level++)
            past->csf_kg_m3[i][level] = (float)spine_csf_at(spine, level_middle((enum level)level));
    }
}

double body_bathes(const struct body *body)
{
    double kg_m3 = 0;
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        kg_m3 += granuloma_weight(body->drug[i]) * tip_kg_m3(body, i);
    return kg_m3;
}

static void granuloma_set(const struct body *body, struct twin *twin)
{
    double held = 1.0 - granuloma_passes(&body->granuloma);
    if (held != twin->fault[TWIN_FAULT_GRANULOMA])
        twin_set_fault(twin, TWIN_FAULT_GRANULOMA, held);
}

/* The mass at the tip lives a batch on, in what has left the tip during it and in the fluid there. */
static void granuloma_live(struct body *body, struct twin *twin)
{
    const struct twin_totals *totals = &twin->totals;
    double seconds = (double)(twin->now.ms - body->passed.ms) / 1000.0, left_m3 = totals->delivered - body->passed_m3;
    double left_kg = 0;
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++) {
        left_kg += granuloma_weight(body->drug[i]) * (totals->delivered_kg[i] - body->passed_kg[i]);
        body->passed_kg[i] = totals->delivered_kg[i];
    }
    body->passed_m3 = totals->delivered;
    if (!body->granuloma.grows)
        return;
    double leaving_kg_m3 = left_m3 > 0 ? left_kg / left_m3 : 0.0, flow_m3_s = left_m3 > 0 ? left_m3 / seconds : 0.0;
    (void)granuloma_pass(&body->granuloma, granuloma_near(body_bathes(body), leaving_kg_m3, flow_m3_s), seconds);
    granuloma_set(body, twin);
}

void body_granuloma(struct body *body, struct twin *twin, double size)
{
    if (!body->lives)
        return;
    granuloma_init(&body->granuloma, body->setup.seed, 0.0);
    if (size > 0)
        granuloma_begin(&body->granuloma, size);
    granuloma_set(body, twin);
}

void body_pass(struct body *body, struct rig *rig)
{
    if (rig->twin.now.ms - body->passed.ms < BODY_BATCH_MS || !body->lives)
        return;
    body_follow(body, &rig->twin);
    granuloma_live(body, &rig->twin);
    body->passed = rig->twin.now;
    if (body->rows > 0 && body->passed.ms - body->row[(body->rows - 1) % BODY_ROWS_MAX].at.ms < BODY_ROW_MS)
        return;
    if (body->rows % BODY_PAST_ROWS == 0)
        past_keep(body);
    row_keep(body, rig);
}

void body_infection(struct body *body, struct twin *twin, bool on)
{
    const struct complication_effect effect = complication_effect(COMPLICATION_INFECTION, body->setup.seed, 0);
    body_follow(body, twin);
    (void)person_ill(&body->person, on ? 1.0 : 0.0);
    twin_set_fault(twin, effect.fault, on ? effect.amount : 0.0);
}

void body_event(struct body *body, const struct event *event)
{
    bool given = event->code == EVENT_COURSE_START && event->field[0] == COURSE_PATIENT;
    bool refused = event->code == EVENT_REFUSED && event->field[0] == COMMAND_PATIENT_BOLUS;
    body->boluses_asked += given || refused;
    body->boluses_given += given;
}

bool body_tip(struct body *body, double tip_m)
{
    if (!body->lives || !person_tip(&body->person, tip_m))
        return false;
    body->setup.tip_m = tip_m;
    return true;
}

static void drug_look(const struct body *body, unsigned place, struct body_drug *drug)
{
    const struct spine *spine = body_spine(body, place);
    *drug = (struct body_drug){ .drug = body->drug[place],
                                .known = agent_of_code(body->drug[place]) >= 0,
                                .given_kg = body->given_kg[place] };
    if (spine == NULL)
        return;
    drug->tip = tip_kg_m3(body, place);
    drug->cisterna = spine_reservoir(spine);
    for (int level = 0; level < LEVELS_ALL; level++) {
        drug->csf[level] = spine_csf_at(spine, level_middle((enum level)level));
        drug->tissue[level] = spine_tissue_at(spine, level_middle((enum level)level));
    }
}

static void person_look(const struct body *body, struct body_view *view)
{
    const char *said[PERSON_FEELINGS_MAX];
    const struct person_view person = person_view(&body->person);
    int count = person_feels(&body->person, said);
    view->feels = true;
    view->pain = person.pain;
    view->baseline_pain = person.baseline_pain;
    view->relief = person.relief;
    view->sedation = person.sedation;
    view->breathing = person.breathing;
    view->spasticity = person.spasticity;
    view->withdrawal = person.withdrawal;
    view->confusion = person.confusion;
    for (int i = 0; i < count && i < BODY_SAYS_MAX; i++)
        snprintf(view->say[view->says++], BODY_SAYS_BYTES, "%s", said[i]);
}

void body_look(const struct body *body, struct body_view *view)
{
    memset(view, 0, sizeof *view);
    view->at = body->at;
    view->tip_m = body->setup.tip_m;
    view->tip = level_at(view->tip_m);
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        if (body->drug[i] != 0)
            drug_look(body, i, &view->drug[view->drugs++]);
    if (body->lives)
        person_look(body, view);
    view->boluses_asked = body->boluses_asked;
    view->boluses_given = body->boluses_given;
    view->granuloma = body->granuloma.size;
    for (uint64_t i = body->pasts > BODY_PASTS_MAX ? body->pasts - BODY_PASTS_MAX : 0; i < body->pasts; i++)
        view->past[view->pasts++] = body->past[i % BODY_PASTS_MAX];
    uint64_t first = body->rows > BODY_ROWS_MAX ? body->rows - BODY_ROWS_MAX : 0;
    for (uint64_t i = first; i < body->rows; i++)
        view->row[view->rows++] = body->row[i % BODY_ROWS_MAX];
}
