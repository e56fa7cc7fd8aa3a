/* alarmact.h - what the pump does with an alarm, what to do, and by when, in words for clinicians. REQ-ALRM-13, rule A5. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ALARMACT_H
#define APP_ALARMACT_H

#include "core/catalog.h"

/* Sentences but for `by`, such as "now", "today", "this week". */
struct alarmact {
    const char *does, *act, *by;
};

/* Of each alarm by its enum alarm_index; of a number that is none, what to do with an alarm that nobody knows. Never null. */
const struct alarmact *alarmact_of(unsigned index);
/* What the pump does, in words for the patient. */
const char *alarmact_patient(unsigned index);

#endif
