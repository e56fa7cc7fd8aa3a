/* visits.h - what somebody did to a patient's pump: who, when, in which workflow, and how it ended: applied, not applied, or
 * unknown. REQ-CLIN-01, link/SPEC.md section 7. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_VISITS_H
#define CLINIC_RECORDS_VISITS_H

#include "clinic/records/records.h"
#include "core/verdict.h"

struct visit_record {
    int64_t id, patient, implant; /* implant 0: none yet */
    int64_t user;                 /* who opened it; 0: a key file */
    int64_t workflow;             /* WORD_WORKFLOW_... */
    int64_t opened_ms, closed_ms; /* closed_ms 0: open */
    int64_t outcome;              /* WORD_OUTCOME_... */
    verdict reasons;              /* of a refusal; 0 */
    int64_t command_id;           /* of the last command, for a receipt; 0: none */
    int64_t programmer; /* a mark of the key that counted it: another key has the same numbers; 0: not known */
};

/* Begins one, inside a transaction, now, by whoever is signed in. */
enum records_fault visits_open(struct records *records, int64_t patient, int64_t implant, int64_t workflow,
                               int64_t *id);
/* The same for one that began earlier, at this moment. */
enum records_fault visits_open_at(struct records *records, int64_t patient, int64_t implant, int64_t workflow,
                                  int64_t opened_ms, int64_t *id);
/* Ends it. One whose outcome is unknown can be closed again, when the receipt has told; no other can. */
enum records_fault visits_close(struct records *records, int64_t id, int64_t outcome, verdict reasons,
                                int64_t command_id);
/* Says otherwise of one that was settled: by what the pump itself has answered, or because another command of it is sent. */
enum records_fault visits_correct(struct records *records, int64_t id, int64_t outcome, verdict reasons,
                                  int64_t command_id);
/* Says by which programmer's key its commands are counted; above 0. */
enum records_fault visits_sent_by(struct records *records, int64_t id, int64_t programmer);
/* A note, sealed; in place of an earlier one. */
enum records_fault visits_note(struct records *records, int64_t id, const char *text);
enum records_fault visits_note_read(struct records *records, int64_t id, char *text, size_t room);
enum records_fault visits_read(struct records *records, int64_t id, struct visit_record *visit);
/* Those of a patient, the newest first. */
enum records_fault visits_list(struct records *records, int64_t patient, struct visit_record *visits, unsigned room,
                               unsigned *count);
/* How many of an implant's have an unknown outcome: while there is one, nothing but queries is sent. */
enum records_fault visits_unknown(struct records *records, int64_t implant, int64_t *count);

#endif
