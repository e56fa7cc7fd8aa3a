/* scores.h - how a therapy serves the patient, as the patient says it: pain on a scale, and how much of it was relieved. A rising
 * dose is judged against these. REQ-CLIN-10, HZ-41.
 *
 * The scale is named in every row (WORD_SCALE_... of list.def). WORD_SCALE_NRS is the 11-point numeric rating scale of pain:
 * whole numbers from 0, no pain, to 10, the worst pain there can be (Farrar et al., Pain 94 (2001) 149-158). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_SCORES_H
#define CLINIC_RECORDS_SCORES_H

#include "clinic/records/records.h"

enum { SCORE_NRS_MAX = 10, SCORE_RELIEF_MAX = 100, SCORE_NOT_SAID = -1 };

struct score_record {
    int64_t id, patient;
    int64_t visit;          /* at which it was said; 0: none, by telephone */
    int64_t user;           /* who wrote it down; 0: a key file */
    int64_t at_ms;          /* when it was said; 0 when it is added: now */
    int64_t scale;          /* WORD_SCALE_... */
    int64_t pain;           /* on that scale */
    int64_t relief_percent; /* 0 to 100 of the pain without the therapy; SCORE_NOT_SAID */
};

/* Inside a transaction; id and user are set here. RECORDS_MALFORMED off the scale, or said later than now; RECORDS_REFUSED at
 * another patient's visit. `note` is sealed; may be null. */
enum records_fault scores_add(struct records *records, const struct score_record *score, const char *note, int64_t *id);
enum records_fault scores_read(struct records *records, int64_t id, struct score_record *score);
enum records_fault scores_note_read(struct records *records, int64_t id, char *text, size_t room);
/* Those of a patient, the newest first. */
enum records_fault scores_list(struct records *records, int64_t patient, struct score_record *scores, unsigned room,
                               unsigned *count);

#endif
