/* series.c - the run as a table: one row every so often. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/series.h"

#include <ctype.h>

#include "amount/amount.h"
#include "rig/journal.h"
#include "rig/nearest.h"

void series_drug_name(char name[32], uint16_t drug)
{
    snprintf(name, 32, "%s", drug_word(drug));
    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
}

mass_fg series_delivered(const struct twin *twin, uint16_t drug)
{
    double kg = 0;
    for (unsigned i = 0; i < FLUID_DRUGS_MAX; i++)
        if (twin->totals.drug[i] == drug)
            kg = twin->totals.delivered_kg[i];
    return (mass_fg){ nearest(kg * 1e18) };
}

void series_sample(const struct twin *twin, const struct pump_status *status, const struct series_drugs *drugs,
                   struct sample *sample)
{
    *sample = (struct sample){ .at = twin->now, .rate = status->base, .commanded = status->commanded,
                               .metered = status->metered, .remaining_calculated = status->remaining,
                               .displaced = rig_nl(twin->totals.displaced), .delivered = rig_nl(twin->totals.delivered),
                               .remaining_true = rig_nl(twin->reservoir_m3), .mode = status->mode,
                               .battery_left_ppm = nearest(battery_left(&twin->battery, twin->now) * 1e6) };
    for (unsigned i = 0; i < drugs->count; i++) {
        sample->tip_ng_ml[i] = nearest(twin_tip_concentration(twin, drugs->drug[i]) * 1e6);
        sample->delivered_ng[i] = (series_delivered(twin, drugs->drug[i]).fg + 500000) / 1000000;
    }
}

void series_head_write(FILE *stream, const struct series_drugs *drugs)
{
    char name[32];
    fputs("t_s,civil,mode,rate_nl_day,commanded_nl,metered_nl,displaced_nl,delivered_nl,remaining_calculated_nl,"
          "remaining_true_nl,battery_left_ppm", stream);
    for (unsigned i = 0; i < drugs->count; i++) {
        series_drug_name(name, drugs->drug[i]);
        fprintf(stream, ",tip_%s_ng_ml,delivered_%s_ng", name, name);
    }
    fputs(",pain,relief,sedation,breathing,spasticity,withdrawal,confusion", stream);
    for (unsigned i = 0; i < drugs->count; i++) {
        series_drug_name(name, drugs->drug[i]);
        fprintf(stream, ",csf_tip_%s_ng_ml,csf_cisterna_%s_ng_ml", name, name);
    }
    fputc('\n', stream);
}

static void thousandths_write(FILE *stream, int64_t thousandths)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write(text, thousandths, 3, 0, "");
    fprintf(stream, ",%s", text);
}

static void person_write(FILE *stream, const struct series_drugs *drugs, const struct sample *sample)
{
    const struct sample_person *person = &sample->person;
    const int64_t felt[] = { person->pain,       person->relief,     person->sedation, person->breathing,
                             person->spasticity, person->withdrawal, person->confusion };
    for (unsigned i = 0; i < sizeof felt / sizeof felt[0]; i++)
        thousandths_write(stream, felt[i]);
    for (unsigned i = 0; i < drugs->count; i++) {
        thousandths_write(stream, sample->beside_tip_pg_ml[i]);
        thousandths_write(stream, sample->cisterna_pg_ml[i]);
    }
}

void series_row_write(FILE *stream, const struct series_drugs *drugs, const struct sample *sample,
                      const struct calendar *calendar)
{
    char civil[CIVIL_TEXT_BYTES], text[4][AMOUNT_TEXT_BYTES];
    journal_civil(civil, sample->at, calendar);
    amount_write(text[0], sample->at.ms, 3, 0, "");
    amount_write(text[1], sample->commanded.fl, 6, 0, "");
    amount_write(text[2], sample->metered.fl, 6, 0, "");
    amount_write(text[3], sample->remaining_calculated.fl, 6, 0, "");
    fprintf(stream, "%s,%s,%s,%lld,%s,%s,%lld,%lld,%s,%lld,%lld", text[0], civil, mode_word(sample->mode),
            (long long)sample->rate.nl_day, text[1], text[2], (long long)sample->displaced.nl,
            (long long)sample->delivered.nl, text[3], (long long)sample->remaining_true.nl,
            (long long)sample->battery_left_ppm);
    for (unsigned i = 0; i < drugs->count; i++)
        fprintf(stream, ",%lld,%lld", (long long)sample->tip_ng_ml[i], (long long)sample->delivered_ng[i]);
    person_write(stream, drugs, sample);
    fputc('\n', stream);
}
