/* dayplan.h - the 24 hours of a program as a curve, and as doses per day times dose. Screen rule W5, HZ-01, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_DAYPLAN_H
#define CLINIC_REPORT_DAYPLAN_H

#include "clinic/report/page.h"
#include "clinic/report/words.h"
#include "core/therapy.h"

/* One curve a day program, of the primary drug's dose (of the volume where there is no drug); boluses at intervals are in it. */
void dayplan_curves_draw(struct page *page, const struct formulary *formulary, const struct therapy *therapy);
/* A row for each part of a day, a column for each drug, and the daily totals. */
void dayplan_doses_draw(struct page *page, const struct formulary *formulary, const struct therapy *therapy);

#endif
