/* benefitlines.c - doses and scores of pain, from lines of text. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/benefitlines.h"

#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "core/calendar.h"
#include "core/limits.h"

enum { CELL_DATE, CELL_DOSE, CELL_CONC, CELL_PAIN, CELL_RELIEF, CELLS };
enum { CELL_BYTES = 48 };
static const char HEADER[] = "date,dose,concentration,pain,relief";

struct lines {
    const char *name;
    unsigned number;
    FILE *messages;
    int64_t last_ms;
    char cell[CELLS][CELL_BYTES];
};

static bool wrong(const struct lines *lines, const char *what, const char *text)
{
    fprintf(lines->messages, "%s:%u: %s%s%s%s\n", lines->name, lines->number, text != NULL ? "\"" : "",
            text != NULL ? text : "", text != NULL ? "\" " : "", what);
    return false;
}

/* Cells that a line leaves out at its end are empty. */
static bool cells_split(struct lines *lines, const char *line, size_t size)
{
    unsigned cell = 0;
    size_t at = 0;
    memset(lines->cell, 0, sizeof lines->cell);
    for (size_t i = 0; i < size; i++) {
        if (line[i] == ',') {
            at = 0;
            if (++cell == CELLS)
                return false;
        } else if (at + 1 < CELL_BYTES) {
            lines->cell[cell][at++] = line[i];
        } else {
            return false;
        }
    }
    return true;
}

static bool date_read(struct lines *lines, int64_t *at_ms)
{
    const char *text = lines->cell[CELL_DATE];
    struct civil_date date = { .year = 0 };
    civil_ms civil;
    char end = '\0';
    bool form = strlen(text) == 10 && strspn(text, "0123456789-") == 10 &&
                sscanf(text, "%4d-%2hhu-%2hhu%c", &date.year, &date.month, &date.day, &end) == 3;
    if (!form || civil_from_date(&date, &civil) != RESULT_OK)
        return wrong(lines, "is no date such as 2026-03-01", text);
    if (civil.ms < lines->last_ms)
        return wrong(lines, "is before the line above it; the newest stands last", text);
    *at_ms = lines->last_ms = civil.ms;
    return true;
}

static bool dose_read(struct lines *lines, uint16_t drug, int64_t at_ms, struct benefit_history *history)
{
    const char *dose = lines->cell[CELL_DOSE], *conc = lines->cell[CELL_CONC];
    int64_t fg = 0, ng_ml = 0;
    if (*dose == '\0' && *conc == '\0')
        return true;
    if (*dose == '\0' || *conc == '\0')
        return wrong(lines, "needs dose and concentration together, or neither where they stay", NULL);
    if (amount_read(dose, DIMENSION_DOSE, &fg) != AMOUNT_OK || fg > LIMIT_FG_MAX)
        return wrong(lines, "is no dose a day such as 5 mg/day", dose);
    if (amount_read(conc, DIMENSION_CONC, &ng_ml) != AMOUNT_OK || ng_ml <= 0 || ng_ml > CONC_NG_ML_MAX)
        return wrong(lines, "is no concentration such as 10 mg/mL", conc);
    if (history->therapies == BENEFIT_THERAPIES_MAX)
        return wrong(lines, "is one more dose than is taken: leave away the oldest", dose);
    const struct benefit_therapy given = { .at_ms = at_ms,
                                           .drugs = 1,
                                           .drug = { { drug, { (int32_t)ng_ml }, ratio_of(fg) } } };
    benefit_therapy_add(history, &given);
    return true;
}

/* A whole number from 0 to `most` behind which stands just this. */
static bool number_read(const char *text, const char *unit, long most, int32_t *number)
{
    char *end = NULL;
    if (*text < '0' || *text > '9' || strlen(text) > 6)
        return false;
    long value = strtol(text, &end, 10);
    if (value > most || strcmp(end, unit) != 0)
        return false;
    *number = (int32_t)value;
    return true;
}

static bool score_read(struct lines *lines, int64_t at_ms, struct benefit_history *history)
{
    struct benefit_score score = { at_ms, 0, BENEFIT_NOT_SAID };
    const char *pain = lines->cell[CELL_PAIN], *relief = lines->cell[CELL_RELIEF];
    if (*pain == '\0')
        return *relief == '\0' ? true : wrong(lines, "is a relief without a score of pain", relief);
    if (!number_read(pain, "", BENEFIT_PAIN_MAX, &score.pain))
        return wrong(lines, "is no score of pain: a whole number from 0, none, to 10, the worst", pain);
    if (*relief != '\0' && !number_read(relief, " %", BENEFIT_RELIEF_MAX, &score.relief))
        return wrong(lines, "is no relief such as 40 %, up to 100 %", relief);
    if (history->scores == BENEFIT_SCORES_MAX)
        return wrong(lines, "is one more score than is taken: leave away the oldest", pain);
    benefit_score_add(history, &score);
    return true;
}

static bool line_read(struct lines *lines, const char *line, size_t size, uint16_t drug,
                      struct benefit_history *history)
{
    int64_t at_ms = 0;
    if (!cells_split(lines, line, size))
        return wrong(
            lines,
            "needs a date, dose and concentration where they change, and pain and relief where they were said: "
            "2026-03-01,5 mg/day,10 mg/mL,6,40 %",
            NULL);
    return date_read(lines, &at_ms) && dose_read(lines, drug, at_ms, history) && score_read(lines, at_ms, history);
}

bool benefitlines_read(const char *name, const char *text, uint16_t drug, struct benefit_history *history,
                       FILE *messages)
{
    struct lines lines = { .name = name, .messages = messages };
    *history = (struct benefit_history){ .therapies = 0 };
    for (const char *at = text; *at != '\0';) {
        size_t size = strcspn(at, "\r\n");
        lines.number++;
        if (lines.number == 1 && (size != sizeof HEADER - 1 || memcmp(at, HEADER, size) != 0)) {
            fprintf(messages, "%s:1: the first line must be %s\n", name, HEADER);
            return false;
        }
        if (lines.number > 1 && size > 0 && !line_read(&lines, at, size, drug, history))
            return false;
        at += size;
        at += at[0] == '\r' && at[1] == '\n' ? 2 : *at != '\0';
    }
    if (history->therapies == 0) {
        fprintf(messages, "%s: tells no dose\n", name);
        return false;
    }
    return true;
}
