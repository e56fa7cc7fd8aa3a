/* interrogation.h - the topics a programmer can ask about, as messages. Asking changes nothing (REQ-LINK-08). */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_INTERROGATION_H
#define PUMP_INTERROGATION_H

#include "link/cisterna.pb.h"
#include "link/permit.h"
#include "pump/pump.h"

/* Fills in what the reply tells of a topic (QUERY_STATUS to QUERY_UPDATE); false for one that does not exist. `from`: rows to
 * pass over, where the topic is a list. */
bool interrogation_tell(struct pump *pump, const struct board *board, struct sender sender, uint32_t topic, uint32_t from,
                        instant_ms now, cisterna_Reply *reply);

#endif
