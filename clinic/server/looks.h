/* looks.h - who has looked at whom: a row of the audit before a session is told who a patient is. HZ-33, REQ-SECU-12.
 *
 * The first look of a session at a patient is on the disk before the answer goes out; when it cannot be written, nothing is
 * told. Looks of the same session at the same patient within LOOK_AGAIN_MS of that row leave none of their own. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_LOOKS_H
#define CLINIC_SERVER_LOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "clinic/records/records.h"

/* Guesses. Two patients whose numbers are LOOKS_MAX apart share a place: the one looked at before is noted again the next time,
 * so that there are more rows than needed, never fewer. */
enum { LOOKS_MAX = 512, LOOK_AGAIN_MS = 10 * 60 * 1000 };

/* Of one session. All zero: it has looked at nobody. */
struct looks {
    struct look {
        int64_t patient, at_ms; /* of the row; patient 0: free */
    } look[LOOKS_MAX];
};

/* Does a row from so lately say that this session looked at this patient? */
bool looks_noted(const struct looks *looks, int64_t patient, int64_t now_ms);
void looks_keep(struct looks *looks, int64_t patient, int64_t now_ms);

struct request;
/* Notes that the session opens these patients, in a transaction of its own: called with the records of the session, by
 * request_records(), before anything of them is answered. Nothing may be told unless it returns RECORDS_OK. */
enum records_fault looks_note(struct request *request, struct records *records, const int64_t *patients,
                              unsigned count);
/* The same for a page of patients, at most LOOKS_PAGE_MAX; of a purged one there is no name to open. */
struct patient;
enum { LOOKS_PAGE_MAX = 100 };
enum records_fault looks_note_page(struct request *request, struct records *records, const struct patient *patients,
                                   unsigned count);

#endif
