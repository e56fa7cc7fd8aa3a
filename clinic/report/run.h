/* run.h - the report of a scenario that was played: therapy, totals, alarms with their times, and curves of flow, reservoir and
 * concentration at the tip. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_RUN_H
#define CLINIC_REPORT_RUN_H

#include "clinic/report/head.h"
#include "clinic/report/trace.h"
#include "core/therapy.h"

enum { RUN_DRUGS_MAX = 8, RUN_ALARMS_MAX = 64 };

struct run_alarm {
    const char *text;     /* what it says */
    const char *priority; /* "low", "medium", "high", or by the drug */
    uint64_t count;
    struct moment first;
};

struct run_drug {
    uint16_t drug;
    mass_fg delivered;
    struct trace tip; /* ng/mL */
};

struct report_run {
    struct report_head head; /* made and read: the end of the run */
    const char *title;
    uint64_t seed;
    struct moment began;
    const struct therapy *therapy; /* in force at the end; null: none */
    vol_fl prescribed, commanded, metered, remaining_calculated;
    vol_nl displaced, delivered, filled, withdrawn, remaining_true;
    unsigned drugs;
    struct run_drug drug[RUN_DRUGS_MAX];
    unsigned alarms;
    struct run_alarm alarm[RUN_ALARMS_MAX];
    struct trace rate;                                 /* nL/day */
    struct trace reservoir_calculated, reservoir_true; /* nL */
};

bool report_run_write(const struct report_run *run, struct report_out *out);

#endif
