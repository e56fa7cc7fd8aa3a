/* moment.h - what wall clocks show, and the label of their zone, as a moment of a report. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_MOMENT_H
#define APP_MOMENT_H

#include "clinic/report/words.h"
#include "core/calendar.h"

/* The label is one that scenario_date_read() gave: "+01:00". */
struct moment moment_of(civil_ms civil, const char zone[ZONE_LABEL_BYTES]);

#endif
