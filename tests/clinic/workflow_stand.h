/* workflow_stand.h - a practice, a pump that is a few variables, and the right answers to every step: for tests of the workflows
 * without radio or rig. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_WORKFLOW_STAND_H
#define TESTS_CLINIC_WORKFLOW_STAND_H

#include "tests/core/check.h"

#include "clinic/workflow/workflow.h"

enum { STAND_FIRST = 11, STAND_SECOND = 12, ML_NL = 1000000, MG_NG = 1000000 };

/* What the pump of these tests is: an interrogation, what was staged, and what was ever commanded. */
struct stand {
    struct practice practice;
    struct interrogation pump;
    struct therapy staged;
    bool has_staged;
    unsigned stagings, commands;
    uint8_t kind[COMMANDS_MAX + 1]; /* of the commands, in their order */
    bool deaf;                      /* nothing comes back; commands are carried out all the same, or not: */
    bool obeys;
    verdict reasons; /* why it refuses; 0: it does not */
    int64_t now_ms;
};
extern struct stand stand;

/* A pump that gives morphine 25 mg/mL at 5 mg/day, half full; `fresh`: new and empty. */
void stand_begin(bool fresh, const char *model);
int stand_open(void **state);
int stand_close(void **state);
/* A therapy for it: so much a day of morphine at this concentration. */
struct therapy stand_therapy(int32_t ng_ml, int32_t nl_day);
/* The answers that a careful person gives to the present step of this workflow, whatever it is. */
void stand_answers(const struct workflow *workflow, struct answers *answers);
/* Does one want: gives careful answers, or lets the pump act. */
void stand_do(struct workflow *workflow);
/* From the beginning up to this step, and to the end. */
void stand_walk(struct workflow *workflow, enum work work, enum step_at upto);
void stand_end(struct workflow *workflow);
/* Begins it at the pump the workflow is for: fresh for an implant, a valve where `valve`. */
void stand_ready(enum work work, bool valve);
/* Gives answers as they are; what came of it, findings in stand_findings. */
enum given stand_give(struct workflow *workflow, const struct answers *answers);
extern struct findings stand_findings;

/* Held by a hard finding of this rule whose text has these words. */
#define assert_held(given, rule, words) stand_assert((given) == GIVEN_HELD, (rule), FINDING_HARD, (words), __FILE__, __LINE__)
#define assert_found(rule, level, words) stand_assert(true, (rule), (level), (words), __FILE__, __LINE__)
void stand_assert(bool held, enum rule rule, enum finding_level level, const char *words, const char *file, int line);

#endif
