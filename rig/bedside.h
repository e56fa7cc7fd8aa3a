/* bedside.h - the patient of a played scenario: lives beside the rig, may want a bolus, and is told of in series and summary. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_BEDSIDE_H
#define RIG_BEDSIDE_H

#include <jansson.h>

#include "rig/harm.h"
#include "rig/patient.h"
#include "rig/series.h"

struct bedside {
    const struct patient *patient; /* null: nothing is said of one */
    struct body body;
    instant_ms look_at; /* the end of the batch under way; never where nobody was said to be looked at */
    uint64_t asked;     /* for a bolus, freely */
    double seconds;     /* seen so far, and of that time: */
    double pain_seconds, pain_least, pain_most, sedation_most, breathing_least, withdrawal_most, confusion_most;
    struct body_view view;
};

/* At the implant, for free(). A patient must outlive it; null: a typical adult, looked at for the series alone. Null when nobody
 * can be made of what is said with this seed, or without memory. */
MUST_USE struct bedside *bedside_make(const struct patient *patient, uint64_t seed);
/* Comes to where the twin is: at the end of each batch, so that nothing depends on who looks else, and for rows of the series.
 * True when the patient wants a bolus now. */
MUST_USE bool bedside_look(struct bedside *bedside, const struct twin *twin);
/* What has gone wrong is felt: where the tip lies now, and an infection. */
void bedside_harm(struct bedside *bedside, const struct harm *harm, const struct twin *twin);
/* What a granuloma at the tip bathes in of the fluid, kg/m3 in morphine's terms. 0 where the scenario does not speak of its
 * patient: whether somebody is looked at for the series changes nothing else. */
double bedside_bathes(const struct bedside *bedside);
/* What the patient is like, into a row of the series. */
void bedside_sample(struct bedside *bedside, const struct series_drugs *drugs, struct sample *sample);
/* Who it was and what it was like: a member of the summary. */
json_t *bedside_summary(const struct bedside *bedside);

#endif
