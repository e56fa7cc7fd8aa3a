/* prescribed.h - a therapy as a document again, in the form that POST .../task/therapy and scenarios take: for pages to show what
 * is in force beside the fields in which a new one is said. REQ-CLIN-02, -07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PRESCRIBED_H
#define CLINIC_SERVER_PRESCRIBED_H

#include <jansson.h>

#include "core/therapy.h"

struct formulary;

/* Read by regimen_read() for the same pump, it is the same therapy, byte by byte. Doses are of the primary drug, in the unit in
 * which the formulary writes it (null: mg); where nothing holds drug, flows and volumes. `therapy` as therapy_judge()
 * passes it. */
json_t *prescribed_json(const struct formulary *formulary, const struct therapy *therapy);

#endif
