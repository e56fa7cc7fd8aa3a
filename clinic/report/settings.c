/* settings.c - every setting of a therapy in words. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clinic/report/daily.h"
#include "document/plain.h"

__attribute__((format(printf, 4, 5))) static void add(struct settings *settings, const char *label, struct ratio amount,
                                                      const char *format, ...)
{
    if (settings->count == SETTINGS_MAX) {
        settings->lost++;
        return;
    }
    struct setting *setting = &settings->setting[settings->count++];
    va_list list;
    va_start(list, format);
    snprintf(setting->label, sizeof setting->label, "%s", label);
    vsnprintf(setting->text, sizeof setting->text, format, list);
    va_end(list);
    setting->amount = amount;
    setting->daily = false;
}

static void add_daily(struct settings *settings, const char *label, struct ratio amount, const char *text)
{
    unsigned before = settings->count;
    add(settings, label, amount, "%s", text);
    if (settings->count > before)
        settings->setting[before].daily = true;
}

static void add_flow(struct settings *settings, const char *label, rate_nl_day flow)
{
    phrase text;
    words_flow(text, ratio_of(flow.nl_day));
    add(settings, label, ratio_of(flow.nl_day), "%s", flow.nl_day == 0 ? "nothing flows" : text);
}

static void add_volume(struct settings *settings, const char *label, vol_nl volume)
{
    phrase text;
    words_volume(text, ratio_of(volume.nl));
    add(settings, label, ratio_of(volume.nl), "%s", text);
}

static void add_minutes(struct settings *settings, const char *label, unsigned minutes)
{
    phrase text;
    words_span(text, (int64_t)minutes * MINUTE_MS);
    add(settings, label, ratio_of(minutes), "%s", text);
}

static void drug_settings(struct settings *settings, const struct formulary *formulary, const struct therapy *therapy)
{
    char label[SETTING_LABEL_BYTES];
    phrase text;
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *part = &therapy->mixture.component[i];
        bool mg = words_milligrams(formulary, part->drug);
        struct ratio program = daily_mass(daily_program(therapy), part->conc),
                     most = daily_mass(daily_most(therapy), part->conc);
        snprintf(label, sizeof label, "%s, dose by the program", drug_word(part->drug));
        words_dose(text, mg, program);
        add_daily(settings, label, program, text);
        snprintf(label, sizeof label, "%s, most with all boluses", drug_word(part->drug));
        words_dose(text, mg, most);
        add_daily(settings, label, most, text);
        snprintf(label, sizeof label, "%s, concentration", drug_word(part->drug));
        words_conc(text, mg, ratio_of(part->conc.ng_ml));
        add(settings, label, ratio_of(part->conc.ng_ml), "%s", text);
    }
    if (therapy->mixture.count == 0)
        add(settings, "drug", RATIO_NONE, "none: a fluid without drug");
    words_flow(text, daily_program(therapy));
    add_daily(settings, "volume by the program", daily_program(therapy), text);
}

static void bolus(struct settings *settings, const struct formulary *formulary, const struct therapy *therapy,
                  const char *what, vol_nl volume, rate_nl_day rate)
{
    char label[SETTING_LABEL_BYTES];
    phrase text;
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *part = &therapy->mixture.component[i];
        struct ratio mass = daily_mass(ratio_of(volume.nl), part->conc);
        snprintf(label, sizeof label, "%s, %s", what, drug_word(part->drug));
        words_mass(text, words_milligrams(formulary, part->drug), mass);
        add(settings, label, mass, "%s", text);
    }
    snprintf(label, sizeof label, "%s, volume", what);
    add_volume(settings, label, volume);
    snprintf(label, sizeof label, "%s, given at", what);
    add_flow(settings, label, rate);
}

static void flex_settings(struct settings *settings, const struct program *program)
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    char label[SETTING_LABEL_BYTES];
    for (unsigned day = 0; day < WEEK_DAYS; day++)
        add(settings, days[day], RATIO_NONE, "day program %c", 'A' + program->weekday_set[day]);
    for (unsigned set = 0; set < program->day_set_count; set++)
        for (unsigned i = 0; i < program->day_set[set].count; i++) {
            const struct program_step *step = &program->day_set[set].step[i];
            snprintf(label, sizeof label, "day program %c, from %02u:%02u", 'A' + set, step->minute / 60U,
                     step->minute % 60U);
            add_flow(settings, label, step->rate);
        }
}

static void program_settings(struct settings *settings, const struct formulary *formulary,
                             const struct therapy *therapy)
{
    static const char *const kinds[] = { "stopped", "continuous", "steps by the time of day", "boluses at intervals",
                                         "least flow of the pump" };
    static const char *const openings[] = { "none", "priming bolus", "bridge bolus", "single bolus" };
    const struct program *program = &therapy->program;
    add(settings, "program", RATIO_NONE, "%s", program->kind <= PROGRAM_MINIMUM ? kinds[program->kind] : "not known");
    if (program->kind == PROGRAM_FLEX)
        flex_settings(settings, program);
    else
        add_flow(settings, "base flow", program->base);
    if (program->kind == PROGRAM_PERIODIC) {
        bolus(settings, formulary, therapy, "bolus at intervals", program->periodic.volume, program->periodic.rate);
        add_minutes(settings, "bolus at intervals, one every", program->periodic.interval_minutes);
        add_minutes(settings, "bolus at intervals, the first after", program->periodic.first_minutes);
    }
    add(settings, "once, at the beginning", RATIO_NONE, "%s",
        program->opening.kind <= OPENING_SINGLE ? openings[program->opening.kind] : "not known");
    if (program->opening.kind != OPENING_NONE)
        bolus(settings, formulary, therapy, "at the beginning", program->opening.volume, program->opening.rate);
}

static void patient_settings(struct settings *settings, const struct formulary *formulary,
                             const struct therapy *therapy)
{
    const struct patient_bolus *patient = &therapy->program.patient;
    add(settings, "patient's bolus", RATIO_NONE, "%s", patient->allowed == 1 ? "allowed" : "not allowed");
    if (patient->allowed != 1)
        return;
    bolus(settings, formulary, therapy, "patient's bolus", patient->volume, patient->rate);
    add_minutes(settings, "patient's bolus, lockout", patient->lockout_minutes);
    add(settings, "patient's bolus, most in 24 h", ratio_of(patient->max_per_day), "%u", patient->max_per_day);
    add(settings, "patient's bolus, ends after", ratio_of(patient->expiry_days), "%u" NBSP "days",
        patient->expiry_days);
}

static void limit_settings(struct settings *settings, const struct formulary *formulary, const struct limits *limits)
{
    static const char *const windows[WINDOW_KINDS] = { [WINDOW_HOUR] = "in an hour", [WINDOW_DAY] = "in a day" };
    char label[SETTING_LABEL_BYTES];
    phrase text;
    for (unsigned i = 0; i < limits->count; i++)
        for (unsigned window = 0; window < WINDOW_KINDS; window++) {
            struct ratio fg = ratio_of(limits->drug[i].window[window].fg);
            snprintf(label, sizeof label, "pump's limit, %s %s", drug_word(limits->drug[i].drug), windows[window]);
            words_mass(text, words_milligrams(formulary, limits->drug[i].drug), fg);
            add(settings, label, fg, "%s", text);
        }
    add_volume(settings, "pump's limit, one bolus", limits->bolus_max);
    add_flow(settings, "pump's limit, flow", limits->rate_max);
}

static void rule_settings(struct settings *settings, const struct therapy *therapy)
{
    static const char *const priorities[] = { "not known", "a low alarm", "a medium alarm", "a high alarm" };
    char region[PLAIN_TEXT_BYTES];
    plain_write(therapy->region, region, sizeof region);
    if (therapy->safe_rate.nl_day == 0)
        add(settings, "a fault drops it to", ratio_of(0), "stopped");
    else
        add_flow(settings, "a fault drops it to", therapy->safe_rate);
    add(settings, "same dose again after a break of", ratio_of(therapy->restart_limit_hours), "%u" NBSP "h at most",
        therapy->restart_limit_hours);
    add(settings, "too little of it is", RATIO_NONE, "%s",
        priorities[therapy->under_delivery <= PRIORITY_HIGH ? therapy->under_delivery : 0]);
    add_volume(settings, "reservoir low at", therapy->reservoir_low);
    add(settings, "MRI", RATIO_NONE, "%s",
        therapy->mri_rule == MRI_EMPTY_FIRST ? "empty the pump first" : "keep the program");
    add_volume(settings, "volume to the tip", therapy->dead_volume);
    if (therapy->formulary_version == 0)
        add(settings, "checked against formulary", RATIO_NONE, "none");
    else
        add(settings, "checked against formulary", RATIO_NONE, "release %u (%.8s)", therapy->formulary_version,
            *region != '\0' ? region : "none");
}

void settings_make(struct settings *settings, const struct formulary *formulary, const struct therapy *therapy)
{
    char name[PLAIN_TEXT_BYTES];
    plain_write(therapy->name, name, sizeof name);
    settings->count = settings->lost = 0;
    add(settings, "name", RATIO_NONE, "%.200s", *name != '\0' ? name : "none");
    drug_settings(settings, formulary, therapy);
    program_settings(settings, formulary, therapy);
    patient_settings(settings, formulary, therapy);
    limit_settings(settings, formulary, &therapy->limits);
    rule_settings(settings, therapy);
}

const struct setting *settings_find(const struct settings *settings, const char *label)
{
    for (unsigned i = 0; i < settings->count; i++)
        if (strcmp(settings->setting[i].label, label) == 0)
            return &settings->setting[i];
    return NULL;
}

void setting_change(phrase text, const struct setting *old, const struct setting *new)
{
    if (old == NULL)
        snprintf(text, WORDS_BYTES, "new");
    else if (new == NULL)
        snprintf(text, WORDS_BYTES, "no longer there");
    else if (ratio_is(old->amount) && ratio_is(new->amount))
        words_change(text, old->amount, new->amount);
    else
        snprintf(text, WORDS_BYTES, "%s", strcmp(old->text, new->text) == 0 ? "none" : "changed");
}
