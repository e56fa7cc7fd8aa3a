/* prescription.h - drugs, doses, flows and boluses as people write them (exact decimal amounts, doses for a named
 * drug), turned into the pump's own form: nL/day and nL, or refused when that would need rounding. REQ-THER-01, HZ-01,
 * HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#ifndef DOCUMENT_PRESCRIPTION_H
#define DOCUMENT_PRESCRIPTION_H

#include "core/mixture.h"
#include "core/model.h"
#include "document/reader.h"

/* The drug named by a field. */
bool prescription_drug(const struct node *node, const char *name, enum need need, uint16_t *drug);

/* The list of drugs and concentrations under this name: the primary drug first. An empty list is saline. */
bool prescription_mixture(const struct node *node, const char *name, struct mixture *mixture);

/* A flow: "dose" per day (of "drug", else the primary) or "rate", exactly one of them; when it is not needed and
 * neither is there, false without a complaint. */
bool prescription_flow(const struct node *node, enum need need, const struct mixture *mixture,
                       const struct model *model, rate_nl_day *rate);

/* A bolus: "dose" (of "drug", else the primary) or "volume", at a "rate" or "over" a span. `dead_volume` is what the
 * text "dead volume" stands for; 0 where that may not be written. */
bool prescription_bolus(const struct node *node, const struct mixture *mixture, const struct model *model,
                        vol_nl dead_volume, vol_nl *volume, rate_nl_day *rate);

/* The fields of a bolus, for the list of an object that has more. */
#define PRESCRIPTION_BOLUS_FIELDS "dose", "drug", "volume", "rate", "over"

#endif
