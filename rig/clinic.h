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

#endif
