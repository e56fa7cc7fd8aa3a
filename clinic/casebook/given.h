/* given.h - a single command that was given to a pump outside of a workflow, as a visit in the records: a bolus, a stop, the way
 * down and up again, a scan. HZ-17, HZ-28, REQ-LINK-04. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_GIVEN_H
#define CLINIC_CASEBOOK_GIVEN_H

#include "clinic/casebook/casebook.h"

struct given_command {
    struct command command; /* as it was sent */
    uint8_t change;         /* enum change, not NONE */
    struct receipt receipt; /* its id is always there */
    int64_t begun_ms;
};

/* The word that a visit with this command has (WORD_WORKFLOW_...); 0: such a command is no visit of its own. */
int64_t given_word(uint8_t kind);
/* Records it as a visit, with what it was in its note, in a transaction of its own, and says in the audit how it ended. The same
 * command again adds nothing. RECORDS_REFUSED where the pump is not recorded. `visit` may be null. */
enum records_fault casebook_given(struct records *records, const struct casebook *casebook,
                                  const struct given_command *given, int64_t at_ms, int64_t *visit);

#endif
