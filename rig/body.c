/* body.c - the person around the catheter's tip. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/body.h"

#include <string.h>

#include "core/command.h"
#include "pump/state.h"
#include "twin/body/march.h"

void body_typical(struct body_setup *setup)
{
    memset(setup, 0, sizeof *setup);
    figures_typical(&setup->figures);
    setup->regime = REGIME_MOBILE;
    setup->tip_m = level_middle(LEVEL_L2);
}

static bool spine_make(struct spine *spine, const struct body_setup *setup, enum agent agent)
{
    struct canal canal;
    const struct spine_setup of_drug = agent_setup(&setup->figures, agent, setup->regime, setup->tip_m);
    return canal_init(&canal, CANAL_CELLS_USUAL, setup->tip_m) && spine_init(spine, &canal, &of_drug);
}

bool body_begin(struct body *body, const struct body_setup *setup)
{
    struct spine trial; /* whatever drug comes, its figures fit */
    for (int agent = 0; agent < AGENTS_ALL; agent++)
        if (!spine_make(&trial, setup, (enum agent)agent))
            return false;
    memset(body, 0, sizeof *body);
    body->setup = *setup;
    body->lives = true;
    return true;
}

/* Drugs that have come into the twin's life since. */
static void drugs_come(struct body *body, const struct twin *twin)
{
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++) {
        int agent = agent_of_code(twin->totals.drug[i]);
        if (body->drug[i] != 0 || twin->totals.drug[i] == 0)
            continue;
        body->drug[i] = twin->totals.drug[i];
        if (agent >= 0) {
            (void)spine_make(&body->spine[i], &body->setup, (enum agent)agent); /* the beginning has tried it */
            (void)spine_tip(&body->spine[i], body->setup.tip_m);
        }
    }
}

static bool known(const struct body *body, unsigned place)
{
    return body->drug[place] != 0 && agent_of_code(body->drug[place]) >= 0;
}

void body_follow(struct body *body, const struct twin *twin)
{
    double seconds = (double)(twin->now.ms - body->at.ms) / 1000.0;
    if (!(seconds > 0) || !body->lives)
        return;
    drugs_come(body, twin);
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++) {
        double more_kg = twin->totals.delivered_kg[i] - body->given_kg[i];
        if (known(body, i)) {
            struct spine *spine = &body->spine[i];
            double kg = twin->totals.delivered_kg[i] - spine->given_kg; /* roundings do not add up */
            spine_infuse(spine, kg > 0 ? kg / seconds : 0.0);
            march(spine, seconds);
        }
        if (more_kg > 0)
            body->given_kg[i] = twin->totals.delivered_kg[i];
    }
    body->at = twin->now;
}

static void row_keep(struct body *body, struct rig *rig)
{
    struct body_row *row = &body->row[body->rows++ % BODY_ROWS_MAX];
    struct pump_status status;
    rig_status(rig, &status);
    *row = (struct body_row){ .at = body->at, .rate = status.base, .reservoir = rig_nl(rig->twin.reservoir_m3) };
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        row->tip_kg_m3[i] = known(body, i) ? spine_csf_at(&body->spine[i], body->setup.tip_m) : 0.0;
}

void body_pass(struct body *body, struct rig *rig)
{
    if (rig->twin.now.ms - body->at.ms < BODY_BATCH_MS || !body->lives)
        return;
    body_follow(body, &rig->twin);
    if (body->rows == 0 || body->at.ms - body->row[(body->rows - 1) % BODY_ROWS_MAX].at.ms >= BODY_ROW_MS)
        row_keep(body, rig);
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
    struct body_setup setup = body->setup;
    struct spine trial;
    setup.tip_m = tip_m;
    if (!spine_make(&trial, &setup, AGENT_MORPHINE))
        return false;
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        if (known(body, i))
            (void)spine_tip(&body->spine[i], tip_m);
    body->setup.tip_m = tip_m;
    return true;
}

static void drug_look(const struct body *body, unsigned place, struct body_drug *drug)
{
    const struct spine *spine = &body->spine[place];
    *drug =
        (struct body_drug){ .drug = body->drug[place], .known = known(body, place), .given_kg = body->given_kg[place] };
    if (!drug->known)
        return;
    drug->tip = spine_csf_at(spine, body->setup.tip_m);
    drug->cisterna = spine_reservoir(spine);
    for (int level = 0; level < LEVELS_ALL; level++) {
        drug->csf[level] = spine_csf_at(spine, level_middle((enum level)level));
        drug->tissue[level] = spine_tissue_at(spine, level_middle((enum level)level));
    }
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
    view->boluses_asked = body->boluses_asked;
    view->boluses_given = body->boluses_given;
    uint64_t first = body->rows > BODY_ROWS_MAX ? body->rows - BODY_ROWS_MAX : 0;
    for (uint64_t i = first; i < body->rows; i++)
        view->row[view->rows++] = body->row[i % BODY_ROWS_MAX];
}
