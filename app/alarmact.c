/* alarmact.c - the table. */
// SPDX-License-Identifier: Apache-2.0
#include "app/alarmact.h"

#define DOES_GOES_ON "The therapy goes on as far as it can."
#define DOES_SAFE "Only the safe rate of the therapy flows, which may be nothing, until a clinician resumes it."
#define DOES_NOTHING "Nothing flows."
#define DOES_NO_BOLUS "The therapy goes on; boluses are closed for a day."
#define PATIENT_GOES_ON "Your pump goes on giving medicine as far as it can."
#define PATIENT_SAFE "Your pump gives only its safe rate, which may be nothing, until your clinic has looked at it."
#define PATIENT_NOTHING "Your pump gives nothing."
#define PATIENT_NO_BOLUS "Your pump goes on giving medicine. It gives no extra dose for a day."
#define BY_NOW "now"
#define BY_TODAY "today"
#define BY_WEEK "this week"

static const struct alarmact ACTS[ALARM_COUNT] = {
#define ALARM_ACT(name, does_, by_, act_) [ALARM_AT_##name] = { .does = DOES_##does_, .act = act_, .by = BY_##by_ },
#include "app/alarmact.def"
#undef ALARM_ACT
};

const struct alarmact *alarmact_of(unsigned index)
{
    static const struct alarmact UNKNOWN = {
        .does = "What the pump does is not known.",
        .act = "This programmer does not know the alarm: watch the patient, and ask the pump with a newer one.",
        .by = BY_NOW,
    };
    return index < ALARM_COUNT ? &ACTS[index] : &UNKNOWN;
}

const char *alarmact_patient(unsigned index)
{
    static const char *const DOES[ALARM_COUNT] = {
#define ALARM_ACT(name, does_, ...) [ALARM_AT_##name] = PATIENT_##does_,
#include "app/alarmact.def"
#undef ALARM_ACT
    };
    return index < ALARM_COUNT ? DOES[index] : "It is not known what your pump does.";
}
