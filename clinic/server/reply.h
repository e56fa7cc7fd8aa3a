/* reply.h - an answer, sent: as a document with the headers that guard a browser, or as a stream of events. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_REPLY_H
#define CLINIC_SERVER_REPLY_H

#include <microhttpd.h>

#include "clinic/server/answer.h"

/* Sends it; its stream is taken over. */
enum MHD_Result reply_queue(struct MHD_Connection *connection, struct answer *answer);

#endif
