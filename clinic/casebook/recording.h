/* recording.h - what a workflow leaves in the records: one transaction, known again when it comes twice. REQ-CLIN-01, -12,
 * REQ-LIBR-04, REQ-RSVR-03, HZ-11, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_RECORDING_H
#define CLINIC_CASEBOOK_RECORDING_H

#include "clinic/casebook/casebook.h"

/* What a workflow holds that wants to be recorded, in one transaction of its own, all of it or nothing; *visit is its row (may be
 * null). By whoever is signed in, which is who answered the workflow, or a key file that ends what somebody began.
 *
 * Rows: the visit, from begun to now, with its outcome, reasons and command id; whatever limits were passed or heeded; and where
 * the change was applied, or its outcome is unknown, the refill, the therapy in force, the pump and its catheter where they are
 * new, and the end of an explanted pump. What a refused refill had told stands in the visit's note: the pump's account does not
 * have it, and it will be told again. Recording the same workflow again adds nothing, and gives the same visit: after
 * RECORDS_UNKNOWN, or a crash, do just that. What a person has settled meanwhile is corrected where the pump has answered
 * otherwise, and the note says so. RECORDS_REFUSED: it is another pump's, or somebody else's, or wants no record. RECORDS_EXISTS:
 * the pump has become another patient's meanwhile. */
enum records_fault casebook_record(struct records *records, const struct casebook *casebook,
                                   const struct workflow *workflow, int64_t at_ms, int64_t *visit);

/* The same before each command of a workflow is sent, as a visit whose outcome is unknown: a process that dies with the command
 * leaves that behind instead of nothing, and casebook_settle() finds out what became of it. `command_id` is the number the
 * command will have. casebook_record() closes the visit. REQ-LINK-04, HZ-17 */
enum records_fault casebook_record_ahead(struct records *records, const struct casebook *casebook,
                                         const struct workflow *workflow, uint64_t command_id, int64_t at_ms);

#endif
