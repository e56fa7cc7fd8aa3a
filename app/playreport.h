/* playreport.h - report.pdf of `cisterna play`: what was seen while it played, and what it came to. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PLAYREPORT_H
#define APP_PLAYREPORT_H

#include <stdio.h>

#include "clinic/report/run.h"
#include "rig/play.h"

struct playreport {
    bool has_formulary;
    struct formulary formulary;
    struct therapy therapy;
    struct report_run run;
};

/* Once the pump has taken the first therapy. False, with a message, when there is no formulary to take the units from. */
bool playreport_begin(struct playreport *report, const struct play *play, FILE *messages);
void playreport_sample(struct playreport *report, const struct sample *sample);
/* When the run has ended. False, with the reason on `messages`. */
bool playreport_write(struct playreport *report, struct play *play, FILE *out, FILE *messages);
void playreport_free(struct playreport *report);

#endif
