/* permit.h - who may ask what, in which mode: link/permit.def as two questions. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_PERMIT_H
#define LINK_PERMIT_H

#include "core/catalog.h"
#include "core/command.h"

/* What can be asked without changing anything; the first nine are the topics of Interrogate. */
enum query { QUERY_STATUS = 1, QUERY_LEDGER, QUERY_ALARMS, QUERY_SENSORS, QUERY_ENERGY, QUERY_CAPABILITY, QUERY_PEERS,
             QUERY_CONTENTS, QUERY_UPDATE, QUERY_THERAPY, QUERY_LOG, QUERY_RECEIPT };

/* May this role give this command in this mode? 0, or the reason: ROLE before MODE or NOT_RUNNING. Unknown commands, roles and
 * modes are barred by ROLE. */
verdict permit_command(uint8_t kind, uint8_t role, uint8_t mode);
/* May this role ask this? */
bool permit_query(uint8_t query, uint8_t role);

#endif
