/* checkpoint.h - the ledger's counts as they were written into flash, every hour and at every command carried out. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_CHECKPOINT_H
#define PUMP_CHECKPOINT_H

#include <stdint.h>

/* Its bytes, together with the ids and receipts of struct standing: pump/settings.h. */
struct checkpoint {
    uint64_t stamp;             /* rises with every checkpoint and settings record: the higher one is newer */
    int64_t at_ms;              /* when it was written */
    uint32_t settings_sequence; /* the settings record in force then */
    int64_t commanded, commanded_course, metered; /* the ledger's counts */
};

#endif
