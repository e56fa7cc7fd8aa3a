/* clinician.h - somebody with a programmer at the bedside, who works by the clinic's workflows: right answers unless a test gives
 * others, over the air to the real pump. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_HAZARD_CLINICIAN_H
#define TESTS_HAZARD_CLINICIAN_H

#include "clinic/workflow/finish.h"
#include "clinic/workflow/hands.h"
#include "rig/air.h"
#include "tests/hazard/bedside.h"

enum { CLINICIAN_USER = 21, CLINICIAN_OTHER = 22 };

struct clinician {
    struct bedside *bed;
    struct rig_air ear;
    bool deaf;           /* what the pump answers is lost; */
    unsigned deaf_after; /* from behind so many frames on; 0: no such plan */
    struct programmer programmer;
    struct key kept;
    struct practice practice;
    struct workflow workflow;
    struct answers answers; /* to the present step: right ones, for a test to spoil */
    struct findings findings;
    struct therapy wanted; /* what the therapy step is answered with */
    struct mixture fill;   /* what is filled; */
    int64_t fill_nl;
};
extern struct clinician clinician;

/* An implant with a card, full of this mixture, its catheter holding saline, and a clinician paired with it. */
void clinician_implant(struct bedside *bed, const char *model, const struct mixture *mixture);
/* A workflow from its beginning up to this step, with right answers, everything else carried out; clinician.answers then holds
 * the right ones to it. */
void clinician_upto(enum work work, enum step_at step);
/* Gives clinician.answers to the present step. */
enum given clinician_give(void);
/* One want, with right answers, or over the air. */
void clinician_do(void);
/* To the end. */
void clinician_finish(void);
/* Is one of the findings of this rule and level, with these words? */
bool clinician_found(enum rule rule, enum finding_level level, const char *words);

#define assert_held_hard(rule, words)                                                                                        \
    do {                                                                                                                     \
        assert_int_equal(clinician_give(), GIVEN_HELD);                                                                      \
        assert_true(clinician_found((rule), FINDING_HARD, (words)));                                                         \
    } while (0)

#endif
