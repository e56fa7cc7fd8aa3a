/* patient.h - what a scenario says of its patient: who it is, where the catheter ends, and what is done freely
 * (boluses asked for, appointments kept, alarms heard).
 * The format: docs/scenario.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_PATIENT_H
#define RIG_PATIENT_H

#include "document/reader.h"
#include "rig/body.h"

struct patient {
    bool asks;   /* for boluses freely; else only as scripted */
    bool comes;  /* to refills as such a person does, late or not at all; else always in time */
    bool hears;  /* alarms or misses them, as such a person does; else nothing is told of it */
    bool drawn;  /* one of a crowd, by the seed; else typical */
    bool seeded; /* a seed of its own; else the scenario's */
    uint64_t seed;
    enum level tip;
    enum regime regime;
    double pain, spasticity;    /* without any drug; pain below 0: as the figures have it */
    double figure[FIGURES_ALL]; /* the scenario's own; 0: not said */
};

/* Reads the member `patient`: for free(); null when there is none. What is wrong is complained of. */
struct patient *patient_read(const struct node *root);
/* Whom that makes in a scenario of this seed; of null, a typical adult. */
void patient_setup(const struct patient *patient, uint64_t seed, struct body_setup *setup);

#endif
