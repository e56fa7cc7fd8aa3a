/* clinic.h - what people do in a soaked life: implant, refill early or late, change doses and clocks, look at alarms, press
 * the button. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CLINIC_H
#define RIG_CLINIC_H

#include "rig/life.h"

/* The pump is put in, its clock set, filled, and a first therapy started. False when chance found none that is taken. */
bool clinic_implant(struct life *life, uint64_t twin_seed);
void clinic_visit(struct life *life);
void clinic_press(struct life *life);
/* After a stop that a clinician chose. */
void clinic_resume(struct life *life);


/* One of the things done to a pump, by itself, for campaigns: each row a word. */
enum clinic_deed {
    CLINIC_PROGRAM, CLINIC_REFILL, CLINIC_REFILL_OTHER, CLINIC_PATIENT_BOLUS, CLINIC_CLINICIAN_BOLUS, CLINIC_STOP,
    CLINIC_RESUME, CLINIC_MINIMUM, CLINIC_CANCEL, CLINIC_CLOCK, CLINIC_CLEAR_ALARM, CLINIC_SILENCE, CLINIC_HOURS,
    CLINIC_BOOT,
    CLINIC_DEEDS
};
const char *clinic_word(enum clinic_deed deed);
/* What must have come before it makes sense (a stop before a resume); */
void clinic_prepare(struct life *life, enum clinic_deed deed);
/* and the thing itself. */
void clinic_do(struct life *life, enum clinic_deed deed);

#endif
