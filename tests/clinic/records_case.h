/* records_case.h - a small clinic for tests: patients with pumps, and something in every table. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_RECORDS_CASE_H
#define TESTS_CLINIC_RECORDS_CASE_H

#include "clinic/records/alarms.h"
#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/overrides.h"
#include "clinic/records/patients.h"
#include "clinic/records/pumplog.h"
#include "clinic/records/refills.h"
#include "clinic/records/scores.h"
#include "clinic/records/therapies.h"
#include "clinic/records/twinacts.h"
#include "clinic/records/typings.h"
#include "clinic/records/visits.h"

/* The n-th of each: whole, and different from the others. */
struct patient case_patient(unsigned n);
struct implant case_implant(unsigned n, int64_t patient);
struct catheter case_catheter(unsigned n, int64_t implant);
/* Canonical bytes of a therapy for this pump, release 7 of the library for "US"; their size. */
size_t case_therapy(const struct implant *implant, unsigned n, uint8_t bytes[THERAPY_BYTES_MAX]);
/* morphine with BUPivacaine, two lots, 1 mL less found than expected. */
struct refill_record case_refill(unsigned n, int64_t implant, int64_t visit);
/* The event with this number: an alarm is raised by each tenth, and ended by the next. */
struct pumplog_item case_event(uint64_t number);
struct override_record case_override(unsigned n, int64_t visit);
/* Relief is said by every other one. */
struct score_record case_score(unsigned n, int64_t patient, int64_t visit);

/* What was typed at its visit. */
struct typing_record case_typing(unsigned n, int64_t patient, int64_t implant);
/* n per cent of a kink. */
struct twin_act case_twin_act(unsigned n, int64_t implant);

struct case_ids {
    int64_t patient, implant, catheter, visit, therapy, refill, override, score;
};
/* One patient with all of it in the transaction that is open; `events` rows of log. Stops at the first fault. */
enum records_fault case_write(struct records *records, unsigned n, unsigned events, struct case_ids *ids);
/* Further events of a pump, from the number that is next. */
enum records_fault case_pull(struct records *records, int64_t implant, int64_t visit, unsigned events);
/* So many patients in a transaction each. */
enum records_fault case_fill(struct records *records, unsigned patients, unsigned events, int64_t at_ms);

#endif
