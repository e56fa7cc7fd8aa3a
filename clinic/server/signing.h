/* signing.h - signing in and out. REQ-SECU-11.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_SIGNING_H
#define CLINIC_SERVER_SIGNING_H

#include "clinic/server/request.h"

void sign_in(struct request *request, struct answer *answer);
void sign_out(struct request *request, struct answer *answer);
void me_get(struct request *request, struct answer *answer);

#endif
