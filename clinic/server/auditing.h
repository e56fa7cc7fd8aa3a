/* auditing.h - the audit, read and verified. HZ-33, REQ-SECU-12.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_AUDITING_H
#define CLINIC_SERVER_AUDITING_H

#include "clinic/server/request.h"

void audit_get(struct request *request, struct answer *answer);
void audit_verify(struct request *request, struct answer *answer);

#endif
