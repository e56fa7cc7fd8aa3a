/* emergency.h - the emergency card: what is in the pump and what to do first, readable without any device; a page to hang up,
 * and a card to cut out. REQ-CLIN-13, REQ-LIBR-07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_EMERGENCY_H
#define CLINIC_REPORT_EMERGENCY_H

#include "clinic/report/head.h"
#include "core/therapy.h"

enum { EMERGENCY_STEPS_BYTES = 2048, EMERGENCY_CODE_BYTES = 900 };

struct report_emergency {
    struct report_head head;
    const struct therapy *therapy;
    bool has_refill;
    struct moment refill; /* the latest day of the next refill */
    const char *clinic;   /* whom to call: a name and a number */
};

bool report_emergency_write(const struct report_emergency *card, struct report_out *out);

/* What the formulary says of too much and of too little of a drug, a paragraph each. What it does not say is said to be unknown,
 * but for withdrawal: of a drug that has none nothing is said. */
void emergency_steps(char text[EMERGENCY_STEPS_BYTES], const struct formulary *formulary, uint16_t drug);
/* The latest day of the next refill, and whether it had passed when the card was made; "not known". */
void emergency_refill(phrase text, const struct report_emergency *card);
/* The facts of the card as plain text, for a camera. */
void emergency_code(char text[EMERGENCY_CODE_BYTES], const struct report_emergency *card);
/* "10 mg/mL" and "2 mg per day (with all boluses 2.4 mg per day)". */
void emergency_drug(phrase conc, phrase dose, const struct report_emergency *card, unsigned index);

#endif
