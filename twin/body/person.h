/* person.h - the patient of a simulated pump: a spinal canal with up to four drugs in it, what they do to this person,
 * and how this person behaves. Knows no pump: whoever runs one tells what left the catheter's tip and lets time pass.
 *
 * What is known of it, inferred and guessed is told in docs/spine.md. SIMULATION; never for use in people.
 *
 *     struct person person;                                   // 0.2 MB: better static or allocated
 *     struct person_setup setup = person_setup_typical(42);
 *     (void)person_init(&person, &setup);
 *     (void)person_deliver(&person, AGENT_MORPHINE, 1.0e-9, 600.0);
 *     person_pass(&person, 600.0);
 *     struct person_view view = person_view(&person);
 */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_PERSON_H
#define TWIN_BODY_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "twin/body/agent.h"
#include "twin/body/canal.h"
#include "twin/body/figure.h"
#include "twin/body/response.h"
#include "twin/body/spine.h"

enum { PERSON_SPINES_MAX = 4, PERSON_FEELINGS_MAX = 8 };

struct person_setup {
    uint64_t seed;          /* of all chance of this person: the same seed, the same life */
    struct figures figures; /* of the body and of what drugs do to it */
    enum regime regime;
    double tip_m;      /* of the catheter, from the foramen; level_middle() knows the levels */
    double site_m;     /* where in the cord pain and spasticity arise */
    double pain;       /* without any drug, on average: 0 to 10 */
    double spasticity; /* without any drug: 0 (none) to 1 */
};

/* One drug in this person's canal. */
struct person_spine {
    enum agent agent;
    double left_kg, left_s; /* still to leave the tip, over so long */
    struct spine spine;
};

/* A plain struct without pointers: copying it with `=` forks a life, and its bytes may be kept by the program that made
 * them. */
struct person {
    struct person_setup setup;
    struct canal canal;
    int spines;
    struct person_spine spine[PERSON_SPINES_MAX];
    struct response response;
    double time_s;        /* since the start */
    double illness;       /* set from outside: an infection, 0 to 1 */
    double urge, urge_at; /* to press the button: what has gathered, and at how much it is pressed */
    double urge_s;        /* and how fast it gathers now */
    double rests_until_s; /* nobody presses again at once */
    bool wants;
    uint64_t asked, heard, appointments; /* presses; alarms and appointments, those missed too */
};

/* What can be seen of a person and what only the simulation knows. Shares are 0 (none) to 1, unless said. */
struct person_view {
    double time_s;
    double pain, baseline_pain; /* 0 to 10; the baseline is without any drug, at this moment */
    double relief;              /* share of the pain that drugs take away */
    double spasticity, baseline_spasticity;
    double sedation;
    double breathing;  /* 1: as without drug; 0: none */
    double apnoea;     /* 1: breathing is so weak that it stops; else 0. What follows from that is not simulated */
    double withdrawal; /* of the worst drug */
    double confusion, nausea, itching;
    double weakness;       /* of the legs */
    double blood_pressure; /* -1 (very low) to 1 (very high); 0 as without drug */
    double fever;
    unsigned boluses_asked;
};

/* The typical adult, mobile, tip at L2, site T12, pain as in figure.def, not spastic. */
struct person_setup person_setup_typical(uint64_t seed);
/* One adult of a crowd: figures drawn by figures_drawn(seed, person). */
struct person_setup person_setup_drawn(uint64_t seed, uint64_t person);

/* Somebody who never had any of these drugs. False, and nothing done, when a value of the setup is out of range. */
bool person_init(struct person *person, const struct person_setup *setup);
/* This much of a drug leaves the catheter's tip during the coming `seconds`, evenly; at once when they are 0. What was
 * still to come of the same drug comes along, over the longer of both spans. False, and nothing done, when a number is
 * negative or not finite, or for a fifth drug. */
bool person_deliver(struct person *person, enum agent agent, double kg, double seconds);
/* The person lives on. Nothing is done unless seconds is positive and finite. However a span is cut into calls, what is
 * seen after it differs by less than 0.01 on any scale (unit.person). */
void person_pass(struct person *person, double seconds);
/* The tip has moved, and later drug goes there. False, and nothing done, when it would not lie in the canal. */
bool person_tip(struct person *person, double tip_m);
/* An illness that no drug made, such as an infection: 0 (none) to 1. It brings fever and, when severe, confusion. False,
 * and nothing done, when it is out of range. */
bool person_ill(struct person *person, double illness);
/* Brings the person into the state of somebody who has been given `kg_s` of this drug for so long, at the tip, and sets
 * the clock and all counters back to 0. The drug does not go on. False, and nothing done, as in person_deliver(). */
bool person_used_to(struct person *person, enum agent agent, double kg_s, double seconds);

struct person_view person_view(const struct person *person);
/* The spine of a drug; null when this person never had it. */
const struct spine *person_spine(const struct person *person, enum agent agent);
/* What the person would say now, worst first, at most PERSON_FEELINGS_MAX sentences; returns how many. The sentences
 * are constants. Who does not breathe says nothing else. */
int person_feels(const struct person *person, const char *said[PERSON_FEELINGS_MAX]);

/* Does the patient press the button for a bolus now? True once for each press. Presses come with pain above what is
 * bearable, and now and then without; a sleepy patient presses less, and after one press nobody presses again for a
 * while. */
bool person_asks(struct person *person);
/* An alarm sounds: is it heard and understood? One call for each sounding. A sleepy or confused patient hears less. */
bool person_hears(struct person *person);
/* An appointment is made: how many seconds late will the patient come? 0: in time. */
double person_late_s(struct person *person);

#endif
