/* twinacts.h - what was done to a simulated pump for training: by whom, what and how much, and whether it came to pass.
 *
 * A row is there before anything is done, with outcome `begun`, and the audit has a row `twin_...` of it; how it ended is a
 * change of the row, as of any other. One that stays `begun` belongs to a server that ended meanwhile: nobody knows. HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_TWINACTS_H
#define CLINIC_RECORDS_TWINACTS_H

#include "clinic/records/records.h"

enum { TWIN_ACT_SAID_BYTES = 320 };

struct twin_act {
    int64_t id, implant;
    int64_t user; /* who; 0: a key file */
    int64_t at_ms;
    int64_t action;                 /* WORD_ACTION_TWIN_... */
    char said[TWIN_ACT_SAID_BYTES]; /* how much of what: "fault kink, on, amount 20 %" */
    int64_t outcome;                /* WORD_ACT_... */
};

/* Inside a transaction; id, user, at_ms and outcome are set here. The audit's row of the action is added, too. */
enum records_fault twinacts_add(struct records *records, const struct twin_act *act, int64_t *id);
/* How it ended, inside a transaction; an act ends once. */
enum records_fault twinacts_end(struct records *records, int64_t id, enum list_word outcome);
enum records_fault twinacts_read(struct records *records, int64_t id, struct twin_act *act);

#endif
