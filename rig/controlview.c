/* controlview.c - the truth, told. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/controlview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "rig/journal.h"
#include "rig/nearest.h"
#include "rig/series.h"

static const char UNIT[] = "mcg/mL";
static const double UNITS_A_KG_M3 = 1000.0;

static void set(json_t *object, const char *name, json_t *value)
{
    (void)json_object_set_new(object, name, value);
}

static void add(json_t *list, json_t *value)
{
    (void)json_array_append_new(list, value);
}

static json_t *volume_json(double m3)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write_volume(text, rig_nl(m3).nl);
    return json_string(text);
}

/* A share as per cent, to a hundredth of one. */
static json_t *share_json(double share)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write(text, nearest(share * 10000.0), 2, 0, "%");
    return json_string(text);
}

static json_t *since_json(int64_t ms)
{
    return ms >= 0 ? json_integer(ms) : json_null();
}

static json_t *trouble_json(const char *word, json_t *amount, int64_t since_ms)
{
    return json_pack("{s:s, s:o, s:o}", "name", word, "amount", amount, "since_ms", since_json(since_ms));
}

static json_t *troubles_json(const struct control *control)
{
    const struct rig *rig = control->live->implant.rig;
    const struct body *body = &control->live->body;
    struct body_setup usual;
    json_t *list = json_array();
    for (unsigned i = 0; trouble_at(i) != NULL; i++) {
        const struct trouble_row *row = trouble_at(i);
        double amount = rig->twin.fault[row->fault];
        if (amount > 0)
            add(list, trouble_json(row->word, row->amount != TROUBLE_PLAIN ? share_json(amount) : json_null(),
                                   control->since_ms[i]));
    }
    if (rig->twin.battery.drained_coulomb > 0)
        add(list,
            trouble_json("battery", share_json(battery_left(&rig->twin.battery, rig->now)), control->battery_since_ms));
    if (control->radio_off)
        add(list, trouble_json("radio", json_null(), control->radio_since_ms));
    if (rig->twin.fault[TWIN_FAULT_GRANULOMA] > 0)
        add(list, trouble_json("granuloma", share_json(rig->twin.fault[TWIN_FAULT_GRANULOMA]), control->mass_since_ms));
    if (body->lives && body->person.illness > 0)
        add(list, trouble_json("infection", json_null(), control->ill_since_ms));
    body_typical(&usual);
    if (body->lives && body->setup.tip_m != usual.tip_m)
        add(list, trouble_json("migration", json_string(level_name((int)level_at(body->setup.tip_m))),
                               control->tip_since_ms));
    return list;
}

/* In the unit in which labels write it: micrograms where a millilitre holds little. */
static void conc_write(char text[AMOUNT_TEXT_BYTES], uint16_t drug, int64_t ng_ml)
{
    if (drug == DRUG_MORPHINE || drug == DRUG_HYDROMORPHONE || drug == DRUG_BUPIVACAINE)
        amount_write(text, ng_ml, 6, 0, "mg/mL");
    else
        amount_write(text, ng_ml, 3, 0, "mcg/mL");
}

/* A slug has a row for each of its drugs. */
static void segments_add(json_t *list, const struct slug *slug, double from, double to)
{
    char name[32], text[AMOUNT_TEXT_BYTES];
    bool any = false;
    for (unsigned i = 0; i < FLUID_DRUGS_MAX; i++) {
        int64_t ng_ml = nearest(slug->fluid.kg_m3[i] * 1e6);
        if (slug->fluid.drug[i] == 0 || ng_ml == 0)
            continue;
        any = true;
        series_drug_name(name, slug->fluid.drug[i]);
        conc_write(text, slug->fluid.drug[i], ng_ml);
        add(list, json_pack("{s:f, s:f, s:s, s:s}", "from", from, "to", to, "drug", name, "concentration", text));
    }
    if (!any)
        add(list, json_pack("{s:f, s:f, s:n, s:n}", "from", from, "to", to, "drug", "concentration"));
}

/* What the pump moves, and what of it comes to the tip. */
static double passes(const struct twin *twin)
{
    const double *fault = twin->fault;
    double kink = fault[TWIN_FAULT_KINK] > 0 ? fault[TWIN_FAULT_KINK] : 1.0;
    bool none = fault[TWIN_FAULT_OCCLUSION] > 0 || fault[TWIN_FAULT_DISCONNECTION] > 0;
    return none ? 0.0 : kink * (1.0 - fault[TWIN_FAULT_GRANULOMA]) * (1.0 - fault[TWIN_FAULT_LEAK]);
}

static json_t *catheter_json(const struct control *control)
{
    const struct twin *twin = &control->live->implant.rig->twin;
    const struct body *body = &control->live->body;
    const double all_m3 = catheter_volume(&twin->catheter);
    json_t *segments = json_array();
    double from = 0;
    for (unsigned i = twin->catheter.slugs; i > 0; i--) { /* the last one enters at the pump */
        double to = i > 1 ? from + twin->catheter.slug[i - 1].volume_m3 / all_m3 : 1.0;
        segments_add(segments, &twin->catheter.slug[i - 1], from, to);
        from = to;
    }
    json_t *tip = body->lives ? json_string(level_name((int)level_at(body->setup.tip_m))) : json_null();
    return json_pack("{s:o, s:o, s:f}", "tip_level", tip, "segments", segments, "passes", passes(twin));
}

static json_t *person_json(const struct body_view *view)
{
    json_t *feels = json_array();
    for (unsigned i = 0; i < view->says; i++)
        add(feels, json_string(view->say[i]));
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o, s:I, s:I}", "pain", view->pain, "baseline_pain",
                     view->baseline_pain, "relief", view->relief, "sedation", view->sedation, "breathing",
                     view->breathing, "spasticity", view->spasticity, "withdrawal", view->withdrawal, "confusion",
                     view->confusion, "feels", feels, "boluses_asked", (json_int_t)view->boluses_asked, "boluses_given",
                     (json_int_t)view->boluses_given);
}

static json_t *drugs_json(const struct body_view *view)
{
    char name[32];
    json_t *list = json_array();
    for (unsigned i = 0; i < view->drugs; i++) {
        const struct body_drug *drug = &view->drug[i];
        json_t *levels = json_array();
        for (int level = 0; level < LEVELS_ALL && drug->known; level++)
            add(levels, json_pack("{s:s, s:f, s:f}", "level", level_name(level), "csf",
                                  drug->csf[level] * UNITS_A_KG_M3, "tissue", drug->tissue[level] * UNITS_A_KG_M3));
        series_drug_name(name, drug->drug);
        add(list, json_pack("{s:s, s:s, s:f, s:f, s:o}", "drug", name, "unit", UNIT, "tip", drug->tip * UNITS_A_KG_M3,
                            "cisterna", drug->cisterna * UNITS_A_KG_M3, "levels", levels));
    }
    return list;
}

/* Fewer of them where each tells of several drugs: an answer is a line. */
static json_t *columns_json(const struct columns *columns)
{
    char name[32];
    json_t *list = json_array();
    unsigned most = columns->count > 0 ? columns->column[columns->count - 1].drugs : 0, every = most > 0 ? most : 1;
    for (unsigned i = (columns->count + every - 1) % every; i < columns->count; i += every) {
        const struct column *column = &columns->column[i];
        json_t *drugs = json_object();
        for (unsigned k = 0; k < column->drugs; k++) {
            json_t *levels = json_array();
            for (int level = 0; level < LEVELS_ALL; level++)
                add(levels, json_real((double)column->csf_kg_m3[k][level] * UNITS_A_KG_M3));
            series_drug_name(name, column->drug[k]);
            set(drugs, name, levels);
        }
        add(list, json_pack("{s:I, s:o}", "elapsed_ms", (json_int_t)column->at.ms, "drugs", drugs));
    }
    return list;
}

static json_t *history_json(const struct body_view *view, const struct columns *columns)
{
    char rate[AMOUNT_TEXT_BYTES], reservoir[AMOUNT_TEXT_BYTES];
    json_t *rows = json_array();
    for (unsigned i = 0; i < view->rows; i++) {
        const struct body_row *row = &view->row[i];
        amount_write_flow(rate, row->rate.nl_day);
        amount_write_volume(reservoir, row->reservoir.nl);
        add(rows, json_pack("{s:I, s:s, s:f, s:o, s:s}", "elapsed_ms", (json_int_t)row->at.ms, "rate", rate, "tip",
                            row->tip_kg_m3[0] * UNITS_A_KG_M3, "pain", view->feels ? json_real(row->pain) : json_null(),
                            "reservoir", reservoir));
    }
    return json_pack("{s:I, s:o, s:o}", "every_ms", (json_int_t)BODY_ROW_MS, "rows", rows, "levels",
                     columns_json(columns));
}

/* What the patient is like, and what lies along the spine. */
static void body_set(json_t *view, const struct control *control)
{
    struct body *body = &control->live->body;
    const struct twin *twin = &control->live->implant.rig->twin;
    struct body_view *seen = calloc(1, sizeof *seen);
    if (seen != NULL && body->lives) {
        body_follow(body, twin);
        body_look(body, seen);
    }
    const struct body_view none = { .drugs = 0 }, *look = seen != NULL ? seen : &none;
    set(view, "person", look->feels ? person_json(look) : json_null());
    set(view, "drugs", drugs_json(look));
    set(view, "history", history_json(look, &control->columns));
    free(seen);
}

static json_t *moments_json(const struct control *control)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < control->moments; i++)
        add(list, json_pack("{s:s, s:I, s:b}", "name", control->moment[i].name, "elapsed_ms",
                            (json_int_t)control->moment[i].elapsed_ms, "damaged", control->moment[i].damaged));
    return list;
}

/* What the pump was told, and what was so: told is what should have come out, drawn what did, and so on. */
static json_t *refill_json(const struct live_refill *refill)
{
    if (!refill->is)
        return json_null();
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "elapsed_ms", (json_int_t)refill->at.ms, "told",
                     volume_json(rig_m3(refill->told)), "drawn", volume_json(refill->drawn_m3), "filled",
                     volume_json(rig_m3(refill->filled)), "entered", volume_json(refill->entered_m3), "spilled",
                     volume_json(refill->spilled_m3));
}

static json_t *truth_json(const struct control *control)
{
    const struct rig *rig = control->live->implant.rig;
    double today_m3 = 0;
    bool known = live_today(control->live, &today_m3);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "reservoir", volume_json(rig->twin.reservoir_m3), "delivered_today",
                     known ? volume_json(today_m3) : json_null(), "battery",
                     share_json(battery_left(&rig->twin.battery, rig->now)), "spilled",
                     volume_json(rig->twin.totals.spilled), "last_refill", refill_json(&control->live->refill));
}

/* As the pump's clock shows it; null while nobody has set it. */
static json_t *time_json(const struct rig *rig, const struct calendar *calendar)
{
    char civil[CIVIL_TEXT_BYTES];
    if (calendar->zone[0] == '\0')
        return json_null();
    journal_civil(civil, rig_tick(rig), calendar);
    return json_string(civil);
}

json_t *controlview_json(const struct control *control)
{
    struct rig *rig = control->live->implant.rig;
    const struct pace *pace = control->pace;
    struct pump_status status;
    char serial[SERIAL_BYTES + 1], elapsed[AMOUNT_TEXT_BYTES], speed[24];
    rig_status(rig, &status);
    snprintf(serial, sizeof serial, "%.*s", SERIAL_BYTES, rig->unit.serial);
    amount_write_span(elapsed, rig->now.ms);
    snprintf(speed, sizeof speed, "%lld", (long long)(pace->speed > 0 ? pace->speed : PACE_SPEED_MAX));
    json_t *view = json_pack("{s:b, s:s, s:o, s:s, s:I, s:s}", "simulation", 1, "serial", serial, "time",
                             time_json(rig, &status.calendar), "elapsed", elapsed, "elapsed_ms",
                             (json_int_t)rig->now.ms, "speed", speed);
    set(view, "skipping", pace->skips ? json_pack("{s:I}", "until_ms", (json_int_t)pace->skip_to.ms) : json_null());
    set(view, "radio", json_boolean(!control->radio_off));
    body_set(view, control);
    set(view, "catheter", catheter_json(control));
    set(view, "truth", truth_json(control));
    set(view, "troubles", troubles_json(control));
    set(view, "moments", moments_json(control));
    return view;
}
