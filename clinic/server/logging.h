/* logging.h - logs of pumps as they were pulled.
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_LOGGING_H
#define CLINIC_SERVER_LOGGING_H

#include "clinic/server/request.h"

void log_get(struct request *request, struct answer *answer);

#endif
