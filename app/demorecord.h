/* demorecord.h - what the records of a demo hold when it begins: accounts; and of each pump its patient, the pump as implanted,
 * the visit in which that was done, its fill, its therapy as the pump tells it, and the pump's log. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMORECORD_H
#define APP_DEMORECORD_H

#include "app/demomake.h"

/* In the folder: the key file of the records, for the server's watch. */
#define DEMO_RECORDS_KEY "records-key"

/* New records with the accounts of app/demo.def. An exit code, with a message. */
int demorecord_found(const char *folder);
/* Of a pump that runs and can be asked; nothing is done when it is on record already. The same. */
int demorecord_pump(const char *folder, const struct demo_patient *patient);

#endif
