/* keeper.h - records made, backed up, restored, exported. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RECORDS_KEEPER_H
#define APP_RECORDS_KEEPER_H

#include "app/records/clerk.h"

int keeper_init(struct clerk *clerk);
int keeper_backup(struct clerk *clerk);
int keeper_restore(struct clerk *clerk);
int keeper_export(struct clerk *clerk);
int keeper_key(struct clerk *clerk);

#endif
