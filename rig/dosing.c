/* dosing.c - tables of doses. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* strsep */
#include "rig/dosing.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 64, HEAD_BYTES = 64, ADDITIONAL_MAX = 1000000 };

static const double LATEST_S = 300 * 365.25 * 86400, LARGEST_KG = 1;

/* The columns that mean something; all others are passed over, as NONMEM does with those it is not told of. */
enum column { ID, TIME, AMT, RATE, EVID, ADDL, II, SS, COLUMNS };
static const char *const HEADS[COLUMNS] = { "ID", "TIME", "AMT", "RATE", "EVID", "ADDL", "II", "SS" };

struct table {
    struct dosing *dosing;
    const char *file;
    size_t line;
    double time_s, amount_kg; /* one of the file's units */
    const char *time_word, *amount_word;
    int place[COLUMNS]; /* -1: not there */
    char *field[FIELDS_MAX];
    int fields;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct table *table, const char *format, ...)
{
    struct dosing *dosing = table->dosing;
    int length = snprintf(dosing->fault, sizeof dosing->fault, "%s:%zu: ", table->file, table->line);
    va_list list;
    va_start(list, format);
    if (length > 0 && (size_t)length < sizeof dosing->fault)
        (void)vsnprintf(dosing->fault + length, sizeof dosing->fault - (size_t)length, format, list);
    va_end(list);
    return false;
}

static double unit_of(const char *word, const char *const *words, const double *sizes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return sizes[i];
    return 0;
}

double dosing_time_unit(const char *word)
{
    static const char *const words[] = { "s", "min", "h", "d" };
    static const double sizes[] = { 1, 60, 3600, 86400 };
    return unit_of(word, words, sizes, 4);
}

double dosing_amount_unit(const char *word)
{
    static const char *const words[] = { "ng", "ug", "mcg", "\u00b5g", "mg" };
    static const double sizes[] = { 1e-12, 1e-9, 1e-9, 1e-9, 1e-6 };
    return unit_of(word, words, sizes, 5);
}

/* Cuts a line at its commas; blanks and double quotes around a field are no part of it. */
static bool fields_cut(struct table *table, char *line)
{
    table->fields = 0;
    for (char *at = line; at != NULL;) {
        if (table->fields == FIELDS_MAX)
            return refuse(table, "more than %d columns; a table of doses has a few", FIELDS_MAX);
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma = '\0';
        at += strspn(at, " \t\"");
        for (size_t size = strlen(at); size > 0 && strchr(" \t\r\"", at[size - 1]) != NULL;)
            at[--size] = '\0';
        table->field[table->fields++] = at;
        at = comma != NULL ? comma + 1 : NULL;
    }
    return true;
}

/* "TIME[h]" or "TIME(h)": the unit is cut off and returned; null when there is none. */
static char *unit_cut(char *head)
{
    char *open = strpbrk(head, "[(");
    size_t size = strlen(head);
    if (open == NULL || size == 0 || strchr("])", head[size - 1]) == NULL)
        return NULL;
    head[size - 1] = '\0';
    *open = '\0';
    return open + 1;
}

static bool unit_take(struct table *table, enum column column, const char *unit)
{
    if (column == TIME || column == II) {
        if (dosing_time_unit(unit) == 0)
            return refuse(table, "%s: there is no unit of time \"%s\"; s, min, h and d are", HEADS[column], unit);
        if (column == II && strcmp(unit, table->time_word) != 0)
            return refuse(table, "II is in \"%s\" but TIME in \"%s\"; write both in one", unit, table->time_word);
        table->time_word = unit;
        table->time_s = dosing_time_unit(unit);
    } else if (column == AMT) {
        if (dosing_amount_unit(unit) == 0)
            return refuse(table, "AMT: there is no unit of mass \"%s\"; ng, ug, mcg and mg are", unit);
        table->amount_word = unit;
        table->amount_kg = dosing_amount_unit(unit);
    } else if (column == RATE) {
        char expected[HEAD_BYTES];
        (void)snprintf(expected, sizeof expected, "%s/%s", table->amount_word, table->time_word);
        if (strcmp(unit, expected) != 0)
            return refuse(table, "RATE is in \"%s\"; in this table it is %s, the unit of AMT over that of TIME", unit,
                          expected);
    } else {
        return refuse(table, "%s has no unit, but \"%s\" stands there", HEADS[column], unit);
    }
    return true;
}

static bool head_read(struct table *table, char *line)
{
    char *unit[COLUMNS] = { NULL };
    if (!fields_cut(table, line))
        return false;
    for (int column = 0; column < COLUMNS; column++)
        table->place[column] = -1;
    for (int i = 0; i < table->fields; i++) {
        char *found = unit_cut(table->field[i]);
        for (int column = 0; column < COLUMNS; column++) {
            if (strcasecmp(table->field[i], HEADS[column]) != 0)
                continue;
            if (table->place[column] >= 0)
                return refuse(table, "two columns are called %s", HEADS[column]);
            table->place[column] = i;
            unit[column] = found;
        }
    }
    if (table->place[TIME] < 0 || table->place[AMT] < 0)
        return refuse(table, "no column %s; the first line names the columns, such as ID,TIME,AMT,RATE,EVID",
                      table->place[TIME] < 0 ? "TIME" : "AMT");
    static const enum column in_turn[] = { TIME, AMT, RATE, II, ID, EVID, ADDL, SS };
    for (size_t i = 0; i < COLUMNS; i++)
        if (unit[in_turn[i]] != NULL && !unit_take(table, in_turn[i], unit[in_turn[i]]))
            return false;
    return true;
}

/* A number; an empty field and "." are 0, as in NONMEM. */
static bool number_take(struct table *table, enum column column, double *value)
{
    *value = 0;
    if (table->place[column] < 0)
        return true;
    const char *text = table->field[table->place[column]];
    char *end = NULL;
    if (*text == '\0' || strcmp(text, ".") == 0)
        return true;
    *value = strtod(text, &end);
    if (*end != '\0' || !isfinite(*value) || strpbrk(text, "xXnN") != NULL)
        return refuse(table, "%s: \"%s\" is no number, such as 0.25", HEADS[column], text);
    return true;
}

static void *grown(void *memory, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return memory;
    *room = *room == 0 ? 64 : *room * 2;
    void *more = realloc(memory, *room * size);
    if (more == NULL)
        abort(); /* nothing else is left to do */
    return more;
}

static struct dosing_person *person_of(struct dosing *dosing, const char *id)
{
    if (dosing->people > 0 && strcmp(dosing->person[dosing->people - 1].id, id) == 0)
        return &dosing->person[dosing->people - 1];
    dosing->person = grown(dosing->person, dosing->people, &dosing->person_room, sizeof dosing->person[0]);
    struct dosing_person *person = &dosing->person[dosing->people++];
    *person = (struct dosing_person){ .first = dosing->events };
    (void)snprintf(person->id, sizeof person->id, "%s", id);
    return person;
}

static bool event_add(struct table *table, struct dosing_person *person, struct dosing_event event)
{
    struct dosing *dosing = table->dosing;
    if (dosing->events == DOSING_EVENTS_MAX)
        return refuse(table, "more than %d events", DOSING_EVENTS_MAX);
    if (!(event.at_s + event.span_s <= LATEST_S))
        return refuse(table, "it reaches beyond 300 years; is the unit of TIME right?");
    if (!(event.kg <= LARGEST_KG))
        return refuse(table, "more than 1 kg at once; is the unit of AMT right?");
    dosing->event = grown(dosing->event, dosing->events, &dosing->event_room, sizeof dosing->event[0]);
    event.line = table->line;
    dosing->event[dosing->events++] = event;
    person->count++;
    person->end_s = fmax(person->end_s, event.at_s + event.span_s);
    return true;
}

/* One row as numbers. */
struct row {
    double time, amount, rate, evid, additional, interval, steady;
};

static bool row_check(struct table *table, const struct row *row)
{
    if (row->time < 0)
        return refuse(table, "TIME is %g; a history begins at 0", row->time);
    if (row->evid != 0 && row->evid != 1 && row->evid != 2 && row->evid != 3 && row->evid != 4)
        return refuse(table, "EVID is %g; 0 looks, 1 gives, 2 does neither, 3 empties, 4 empties and gives", row->evid);
    if (row->amount < 0)
        return refuse(table, "AMT is %g; no drug can be taken back", row->amount);
    if (row->rate < 0)
        return refuse(
            table,
            "RATE is %g; rates that are to be estimated (-1, -2) are not known here: write the rate itself, or 0 "
            "for a bolus",
            row->rate);
    if (row->steady != 0)
        return refuse(table, "SS is %g; write the doses that lead there, for instance with ADDL", row->steady);
    if (row->additional < 0 || row->additional > ADDITIONAL_MAX || row->additional != floor(row->additional))
        return refuse(table, "ADDL is %g; it is a whole number from 0 to %d", row->additional, ADDITIONAL_MAX);
    if (row->additional > 0 && !(row->interval > 0))
        return refuse(table, "ADDL is %g but II is %g; further doses need an interval", row->additional, row->interval);
    bool gives = row->evid == 1 || row->evid == 4;
    if (!gives && row->amount > 0)
        return refuse(table, "AMT is %g but EVID is %g, which gives nothing; 1 gives", row->amount, row->evid);
    if (gives && !(row->amount > 0))
        return refuse(table, "EVID is %g but AMT is %g; a dose is more than nothing", row->evid, row->amount);
    return true;
}

static bool row_add(struct table *table, const struct row *row)
{
    struct dosing *dosing = table->dosing;
    const char *id = table->place[ID] >= 0 ? table->field[table->place[ID]] : "1";
    if (strlen(id) >= DOSING_ID_BYTES)
        return refuse(table, "ID: longer than %d characters", DOSING_ID_BYTES - 1);
    struct dosing_person *person = person_of(dosing, id);
    double at_s = row->time * table->time_s;
    struct dosing_event event = { .kind = DOSING_LOOK, .at_s = at_s };
    if ((row->evid == 3 || row->evid == 4) &&
        !event_add(table, person, (struct dosing_event){ .kind = DOSING_RESET, .at_s = at_s }))
        return false;
    if (row->evid == 0)
        return event_add(table, person, event);
    if (row->evid != 1 && row->evid != 4)
        return true;
    event.kind = row->rate > 0 ? DOSING_INFUSION : DOSING_BOLUS;
    event.kg = row->amount * table->amount_kg;
    event.span_s = row->rate > 0 ? row->amount / row->rate * table->time_s : 0;
    for (double i = 0; i <= row->additional; i++) {
        event.at_s = at_s + i * row->interval * table->time_s;
        if (!event_add(table, person, event))
            return false;
    }
    return true;
}

static bool row_read(struct table *table, char *line)
{
    struct row row;
    if (!fields_cut(table, line))
        return false;
    for (int column = 0; column < COLUMNS; column++)
        if (table->place[column] >= table->fields)
            return refuse(table, "the row ends before its column %s", HEADS[column]);
    if (!number_take(table, TIME, &row.time) || !number_take(table, AMT, &row.amount) ||
        !number_take(table, RATE, &row.rate) || !number_take(table, EVID, &row.evid) ||
        !number_take(table, ADDL, &row.additional) || !number_take(table, II, &row.interval) ||
        !number_take(table, SS, &row.steady))
        return false;
    if (table->place[EVID] < 0)
        row.evid = row.amount > 0 ? 1 : 0;
    return row_check(table, &row) && row_add(table, &row);
}

/* What left the tip between two rows of a scenario's series is an infusion of that length. */
static bool series_read(struct table *table, char **lines, const char *drug)
{
    char head[HEAD_BYTES], *line = NULL;
    double before_s = 0, before_ng = 0;
    int place = -1;
    (void)snprintf(head, sizeof head, "delivered_%s_ng", drug);
    for (int i = 0; i < table->fields; i++)
        place = strcmp(table->field[i], head) == 0 ? i : place;
    if (place < 0)
        return refuse(table, "no column %s: this scenario's catheter delivered no %s", head, drug);
    struct dosing_person *person = person_of(table->dosing, "1");
    while ((line = strsep(lines, "\n")) != NULL) {
        char *end = NULL;
        table->line++;
        if (*line == '\0')
            continue;
        if (!fields_cut(table, line))
            return false;
        if (place >= table->fields)
            return refuse(table, "the row ends before its column %s", head);
        double at_s = strtod(table->field[0], &end), ng = strtod(table->field[place], NULL);
        if (*end != '\0' || !(at_s >= before_s) || !(ng >= before_ng))
            return refuse(table, "time and mass of a series never go back; is it one of cisterna play?");
        struct dosing_event event = { DOSING_INFUSION, before_s, (ng - before_ng) * 1e-12, at_s - before_s, 0 };
        if (event.kg > 0 && event.span_s == 0)
            event.kind = DOSING_BOLUS;
        if (event.kg > 0 && !event_add(table, person, event))
            return false;
        before_s = at_s;
        before_ng = ng;
    }
    person->end_s = before_s;
    return true;
}

static int event_order(const void *a, const void *b)
{
    const struct dosing_event *one = a, *other = b;
    if (one->at_s != other->at_s)
        return one->at_s < other->at_s ? -1 : 1;
    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    return (one->kind != DOSING_RESET) - (other->kind != DOSING_RESET);
}

/* Further doses of a row stand among later rows. */
static void people_sort(struct dosing *dosing)
{
    for (size_t i = 0; i < dosing->people; i++)
        if (dosing->person[i].count > 1)
            qsort(dosing->event + dosing->person[i].first, dosing->person[i].count, sizeof dosing->event[0],
                  event_order);
}

bool dosing_read(struct dosing *dosing, const char *file, char *text, const struct dosing_units *units,
                 const char *drug)
{
    struct table table = {
        .dosing = dosing, .file = file, .line = 1, .time_word = units->time, .amount_word = units->amount
    };
    char *lines = text, *line = NULL;
    *dosing = (struct dosing){ .event = NULL };
    table.time_s = dosing_time_unit(units->time);
    table.amount_kg = dosing_amount_unit(units->amount);
    while ((line = strsep(&lines, "\n")) != NULL && (*line == '#' || line[strspn(line, " \t\r")] == '\0'))
        table.line++;
    if (line == NULL)
        table.line = 1;
    if (line == NULL)
        return refuse(&table, "it is empty; a table of doses begins with its columns, such as ID,TIME,AMT,RATE,EVID");
    if (strncmp(line, "t_s,", 4) == 0)
        return fields_cut(&table, line) && series_read(&table, &lines, drug);
    if (!head_read(&table, line))
        return false;
    while ((line = strsep(&lines, "\n")) != NULL) {
        table.line++;
        if (*line != '#' && line[strspn(line, " \t\r")] != '\0' && !row_read(&table, line))
            return false;
    }
    if (dosing->people == 0)
        return refuse(&table, "no row follows the columns; nothing was given");
    people_sort(dosing);
    return true;
}

void dosing_free(struct dosing *dosing)
{
    free(dosing->event);
    free(dosing->person);
    *dosing = (struct dosing){ .event = NULL };
}
