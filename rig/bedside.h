/* bedside.h - the patient of a played scenario: lives beside the rig, may want a bolus, and is told of in series and summary. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_BEDSIDE_H
#define RIG_BEDSIDE_H

#include <jansson.h>

#include "rig/appointment.h"
#include "rig/harm.h"
#include "rig/patient.h"
#include "rig/series.h"

struct bedside {
    const struct patient *patient; /* null: nothing is said of one */
    struct body body;
    instant_ms look_at;     /* the end of the batch under way; never where nobody was said to be looked at */
    uint64_t asked;         /* for a bolus, freely */
    uint32_t tones;         /* of the twin, when last listened to */
    uint8_t known;          /* enum tone: the worst that the clinic was called for, */
    instant_ms calls_again; /* and when that call is forgotten */
    uint64_t missed_before; /* soundings, since the last that was heard */
    uint64_t heard, missed;
    bool breathless; /* breathing stood still at the last look; so many times it has begun to, and so long in all */
    uint64_t apnoeas;
    double apnoea_seconds;
    double seconds; /* seen so far, and of that time: */
    double pain_seconds, pain_least, pain_most, sedation_most, breathing_least, withdrawal_most, confusion_most;
    struct body_view view;
};

/* At the implant, for free(). A patient must outlive it; null: a typical adult, looked at for the series alone. Null when nobody
 * can be made of what is said with this seed, or without memory. */
MUST_USE struct bedside *bedside_make(const struct patient *patient, uint64_t seed, const struct twin *twin);
/* What the patient does at a look: bits. */
enum { BEDSIDE_ASKS = 1, BEDSIDE_HEARD = 2, BEDSIDE_MISSED = 4, BEDSIDE_STOPS = 8, BEDSIDE_BREATHES = 16 };

/* Comes to where the twin is: at the end of each batch, so that nothing depends on who looks else, and for rows of the series.
 * BEDSIDE_ASKS: the patient wants a bolus now. BEDSIDE_HEARD: an alarm sounded in this batch, and the patient understood it;
 * BEDSIDE_MISSED: and did not, for the first time since one was heard. What sounds several times within a batch is one
 * sounding. Who has heard one calls the clinic, and does not do so again for a day, after one beep for a week, unless that
 * becomes two tones (guesses). BEDSIDE_STOPS, BEDSIDE_BREATHES: breathing has stopped, or is there again. */
MUST_USE unsigned bedside_look(struct bedside *bedside, const struct twin *twin);
/* What is told of a sounding that was just heard, or missed. For json_decref(). */
json_t *bedside_sounding(const struct bedside *bedside, const struct twin *twin, bool heard);
/* What has gone wrong is felt: where the tip lies now, and an infection. */
void bedside_harm(struct bedside *bedside, const struct harm *harm, const struct twin *twin);
/* What a granuloma at the tip bathes in of the fluid, kg/m3 in morphine's terms. 0 where the scenario does not speak of its
 * patient: whether somebody is looked at for the series changes nothing else. */
double bedside_bathes(const struct bedside *bedside);
/* What the patient is like, into a row of the series. */
void bedside_sample(struct bedside *bedside, const struct series_drugs *drugs, struct sample *sample);
/* Who it was and what it was like: a member of the summary. */
json_t *bedside_summary(const struct bedside *bedside, const struct appointment *appointment);

#endif
