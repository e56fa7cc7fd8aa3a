/* therapy.h - the summary of a therapy: each drug's dose of a day, the curve of 24 hours, doses per day times dose as the daily
 * total, and every setting. Screen rule W5, REQ-CLIN-07, HZ-01. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_THERAPY_H
#define CLINIC_REPORT_THERAPY_H

#include "clinic/report/head.h"
#include "core/therapy.h"

struct report_therapy {
    struct report_head head;
    const struct therapy *therapy;
};

bool report_therapy_write(const struct report_therapy *report, struct report_out *out);

/* The columns "drug, concentration, dose by the program, most with all boluses", a row a drug. */
void therapy_drugs_draw(struct page *page, const struct formulary *formulary, const struct therapy *therapy);

#endif
