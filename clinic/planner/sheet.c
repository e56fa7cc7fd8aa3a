/* sheet.c - a calculation as a person or a program reads it. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/sheet.h"

#include <stdarg.h>
#include <string.h>

enum { WORDS_WIDTH = 40 };

void sheet_begin(struct sheet *sheet, const char *plan)
{
    memset(sheet, 0, sizeof *sheet);
    sheet->plan = plan;
}

/* A row that does not fit is a fault of ours, and is told as a hard finding: nobody acts on half a sheet. */
static void row_add(struct sheet *sheet, enum sheet_part part, const char *const name[3], const char *format, va_list list)
{
    if (sheet->rows == SHEET_ROWS_MAX) {
        findings_add(&sheet->findings, RULE_ARITHMETIC, FINDING_HARD, "the sheet is longer than can be shown");
        return;
    }
    struct sheet_row *row = &sheet->row[sheet->rows++];
    row->part = (uint8_t)part;
    snprintf(row->group, sizeof row->group, "%s", name[0]);
    snprintf(row->key, sizeof row->key, "%s", name[1]);
    snprintf(row->words, sizeof row->words, "%s", name[2]);
    vsnprintf(row->text, sizeof row->text, format, list);
}

void sheet_input(struct sheet *sheet, const char *key, const char *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    row_add(sheet, SHEET_INPUT, (const char *const[]){ "", key, words }, format, list);
    va_end(list);
}

void sheet_formula(struct sheet *sheet, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    row_add(sheet, SHEET_FORMULA, (const char *const[]){ "", "", "" }, format, list);
    va_end(list);
}

void sheet_result(struct sheet *sheet, const char *group, const char *key, const char *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    row_add(sheet, SHEET_RESULT, (const char *const[]){ group != NULL ? group : sheet->plan, key, words }, format, list);
    va_end(list);
}

void sheet_source(struct sheet *sheet, const struct source *source)
{
    for (unsigned i = 0; i < sheet->sources; i++)
        if (strcmp(sheet->source[i].id, source->id) == 0)
            return;
    if (sheet->sources < SHEET_SOURCES_MAX)
        sheet->source[sheet->sources++] = *source;
}

void sheet_figure(struct sheet *sheet, const struct entry *entry, const struct figure *figure)
{
    if (figure->known && figure->mark != MARK_GUESS)
        sheet_source(sheet, &entry->source[figure->source]);
}

static void part_print(const struct sheet *sheet, enum sheet_part part, const char *title, FILE *out)
{
    const char *group = sheet->plan;
    bool any = false;
    for (unsigned i = 0; i < sheet->rows; i++) {
        const struct sheet_row *row = &sheet->row[i];
        if (row->part != part)
            continue;
        if (!any)
            fprintf(out, "%s\n", title);
        any = true;
        if (part == SHEET_RESULT && strcmp(group, row->group) != 0 && strcmp(sheet->plan, row->group) != 0)
            fprintf(out, "  %s\n", row->group);
        group = part == SHEET_RESULT ? row->group : group;
        int indent = strcmp(sheet->plan, group) != 0 ? 4 : 2;
        if (part == SHEET_FORMULA)
            fprintf(out, "  %s\n", row->text);
        else
            fprintf(out, "%*s%-*s %s\n", indent, "", WORDS_WIDTH - indent, row->words, row->text);
    }
}

void sheet_print(const struct sheet *sheet, FILE *out)
{
    part_print(sheet, SHEET_INPUT, "Given", out);
    part_print(sheet, SHEET_FORMULA, "Worked out as", out);
    part_print(sheet, SHEET_RESULT, "Result", out);
    if (sheet->findings.count > 0)
        fprintf(out, "Checks\n");
    for (unsigned i = 0; i < sheet->findings.count; i++) {
        const struct finding *finding = &sheet->findings.item[i];
        fprintf(out, "  %-10s %s: %s\n", finding_level_word((enum finding_level)finding->level),
                rule_word((enum rule)finding->rule), finding->text);
    }
    if (sheet->sources > 0)
        fprintf(out, "Sources\n");
    for (unsigned i = 0; i < sheet->sources; i++)
        fprintf(out, "  %s: %s\n", sheet->source[i].id, sheet->source[i].text);
}

/* The object of this name in another, made when it is not there. */
static json_t *object_in(json_t *parent, const char *name)
{
    json_t *object = json_object_get(parent, name);
    if (object == NULL) {
        object = json_object();
        json_object_set_new(parent, name, object);
    }
    return object;
}

json_t *sheet_json(const struct sheet *sheet)
{
    json_t *all = json_object(), *formulas = json_array(), *checks = json_array(), *sources = json_array();
    json_object_set_new(all, "plan", json_string(sheet->plan));
    object_in(all, "inputs");
    for (unsigned i = 0; i < sheet->rows; i++) {
        const struct sheet_row *row = &sheet->row[i];
        if (row->part == SHEET_FORMULA)
            json_array_append_new(formulas, json_string(row->text));
        else
            json_object_set_new(object_in(all, row->part == SHEET_INPUT ? "inputs" : row->group), row->key,
                                json_string(row->text));
    }
    for (unsigned i = 0; i < sheet->findings.count; i++) {
        const struct finding *finding = &sheet->findings.item[i];
        json_array_append_new(checks, json_pack("{s:s, s:s, s:s, s:s}", "rule", rule_word((enum rule)finding->rule), "level",
                                                finding_level_word((enum finding_level)finding->level), "text", finding->text,
                                                "answers", rule_answers((enum rule)finding->rule)));
    }
    for (unsigned i = 0; i < sheet->sources; i++)
        json_array_append_new(sources, json_pack("{s:s, s:s}", "id", sheet->source[i].id, "text", sheet->source[i].text));
    json_object_set_new(all, "formulas", formulas);
    json_object_set_new(all, "checks", checks);
    json_object_set_new(all, "sources", sources);
    json_object_set_new(all, "verdict", json_string(finding_level_word(findings_worst(&sheet->findings))));
    return all;
}
