/* typings.h - every key that was pressed in a field for a number, with its moment and what the field held then: what a person
 * did, and not only what the device made of it. Screen rule N8, HZ-22.
 *
 * One row is one field of one answer to a step of a workflow, from when the step was opened; an answer that was held, or whose
 * workflow was abandoned, has left its rows all the same. The workflow is the visit of this patient that was opened at opened_ms.
 * The keys are sealed, since anything can be typed into a field: a name, too. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_TYPINGS_H
#define CLINIC_RECORDS_TYPINGS_H

#include "clinic/records/records.h"

enum { TYPING_STEP_BYTES = 24, TYPING_FIELD_BYTES = 48 };

struct typing_record {
    int64_t id, patient;
    int64_t implant;                /* 0: the pump was not recorded yet */
    int64_t user;                   /* who typed; 0: a key file */
    int64_t at_ms;                  /* when it came */
    int64_t opened_ms;              /* when the workflow began */
    int64_t sent_ms;                /* when it was sent, since the step was opened: as the keys count */
    char step[TYPING_STEP_BYTES];   /* of clinic/workflow/step.def */
    char field[TYPING_FIELD_BYTES]; /* as the page names it */
    int64_t presses;
};

/* Inside a transaction; id, user and at_ms are set here. `keys` as clinic/server/typing.h writes them. */
enum records_fault typings_add(struct records *records, const struct typing_record *typing, const char *keys);
/* Those of a patient, the newest first. */
enum records_fault typings_list(struct records *records, int64_t patient, struct typing_record *typings, unsigned room,
                                unsigned *count);
/* The keys of one; empty where the patient was purged. */
enum records_fault typings_keys(struct records *records, const struct typing_record *typing, char *keys, size_t room);

#endif
