/* therapy.c - the summary of a therapy. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/therapy.h"

#include <stdio.h>

#include "clinic/report/daily.h"
#include "clinic/report/dayplan.h"
#include "clinic/report/settings.h"
#include "clinic/report/table.h"

struct told {
    const struct report_therapy *report;
    struct settings settings;
};

void therapy_drugs_draw(struct page *page, const struct formulary *formulary, const struct therapy *therapy)
{
    static const struct table table = { 4,
                                        { { "drug", 0.25, false },
                                          { "concentration", 0.23, true },
                                          { "by the program, in 24 h", 0.26, true },
                                          { "most, with all boluses", 0.26, true } } };
    phrase conc, program, most;
    table_head(page, &table);
    for (unsigned i = 0; i < therapy->mixture.count; i++) {
        const struct component *part = &therapy->mixture.component[i];
        bool mg = words_milligrams(formulary, part->drug);
        words_conc(conc, mg, ratio_of(part->conc.ng_ml));
        words_dose(program, mg, daily_mass(daily_program(therapy), part->conc));
        words_dose(most, mg, daily_mass(daily_most(therapy), part->conc));
        table_row(page, &table, (const char *[]){ drug_word(part->drug), conc, program, most }, true);
    }
    words_flow(program, daily_program(therapy));
    words_flow(most, daily_most(therapy));
    table_row(page, &table, (const char *[]){ "volume", "does not apply", program, most }, false);
}

static void settings_draw(struct page *page, const struct settings *settings)
{
    static const struct table table = { 2, { { "setting", 0.45, false }, { "value", 0.55, false } } };
    page_heading(page, "Every setting");
    table_head(page, &table);
    for (unsigned i = 0; i < settings->count; i++)
        if (!settings->setting[i].daily)
            table_row(page, &table, (const char *[]){ settings->setting[i].label, settings->setting[i].text }, false);
}

static void draw(struct page *page, const void *what)
{
    const struct told *told = what;
    const struct report_therapy *report = told->report;
    head_facts(page, &report->head);
    page_heading(page, "Per day");
    therapy_drugs_draw(page, report->head.formulary, report->therapy);
    page_heading(page, "The 24 hours of a day");
    dayplan_curves_draw(page, report->head.formulary, report->therapy);
    page_heading(page, "Doses per day times dose");
    dayplan_doses_draw(page, report->head.formulary, report->therapy);
    settings_draw(page, &told->settings);
}

bool report_therapy_write(const struct report_therapy *report, struct report_out *out)
{
    struct told told = { .report = report };
    settings_make(&told.settings, report->head.formulary, report->therapy);
    if (told.settings.lost > 0) {
        snprintf(out->fault, sizeof out->fault, "the therapy has more settings than the report has room for");
        return false;
    }
    return report_write(&report->head, "Therapy summary", draw, &told, out);
}
