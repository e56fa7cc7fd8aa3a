/* therapytext.c - a therapy in rows: a label and a text each, so that two can be laid side by side. */
// SPDX-License-Identifier: Apache-2.0
#include "app/therapytext.h"

#include <stdarg.h>
#include <string.h>

#include "document/plain.h"
#include "rig/series.h"

enum { ROWS_MAX = 128, LABEL_BYTES = 48, TEXT_BYTES = 96, FG_PER_NG = 1000000 };

struct rows {
    unsigned count;
    struct row {
        char label[LABEL_BYTES], text[TEXT_BYTES];
    } row[ROWS_MAX];
};

__attribute__((format(printf, 3, 4))) static void row_add(struct rows *rows, const char *label, const char *format, ...)
{
    if (rows->count == ROWS_MAX)
        return;
    struct row *row = &rows->row[rows->count++];
    va_list list;
    va_start(list, format);
    snprintf(row->label, sizeof row->label, "%s", label);
    vsnprintf(row->text, sizeof row->text, format, list);
    va_end(list);
}

int64_t therapytext_day(const struct therapy *therapy, uint16_t drug, unsigned parts)
{
    const struct program *program = &therapy->program;
    bool single = program->opening.kind == OPENING_SINGLE;
    int64_t grain = 0, extra_nl = 0;
    if ((parts & PART_BASE) != 0)
        grain = program_worst_volume(program, (span_ms){ DAY_MS }).grain;
    if ((parts & PART_PATIENT) != 0 && program->patient.allowed == 1)
        extra_nl += program->patient.volume.nl * program->patient.max_per_day;
    if ((parts & (single ? PART_SINGLE : PART_FILLING)) != 0)
        extra_nl += program->opening.volume.nl;
    int64_t nl = grain / GRAIN_PER_NL + extra_nl;
    if (drug == DRUG_NONE)
        return nl;
    int64_t conc = mixture_conc(&therapy->mixture, drug).ng_ml;
    int64_t fg = nl * conc + grain % GRAIN_PER_NL * conc / GRAIN_PER_NL;
    return (fg + FG_PER_NG / 2) / FG_PER_NG * FG_PER_NG;
}

static void day_row(struct rows *rows, const char *name, const char *what, int64_t fg)
{
    char label[LABEL_BYTES], text[AMOUNT_TEXT_BYTES];
    snprintf(label, sizeof label, "%s, %s", name, what);
    amount_write(text, fg, 12, 0, "mg/day");
    row_add(rows, label, "%s", text);
}

static void drug_rows(struct rows *rows, const struct therapy *therapy)
{
    char name[32], label[LABEL_BYTES], text[AMOUNT_TEXT_BYTES];
    if (therapy->mixture.count == 0) {
        row_add(rows, "drug", "none");
        amount_write_flow(text, therapytext_day(therapy, DRUG_NONE, PART_ALL));
        row_add(rows, "most in any 24 h", "%s", text);
    }
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *component = &therapy->mixture.component[i];
        series_drug_name(name, component->drug);
        snprintf(label, sizeof label, "%s, concentration", name);
        amount_write(text, component->conc.ng_ml, 6, 0, "mg/mL");
        row_add(rows, label, "%s", text);
        day_row(rows, name, "base of a day", therapytext_day(therapy, component->drug, PART_BASE));
        day_row(rows, name, "most in any 24 h", therapytext_day(therapy, component->drug, PART_ALL));
    }
}

static void bolus_row(struct rows *rows, const char *label, vol_nl volume, rate_nl_day rate)
{
    char amount[AMOUNT_TEXT_BYTES], flow[AMOUNT_TEXT_BYTES];
    amount_write_volume(amount, volume.nl);
    amount_write_flow(flow, rate.nl_day);
    row_add(rows, label, "%s at %s", amount, flow);
}

static void flex_rows(struct rows *rows, const struct program *program)
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    char label[LABEL_BYTES], flow[AMOUNT_TEXT_BYTES];
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        row_add(rows, days[day], "day set %u", program->weekday_set[day] + 1U);
    for (unsigned set = 0; set < program->day_set_count; set++)
        for (unsigned i = 0; i < program->day_set[set].count; i++) {
            const struct program_step *step = &program->day_set[set].step[i];
            snprintf(label, sizeof label, "day set %u, from %02u:%02u", set + 1, step->minute / 60U, step->minute % 60U);
            amount_write_flow(flow, step->rate.nl_day);
            row_add(rows, label, "%s", flow);
        }
}

static void program_rows(struct rows *rows, const struct program *program)
{
    static const char *const kinds[] = { "stopped", "continuous", "flex", "periodic", "minimum" };
    char flow[AMOUNT_TEXT_BYTES], span[AMOUNT_TEXT_BYTES];
    row_add(rows, "program", "%s", program->kind <= PROGRAM_MINIMUM ? kinds[program->kind] : "unknown");
    if (program->kind == PROGRAM_FLEX) {
        flex_rows(rows, program);
    } else {
        amount_write_flow(flow, program->base.nl_day);
        row_add(rows, "base flow", "%s", flow);
    }
    if (program->kind == PROGRAM_PERIODIC) {
        bolus_row(rows, "periodic bolus", program->periodic.volume, program->periodic.rate);
        amount_write_span(span, (int64_t)program->periodic.interval_minutes * MINUTE_MS);
        row_add(rows, "one every", "%s", span);
        amount_write_span(span, (int64_t)program->periodic.first_minutes * MINUTE_MS);
        row_add(rows, "the first after", "%s", span);
    }
}

static void extra_rows(struct rows *rows, const struct program *program)
{
    static const char *const openings[] = { "none", "priming bolus", "bridge bolus", "single bolus" };
    const struct patient_bolus *patient = &program->patient;
    row_add(rows, "opening", "%s", program->opening.kind <= OPENING_SINGLE ? openings[program->opening.kind] : "unknown");
    if (program->opening.kind != OPENING_NONE)
        bolus_row(rows, "opening, how much", program->opening.volume, program->opening.rate);
    row_add(rows, "patient's bolus", "%s", patient->allowed == 1 ? "allowed" : "not allowed");
    if (patient->allowed == 1) {
        bolus_row(rows, "patient's bolus, how much", patient->volume, patient->rate);
        row_add(rows, "patient's bolus, lockout", "%u min", patient->lockout_minutes);
        row_add(rows, "patient's bolus, most in 24 h", "%u", patient->max_per_day);
        row_add(rows, "patient's bolus, ends after", "%u days", patient->expiry_days);
    }
}

static void limit_rows(struct rows *rows, const struct limits *limits)
{
    char name[32], label[LABEL_BYTES], hour[AMOUNT_TEXT_BYTES], day[AMOUNT_TEXT_BYTES];
    for (unsigned i = 0; i < limits->count; i++) {
        series_drug_name(name, limits->drug[i].drug);
        snprintf(label, sizeof label, "limits of %s", name);
        amount_write(hour, limits->drug[i].window[WINDOW_HOUR].fg, 12, 0, "mg in an hour");
        amount_write(day, limits->drug[i].window[WINDOW_DAY].fg, 12, 0, "mg in a day");
        row_add(rows, label, "%s, %s", hour, day);
    }
    amount_write_volume(hour, limits->bolus_max.nl);
    row_add(rows, "largest bolus", "%s", hour);
    amount_write_flow(day, limits->rate_max.nl_day);
    row_add(rows, "largest flow", "%s", day);
}

static void rule_rows(struct rows *rows, const struct therapy *therapy)
{
    static const char *const priorities[] = { "?", "low", "medium", "high" };
    char text[AMOUNT_TEXT_BYTES];
    amount_write_flow(text, therapy->safe_rate.nl_day);
    row_add(rows, "safe rate", "%s", text);
    row_add(rows, "restart limit", "%u h", therapy->restart_limit_hours);
    row_add(rows, "under-delivery is", "%s", priorities[therapy->under_delivery <= PRIORITY_HIGH ? therapy->under_delivery : 0]);
    amount_write_volume(text, therapy->reservoir_low.nl);
    row_add(rows, "reservoir low at", "%s", text);
    row_add(rows, "MRI", "%s", therapy->mri_rule == MRI_EMPTY_FIRST ? "empty first" : "keep the program");
    amount_write_volume(text, therapy->dead_volume.nl);
    row_add(rows, "dead volume", "%s", text);
    row_add(rows, "formulary", "%u", therapy->formulary_version);
    plain_write(therapy->region, text, sizeof text);
    row_add(rows, "region", "%s", text[0] != '\0' ? text : "none");
}

static void rows_make(struct rows *rows, const struct therapy *therapy)
{
    rows->count = 0;
    char name[PLAIN_TEXT_BYTES];
    plain_write(therapy->name, name, sizeof name);
    row_add(rows, "name", "%s", name);
    drug_rows(rows, therapy);
    program_rows(rows, &therapy->program);
    extra_rows(rows, &therapy->program);
    limit_rows(rows, &therapy->limits);
    rule_rows(rows, therapy);
}

static const char *row_text(const struct rows *rows, const char *label)
{
    for (unsigned i = 0; i < rows->count; i++)
        if (strcmp(rows->row[i].label, label) == 0)
            return rows->row[i].text;
    return NULL;
}

static void line_print(FILE *out, const char *label, const char *old, const char *new)
{
    bool changes = strcmp(old, new) != 0;
    fprintf(out, "%s %-32s %-34s %s\n", changes ? "*" : " ", label, old, new);
}

void therapytext_compare(FILE *out, const struct therapy *old, const struct therapy *new)
{
    static const char none[] = "-";
    struct rows before = { .count = 0 }, after;
    if (old != NULL)
        rows_make(&before, old);
    rows_make(&after, new);
    fprintf(out, "  %-32s %-34s %s\n", "", old != NULL ? "OLD, in force" : "OLD: none", "NEW, as the pump has stored it");
    for (unsigned i = 0; i < after.count; i++) {
        const char *text = row_text(&before, after.row[i].label);
        line_print(out, after.row[i].label, text != NULL ? text : none, after.row[i].text);
    }
    for (unsigned i = 0; i < before.count; i++) /* what is no more */
        if (row_text(&after, before.row[i].label) == NULL)
            line_print(out, before.row[i].label, before.row[i].text, none);
    fprintf(out, "  (* changes)\n");
}
