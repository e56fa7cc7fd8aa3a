/* session.h - the report of a programming session: what was asked, what the pump stored, every setting as old, new and change.
 * REQ-CLIN-02, REQ-CLIN-03, REQ-LIBR-04, screen rules W1 to W3, L1. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_SESSION_H
#define CLINIC_REPORT_SESSION_H

#include "clinic/report/due.h"
#include "clinic/report/head.h"

enum { SESSION_PASSED_MAX = 32 };

enum session_outcome { SESSION_APPLIED, SESSION_NOT_APPLIED, SESSION_UNKNOWN, SESSION_OUTCOMES };

/* A soft limit that was passed: which, why, and who confirmed besides ("" where nobody had to). */
struct session_passed {
    const char *limit, *reason, *second;
};

struct report_session {
    struct report_head head;
    const char *clinician;
    enum session_outcome outcome;
    const struct therapy *old; /* null: there was none */
    const struct therapy *new; /* as the pump has stored it */
    bool has_typed;            /* the day's dose was typed again */
    bool typed_unknown;        /* or nobody knows whether it was */
    mass_fg typed;             /* of the primary drug, a day */
    bool has_most;             /* that day is the most of any 24 hours, boluses included, */
    mass_fg most;              /* of which the pump has stored so much; else it is the day of the program */
    vol_nl reservoir;          /* calculated to be in it, */
    bool reservoir_unknown;    /* where that is on record: without it nobody knows the next refill */
    struct moment filled;      /* the last refill */
    enum fill_state state;
    bool has_replacement;
    struct moment replacement;
    unsigned passed;
    struct session_passed pass[SESSION_PASSED_MAX];
};

bool report_session_write(const struct report_session *session, struct report_out *out);

#endif
