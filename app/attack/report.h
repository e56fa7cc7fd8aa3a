/* report.h - what `cisterna attack` tells: first what is tried and which promise that is against, at the end what was found. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_REPORT_H
#define APP_ATTACK_REPORT_H

#include "app/attack/ask.h"
#include "app/attack/role.h"
#include "rig/attack/sight.h"

enum witnessed {
    WITNESSED_NOT,     /* there was no witness */
    WITNESSED_LOST,    /* it did not get through any more */
    WITNESSED_WELL
};

struct report {
    const struct ask *ask;
    const struct attack *attack;
    bool whole;        /* all was sent */
    bool gone;         /* the pump hung up */
    uint64_t lost;     /* frames that a relay has lost */
    struct role_found role;
    enum witnessed witnessed;
    bool went_on, anew; /* the witness's session stood it; it has opened another */
    const struct sight *before, *after;
    const struct sight_log *log;
    struct sight_judgement judgement;
};

/* What is tried, and against what. */
void report_begin(const struct ask *ask);
/* What the witness saw before. */
void report_before(const struct ask *ask, const struct sight *before);
/* What was found, as text or as JSON; returns the exit code of it. */
int report_end(const struct report *report);

#endif
