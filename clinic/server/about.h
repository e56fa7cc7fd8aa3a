/* about.h - what anybody may ask: is it up, and what can it do.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_ABOUT_H
#define CLINIC_SERVER_ABOUT_H

#include "clinic/server/request.h"

void health_get(struct request *request, struct answer *answer);
void openapi_get(struct request *request, struct answer *answer);

#endif
