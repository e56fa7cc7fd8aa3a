/* accounts.h - accounts, for an admin.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_ACCOUNTS_H
#define CLINIC_SERVER_ACCOUNTS_H

#include "clinic/server/request.h"

void users_get(struct request *request, struct answer *answer);
void users_post(struct request *request, struct answer *answer);
void user_password(struct request *request, struct answer *answer);
void user_disable(struct request *request, struct answer *answer);

#endif
