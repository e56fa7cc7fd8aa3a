/* dosing.h - what entered the spine and when: from a table of events in NONMEM's manner, or from what a played
 * scenario's catheter delivered. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_DOSING_H
#define RIG_DOSING_H

#include <stdbool.h>
#include <stddef.h>

enum { DOSING_ID_BYTES = 40, DOSING_FAULT_BYTES = 400, DOSING_EVENTS_MAX = 2000000 };

enum dosing_kind {
    DOSING_BOLUS,
    DOSING_INFUSION, /* kg over span_s */
    DOSING_LOOK,     /* nothing is given; concentrations are asked for */
    DOSING_RESET     /* the canal is empty again */
};

struct dosing_event {
    enum dosing_kind kind;
    double at_s, kg, span_s;
    size_t line; /* of the file, from 1 */
};

/* One person's events, in order of time. */
struct dosing_person {
    char id[DOSING_ID_BYTES];
    size_t first, count;
    double end_s; /* when the last event is over */
};

struct dosing {
    struct dosing_event *event;
    size_t events, event_room;
    struct dosing_person *person;
    size_t people, person_room;
    char fault[DOSING_FAULT_BYTES]; /* of a reading that failed: where, what, and what would be right */
};

/* What a table is read as where its heads name no units: TIME[h], AMT[mg]. */
struct dosing_units {
    const char *time, *amount; /* "s", "min", "h", "d"; "ng", "ug", "mg" */
};

/* Is it such a unit? Its size in seconds or kilograms; 0 when it is none. */
double dosing_time_unit(const char *word);
double dosing_amount_unit(const char *word);

/* Reads a text as a table of events, or, when its head says so, as the series.csv of a played scenario, of which
 * `drug` is taken. The text is cut up. False with the fault set; to be freed in either case. */
bool dosing_read(struct dosing *dosing, const char *file, char *text, const struct dosing_units *units,
                 const char *drug);
void dosing_free(struct dosing *dosing);

#endif
