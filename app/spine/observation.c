/* observation.c - measured concentrations in a table of doses. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* strsep */
#include "app/spine/observation.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum column { DV, LEVEL, SPACE, MDV, BLQ, COLUMNS };
static const char *const HEADS[COLUMNS] = { "DV", "LEVEL", "SPACE", "MDV", "BLQ" };
static const double MOST_KG_M3 = 1000;

/* A row that looks. */
struct look {
    size_t line, event, person;
};

struct sheet {
    struct observations *observations;
    struct look *look; /* by line */
    size_t looks, next;
    const char *file;
    size_t line;
    double unit_kg_m3;
    int place[COLUMNS]; /* -1: not there */
    char *field[COLUMNS];
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct sheet *sheet, const char *format, ...)
{
    char *fault = sheet->observations->fault;
    int length = snprintf(fault, DOSING_FAULT_BYTES, "%s:%zu: ", sheet->file, sheet->line);
    va_list list;
    va_start(list, format);
    if (length > 0 && length < DOSING_FAULT_BYTES)
        (void)vsnprintf(fault + length, (size_t)(DOSING_FAULT_BYTES - length), format, list);
    va_end(list);
    return false;
}

/* Blanks and quotes around a field are no part of it. */
static char *trimmed(char *field)
{
    field += strspn(field, " \t\"");
    for (size_t size = strlen(field); size > 0 && strchr(" \t\r\"", field[size - 1]) != NULL;)
        field[--size] = '\0';
    return field;
}

static bool unit_take(struct sheet *sheet, char *unit)
{
    static const struct {
        const char *word;
        double kg_m3;
    } units[] = { { "ng/mL", 1e-6 }, { "pg/mL", 1e-9 }, { "ug/mL", 1e-3 }, { "mcg/mL", 1e-3 }, { "mg/L", 1e-3 } };
    unit[strcspn(unit, "])")] = '\0';
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i].word) == 0) {
            sheet->unit_kg_m3 = units[i].kg_m3;
            return true;
        }
    }
    return refuse(sheet, "DV: there is no unit of concentration \"%s\"; ng/mL, pg/mL, ug/mL, mcg/mL and mg/L are",
                  unit);
}

static bool head_read(struct sheet *sheet, char *line)
{
    char *field = NULL;
    for (int place = 0; (field = strsep(&line, ",")) != NULL; place++) {
        char *name = trimmed(field), *unit = strpbrk(name, "[(");
        if (unit != NULL)
            *unit++ = '\0';
        for (int column = 0; column < COLUMNS; column++) {
            if (strcasecmp(name, HEADS[column]) != 0)
                continue;
            if (sheet->place[column] >= 0)
                return refuse(sheet, "two columns are called %s", HEADS[column]);
            sheet->place[column] = place;
            if (unit != NULL && column != DV)
                return refuse(sheet, "%s has no unit, but \"%s\" stands there", HEADS[column], unit);
            if (unit != NULL && !unit_take(sheet, unit))
                return false;
        }
    }
    for (int column = DV; column <= LEVEL; column++)
        if (sheet->place[column] < 0)
            return refuse(sheet,
                          "no column %s; observations stand in rows of their own, with columns such as "
                          "ID,TIME,AMT,EVID,DV[ng/mL],LEVEL",
                          HEADS[column]);
    return true;
}

static int look_order(const void *a, const void *b)
{
    const struct look *one = a, *other = b;
    return (one->line > other->line) - (one->line < other->line);
}

static void looks_find(struct sheet *sheet, const struct dosing *dosing)
{
    sheet->look = calloc(dosing->events + 1, sizeof sheet->look[0]);
    if (sheet->look == NULL)
        abort(); /* nothing else is left to do */
    for (size_t person = 0; person < dosing->people; person++) {
        size_t first = dosing->person[person].first;
        for (size_t i = first; i < first + dosing->person[person].count; i++)
            if (dosing->event[i].kind == DOSING_LOOK)
                sheet->look[sheet->looks++] = (struct look){ dosing->event[i].line, i, person };
    }
    qsort(sheet->look, sheet->looks, sizeof sheet->look[0], look_order);
}

/* The look that stands in this line; lines are asked for in their order. */
static const struct look *look_here(struct sheet *sheet)
{
    while (sheet->next < sheet->looks && sheet->look[sheet->next].line < sheet->line)
        sheet->next++;
    return sheet->next < sheet->looks && sheet->look[sheet->next].line == sheet->line ? &sheet->look[sheet->next]
                                                                                      : NULL;
}

static bool place_read(struct sheet *sheet, struct observation *row)
{
    const char *space = sheet->field[SPACE], *level = sheet->field[LEVEL];
    bool tissue = strcmp(space, "tissue") == 0;
    if (!tissue && strcmp(space, "csf") != 0 && *space != '\0')
        return refuse(sheet, "SPACE: \"%s\" is neither csf nor tissue", space);
    row->place = tissue ? OBSERVATION_TISSUE : OBSERVATION_CSF;
    if (strcmp(level, "head") == 0 && !tissue) {
        row->place = OBSERVATION_HEAD;
        return true;
    }
    int found = level_find(level);
    if (found < 0)
        return refuse(sheet, "LEVEL: \"%s\" is no level from C1 to S2%s", level, tissue ? "" : ", and not head");
    row->level = (enum level)found;
    return true;
}

/* A number, "<" and a limit, or a limit with BLQ 1. */
static bool value_read(struct sheet *sheet, struct observation *row)
{
    const char *dv = sheet->field[DV], *blq = sheet->field[BLQ];
    char *end = NULL;
    bool flagged = strcmp(blq, "1") == 0;
    if (!flagged && *blq != '\0' && strcmp(blq, "0") != 0 && strcmp(blq, ".") != 0)
        return refuse(sheet, "BLQ: \"%s\" is neither 0 nor 1", blq);
    row->below = flagged || *dv == '<';
    const char *number = *dv == '<' ? dv + 1 : dv;
    double value = strtod(number, &end);
    row->kg_m3 = value * sheet->unit_kg_m3;
    if (*number == '\0' || *end != '\0' || strpbrk(number, "xXnN") != NULL || !(value >= 0 && row->kg_m3 <= MOST_KG_M3))
        return refuse(sheet,
                      "DV: \"%s\" is no concentration; a number from 0 up to 1 g/mL is, \"<5\" below a limit of 5, and "
                      "\".\" where there is none",
                      dv);
    return !row->below || value > 0 || refuse(sheet, "DV: \"%s\" is no limit of quantification: it is above 0", dv);
}

static bool row_read(struct sheet *sheet, char *line, const struct dosing *dosing)
{
    static char nothing[] = "";
    char *field = NULL;
    struct observation row = { .place = OBSERVATION_CSF };
    const struct look *look = look_here(sheet);
    if (look == NULL)
        return true;
    for (int column = 0; column < COLUMNS; column++)
        sheet->field[column] = nothing;
    for (int place = 0; (field = strsep(&line, ",")) != NULL; place++)
        for (int column = 0; column < COLUMNS; column++)
            if (sheet->place[column] == place)
                sheet->field[column] = trimmed(field);
    const char *dv = sheet->field[DV], *mdv = sheet->field[MDV];
    bool nothing_there = *dv == '\0' || strcmp(dv, ".") == 0;
    if (nothing_there && strcmp(sheet->field[BLQ], "1") == 0 && strcmp(mdv, "1") != 0)
        return refuse(sheet, "BLQ is 1, and DV has no limit; write the limit as DV, or \"<5\" without BLQ");
    if (nothing_there || strcmp(mdv, "1") == 0)
        return true;
    if (*mdv != '\0' && strcmp(mdv, "0") != 0 && strcmp(mdv, ".") != 0)
        return refuse(sheet, "MDV: \"%s\" is neither 0 nor 1", mdv);
    if (!value_read(sheet, &row) || !place_read(sheet, &row))
        return false;
    row.event = look->event;
    row.person = look->person;
    row.at_s = dosing->event[look->event].at_s;
    sheet->observations->row[sheet->observations->count++] = row;
    return true;
}

static int event_order(const void *a, const void *b)
{
    const struct observation *one = a, *other = b;
    return (one->event > other->event) - (one->event < other->event);
}

static bool lines_read(struct sheet *sheet, char *text, const struct dosing *dosing)
{
    bool headed = false;
    char *line = NULL;
    while ((line = strsep(&text, "\n")) != NULL) {
        sheet->line++;
        if (*line == '#' || line[strspn(line, " \t\r")] == '\0')
            continue;
        if (!(headed ? row_read(sheet, line, dosing) : head_read(sheet, line)))
            return false;
        headed = true;
    }
    return sheet->observations->count > 0 ||
           refuse(sheet, "no row has an observation: EVID 0 (or AMT 0), with DV and LEVEL");
}

bool observations_read(struct observations *observations, const char *file, char *text, const struct dosing *dosing)
{
    struct sheet sheet = { .observations = observations, .file = file, .unit_kg_m3 = 1e-6 };
    *observations = (struct observations){ .row = calloc(dosing->events + 1, sizeof observations->row[0]) };
    if (observations->row == NULL)
        abort(); /* nothing else is left to do */
    for (int column = 0; column < COLUMNS; column++)
        sheet.place[column] = -1;
    looks_find(&sheet, dosing);
    bool good = lines_read(&sheet, text, dosing);
    free(sheet.look);
    if (good)
        qsort(observations->row, observations->count, sizeof observations->row[0], event_order);
    return good;
}

size_t observations_above(struct observations *observations)
{
    size_t kept = 0, all = observations->count;
    for (size_t i = 0; i < all; i++)
        if (!observations->row[i].below)
            observations->row[kept++] = observations->row[i];
    observations->count = kept;
    return all - kept;
}

void observations_free(struct observations *observations)
{
    free(observations->row);
    observations->row = NULL;
}
