/* readings.h - what earlier refills expected and found, as a file of lines tells it. REQ-RSVR-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_READINGS_H
#define CLINIC_PLANNER_READINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "core/quantity.h"

enum { READINGS_MAX = 64 };

struct reading {
    char date[16];                   /* as written */
    vol_nl expected, found, metered; /* metered since the refill before; 0: not known */
};

struct readings {
    unsigned count;
    struct reading reading[READINGS_MAX]; /* the newest last */
};

/* Lines "date,expected,found,metered" (the last may be missing), amounts with units, a header line first. False, with what is
 * wrong and where on `messages`. `name` is what the text is called. */
bool readings_read(const char *name, const char *text, struct readings *readings, FILE *messages);

#endif
