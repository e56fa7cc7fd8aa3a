/* patientbook.h - what a patient's controller keeps: the extra doses it asked for, and what the pump said of each. A press is
 * written down before anything is sent, so that no press is forgotten, and none is sent again. REQ-PTNT-02, -03, HZ-28, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENTBOOK_H
#define APP_PATIENTBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "clinic/programmer/key.h"
#include "clinic/programmer/keyfile.h"
#include "core/calendar.h"
#include "core/therapy.h"

/* How many presses are kept: more than a fortnight of one each six hours. Guess. */
enum { PATIENTBOOK_PRESSES_MAX = 60, PATIENTBOOK_WHEN_BYTES = 32, PATIENTBOOK_FAULT_BYTES = 160 };

enum press_outcome {
    PRESS_ASKED = 1 /* not known: sent, or about to be */,
    PRESS_APPLIED,
    PRESS_NOT_APPLIED,
    PRESS_LOST /* nobody can tell any more: its receipt is gone */
};

struct press {
    uint64_t id; /* of its command */
    enum press_outcome outcome;
    verdict reasons;                   /* why not */
    int64_t at_ms;                     /* of the pump's time: the receipt's, else when it was asked */
    int64_t earliest_ms;               /* of a refusal: when it could first pass; INT64_MAX: waiting does not help */
    uint32_t epoch;                    /* of the pump's time */
    char when[PATIENTBOOK_WHEN_BYTES]; /* at_ms as the civil time it was */
};

struct patientbook {
    struct keyfile file;
    char serial[SERIAL_BYTES];
    unsigned presses; /* oldest first; only the newest can be PRESS_ASKED */
    struct press press[PATIENTBOOK_PRESSES_MAX];
};

/* Opens the book of this pump and holds the file; a missing one is begun empty. False with a sentence in `fault`. */
bool patientbook_open(struct patientbook *book, const char *path, const char *serial,
                      char fault[PATIENTBOOK_FAULT_BYTES]);
void patientbook_close(struct patientbook *book);
/* The press whose outcome is not known; null: there is none. */
struct press *patientbook_asked(struct patientbook *book);
/* Writes a press down, on the disk when this returns. False: it could not be, and the book is as before. */
bool patientbook_ask(struct patientbook *book, const struct press *press);
/* What became of the press that is not known. It is true even where false says that it could not be written: then the next start
 * settles it again. */
bool patientbook_settle(struct patientbook *book, const struct receipt *receipt, const struct calendar *calendar);
/* What a key tells of the press that is not known, with nothing pending in it: its receipt, that it was never sent, or that
 * nobody knows any more. False: there is no such press, or the pump must be asked. */
bool patientbook_learn(const struct patientbook *book, const struct key *key, struct receipt *receipt);

#endif
