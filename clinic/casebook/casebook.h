/* casebook.h - a patient and a pump as the records know them, for one workflow: what the workflow is judged by, and what it
 * leaves behind. Who runs a workflow (clinic/workflow/workflow.h) answers two of its wants with this: WANT_RECORD with
 * casebook_record() (clinic/casebook/recording.h), WANT_AUDIT with casebook_audit(). REQ-CLIN-01, REQ-RSVR-04, HZ-11.
 *
 * Where things are recorded the workflow's times are milliseconds of UTC since 1970: when it was begun is part of how a visit
 * is known again. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_CASEBOOK_H
#define CLINIC_CASEBOOK_CASEBOOK_H

#include "clinic/programmer/key.h"
#include "clinic/records/records.h"
#include "clinic/workflow/workflow.h"

/* Plain data, good as long as nothing else is recorded of this pump. */
struct casebook {
    int64_t patient, implant; /* numbers of their rows; implant 0: the pump is not recorded yet */
    char serial[SERIAL_BYTES];
    char other[SERIAL_BYTES]; /* of a pump to be implanted: another one that is in place in this patient; "": none */
    typed name;               /* the patient's, as it has to be said at the step IDENTIFY */
    int64_t programmer;       /* casebook_mark() of the key that commands are given with; 0: not known */
    uint8_t model;            /* as the implant was recorded; 0: not recorded yet */
    int64_t explanted_ms;     /* 0: the pump is in place */
    vol_nl dead_volume;       /* of tubing and catheter in place; 0: not known */
    int64_t unknown;          /* visits whose outcome is unknown: while there is one, nothing but queries is sent */
    struct benefit_history history; /* of the patient's doses and scores of pain */
    struct readings readings; /* what refills expected and found, the newest last; not those that the pump refused */
};

/* Of the pump of this serial; RECORDS_MISSING when it is nobody's, RECORDS_REFUSED for a role that opens no names, or a
 * patient who was purged. On a fault *casebook is untouched. */
enum records_fault casebook_of_pump(struct records *records, const char *serial, struct casebook *casebook);
/* For a pump that is not recorded yet, to be implanted in this patient; RECORDS_EXISTS when it is somebody's already. */
enum records_fault casebook_of_patient(struct records *records, int64_t patient, const char *serial,
                                       struct casebook *casebook);
/* Marks a key, so that a visit's command is known again by who counted it; above 0, and tells nothing of the key. */
int64_t casebook_mark(const struct key *key);
/* Sets has_record, patient, serial, model, other, dead_volume, readings, history, and accounts to true; the formulary stays
 * the caller's. Good as long as *casebook stays where it is. */
void casebook_practice(const struct casebook *casebook, struct practice *practice);

/* How it ended, as one row of the audit: also of what left no other row. Its home is the pump, or the patient where no pump is
 * recorded. Said again after a crash it stands there again. */
enum records_fault casebook_audit(struct records *records, const struct casebook *casebook,
                                  const struct workflow *workflow, int64_t at_ms);

#endif
