/* table.c - a course as CSV, text and JSON. */
// SPDX-License-Identifier: Apache-2.0
#include "app/spine/table.h"

static const double NG_ML = 1e6, HOUR_S = 3600, MG = 1e6; /* of 1 kg/m3; of an hour; of 1 kg */

static bool asked(const struct table_head *head, int level)
{
    return (head->levels >> level & 1) != 0;
}

void table_csv_head(FILE *out)
{
    fprintf(out, "ID,TIME[h],LEVEL,CSF[ng/mL],TISSUE[ng/mL]\n");
}

void table_csv(FILE *out, const struct table_head *head, const struct course *course)
{
    for (size_t i = 0; i < course->rows; i++) {
        const struct course_row *row = &course->row[i];
        fprintf(out, "%s,%.9g,head,%.6g,\n", head->id, row->at_s / HOUR_S, row->reservoir * NG_ML);
        for (int level = 0; level < LEVELS_ALL; level++)
            if (asked(head, level))
                fprintf(out, "%s,%.9g,%s,%.6g,%.6g\n", head->id, row->at_s / HOUR_S, level_name(level),
                        row->csf[level] * NG_ML, row->tissue[level] * NG_ML);
    }
}

/* What the tip has over what the uppermost level has; 0 when that has nothing. */
static double gradient(double tip, double top)
{
    return top > 0 ? tip / top : 0;
}

static double area_gradient(const struct table_head *head, const struct course *course)
{
    return gradient(course->level[head->tip].csf_area, course->level[LEVEL_C1].csf_area);
}

static double end_gradient(const struct table_head *head, const struct course *course)
{
    const struct course_row *last = &course->row[course->rows - 1];
    return gradient(last->csf[head->tip], last->csf[LEVEL_C1]);
}

static void half_print(FILE *out, double half_s)
{
    if (half_s > 0)
        fprintf(out, " %9.3g", half_s / HOUR_S);
    else
        fprintf(out, " %9s", "-");
}

static void share_print(FILE *out, const char *what, double kg, double given_kg)
{
    fprintf(out, "  %-30s %12.6g mg %7.2f %%\n", what, kg * MG, given_kg > 0 ? 100 * kg / given_kg : 0);
}

void table_text(FILE *out, const struct table_head *head, const struct course *course)
{
    const struct spine_balance *balance = &course->balance;
    fprintf(out, "%s, ID %s, tip at %s, regime %s, %.6g h, %d cells, %lu steps\n\n", head->drug, head->id,
            level_name((int)head->tip), head->regime, course->until_s / HOUR_S, course->cells, course->steps);
    fprintf(out, "level   CSF peak   at     area half-life   tissue peak   at     area half-life\n"
                 "           ng/mL    h  ng h/mL         h         ng/mL    h  ng h/mL         h\n");
    for (int i = 0; i < LEVELS_ALL; i++) {
        const struct course_level *level = &course->level[i];
        if (!asked(head, i))
            continue;
        fprintf(out, "%-5s %10.4g %4.3g %8.4g", level_name(i), level->csf_peak * NG_ML, level->csf_peak_s / HOUR_S,
                level->csf_area * NG_ML / HOUR_S);
        half_print(out, level->csf_half_s);
        fprintf(out, "    %10.4g %4.3g %8.4g", level->tissue_peak * NG_ML, level->tissue_peak_s / HOUR_S,
                level->tissue_area * NG_ML / HOUR_S);
        half_print(out, level->tissue_half_s);
        fputc('\n', out);
    }
    fprintf(out, "\n%s over C1: %.4g by area, %.4g at the end\n\n", level_name((int)head->tip),
            area_gradient(head, course), end_gradient(head, course));
    share_print(out, "given", balance->given, balance->given);
    share_print(out, "in the canal's fluid", balance->csf, balance->given);
    share_print(out, "in its tissue", balance->tissue, balance->given);
    share_print(out, "in the head's fluid", balance->reservoir, balance->given);
    share_print(out, "cleared from the canal's fluid", balance->cleared, balance->given);
    share_print(out, "cleared from tissue", balance->tissue_cleared, balance->given);
    share_print(out, "cleared from the head", balance->cranial, balance->given);
    share_print(out, "not accounted for", balance->gap, balance->given);
}

static json_t *half_json(double half_s)
{
    return half_s > 0 ? json_real(half_s / HOUR_S) : json_null();
}

static json_t *level_json(int place, const struct course_level *level)
{
    return json_pack("{s:s, s:f, s:f, s:f, s:o, s:f, s:f, s:f, s:o}", "level", level_name(place), "csf_peak_ng_ml",
                     level->csf_peak * NG_ML, "csf_peak_h", level->csf_peak_s / HOUR_S, "csf_area_ng_h_ml",
                     level->csf_area * NG_ML / HOUR_S, "csf_half_life_h", half_json(level->csf_half_s),
                     "tissue_peak_ng_ml", level->tissue_peak * NG_ML, "tissue_peak_h", level->tissue_peak_s / HOUR_S,
                     "tissue_area_ng_h_ml", level->tissue_area * NG_ML / HOUR_S, "tissue_half_life_h",
                     half_json(level->tissue_half_s));
}

json_t *table_json(const struct table_head *head, const struct course *course)
{
    const struct spine_balance *balance = &course->balance;
    json_t *levels = json_array();
    for (int i = 0; i < LEVELS_ALL; i++)
        if (asked(head, i))
            (void)json_array_append_new(levels, level_json(i, &course->level[i]));
    json_t *mass = json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "given", balance->given * MG, "csf",
                             balance->csf * MG, "tissue", balance->tissue * MG, "head", balance->reservoir * MG,
                             "cleared", balance->cleared * MG, "tissue_cleared", balance->tissue_cleared * MG,
                             "head_cleared", balance->cranial * MG, "gap", balance->gap * MG);
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:i, s:I, s:o, s:f, s:f, s:o}", "id", head->id, "drug", head->drug,
                     "tip", level_name((int)head->tip), "regime", head->regime, "until_h", course->until_s / HOUR_S,
                     "cells", course->cells, "steps", (json_int_t)course->steps, "levels", levels,
                     "tip_over_c1_by_area", area_gradient(head, course), "tip_over_c1_at_end",
                     end_gradient(head, course), "mass_mg", mass);
}
