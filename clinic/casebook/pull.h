/* pull.h - a pump's log, asked for over the air from where the records end, and kept: both rings, and its alarms. A conversation
 * of questions alone: nothing at the pump changes. REQ-STOR-06, REQ-SECU-12, HZ-33. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_PULL_H
#define CLINIC_CASEBOOK_PULL_H

#include "clinic/casebook/casebook.h"
#include "clinic/programmer/programmer.h"

/* What came of one pull. */
struct pull {
    enum contact contact; /* how the conversation went; what was heard before it broke off is kept */
    bool whole;           /* the records now hold all that the pump had written when it was asked */
    uint64_t rows;        /* added, of both rings; */
    uint64_t gaps;        /* of them numbers that are missing or unreadable, */
    uint64_t
        breaks; /* and places where the pump's chain does not hold: something was deleted, changed or put elsewhere */
};

/* Asks in the session that is open, or in a new one, at most `pages` pages (of up to four events each); the next call goes on
 * where this one ended, with the last event that is there, which has to be the same. Each few hundred events are a transaction.
 * `visit` may be 0; `at_ms` is now, in UTC, from which the pump's clock is read. RECORDS_OK with contact not CONTACT_OK where
 * the pump fell silent. RECORDS_DAMAGED when it tells another event under a number than before, or holds less than it told. */
enum records_fault casebook_pull(struct records *records, const struct casebook *casebook, int64_t visit,
                                 struct programmer *programmer, const struct air *air, unsigned pages, int64_t at_ms,
                                 struct pull *pull);

#endif
