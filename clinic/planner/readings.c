/* readings.c - the readings of earlier refills, from lines of text. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/planner/readings.h"

#include <string.h>

#include "amount/amount.h"

enum { CELLS = 4, CELL_BYTES = 48 };
static const char HEADER[] = "date,expected,found,metered";

/* The cells of one line; how many there are, or 0 when one is too long or there are too many. */
static unsigned cells_split(const char *line, size_t size, char cell[CELLS][CELL_BYTES])
{
    unsigned count = 0;
    size_t at = 0;
    cell[0][0] = '\0';
    for (size_t i = 0; i <= size; i++) {
        if (i < size && line[i] != ',') {
            if (at + 1 >= CELL_BYTES)
                return 0;
            cell[count][at++] = line[i];
            continue;
        }
        cell[count][at] = '\0';
        count++;
        at = 0;
        if (count == CELLS && i < size)
            return 0;
    }
    return count;
}

static bool date_form(const char *text)
{
    static const char form[] = "0000-00-00";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return true;
}

static bool line_read(const char *name, unsigned number, const char *line, size_t size, struct reading *reading, FILE *messages)
{
    char cell[CELLS][CELL_BYTES];
    unsigned count = cells_split(line, size, cell);
    vol_nl *const into[] = { &reading->expected, &reading->found, &reading->metered };
    if (count < CELLS - 1) {
        fprintf(messages,
                "%s:%u: needs a date, what was expected, what was found, and if known what was metered, with commas "
                "between: 2026-03-01,4.2 mL,4 mL,15.8 mL\n",
                name, number);
        return false;
    }
    if (!date_form(cell[0])) {
        fprintf(messages, "%s:%u: \"%s\" is no date such as 2026-03-01\n", name, number, cell[0]);
        return false;
    }
    strcpy(reading->date, cell[0]);
    for (unsigned i = 1; i < count; i++) {
        if (i == CELLS - 1 && cell[i][0] == '\0')
            continue;
        bool metered = i == CELLS - 1; /* nothing metered is left out: zero would pass for not known */
        if (amount_read(cell[i], DIMENSION_VOLUME, &into[i - 1]->nl) == AMOUNT_OK && into[i - 1]->nl <= VOL_NL_MAX &&
            (!metered || into[i - 1]->nl > 0))
            continue;
        fprintf(messages, "%s:%u: \"%s\": needs %s, %sup to 100 mL\n", name, number, cell[i],
                amount_example(DIMENSION_VOLUME), metered ? "above zero and " : "");
        return false;
    }
    return true;
}

bool readings_read(const char *name, const char *text, struct readings *readings, FILE *messages)
{
    unsigned number = 0;
    for (const char *at = text; *at != '\0';) {
        size_t size = strcspn(at, "\r\n");
        number++;
        if (number == 1 && (size != sizeof HEADER - 1 || memcmp(at, HEADER, size) != 0)) {
            fprintf(messages, "%s:1: the first line must be %s\n", name, HEADER);
            return false;
        }
        if (number > 1 && size > 0) {
            if (readings->count == READINGS_MAX) {
                fprintf(messages, "%s:%u: at most %d readings are taken\n", name, number, READINGS_MAX);
                return false;
            }
            struct reading reading = { .date = "" };
            if (!line_read(name, number, at, size, &reading, messages))
                return false;
            if (readings->count > 0 && strcmp(reading.date, readings->reading[readings->count - 1].date) < 0) {
                fprintf(messages, "%s:%u: %s is before the line above it; the newest stands last\n", name, number,
                        reading.date);
                return false;
            }
            readings->reading[readings->count++] = reading;
        }
        at += size;
        at += at[0] == '\r' && at[1] == '\n' ? 2 : *at != '\0';
    }
    return true;
}
