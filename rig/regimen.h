/* regimen.h - a whole therapy as a scenario writes it, judged for the implant it is written for. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_REGIMEN_H
#define RIG_REGIMEN_H

#include "core/therapy.h"
#include "document/reader.h"
#include "pump/pump.h"

/* The implant a therapy is written for. */
struct implant {
    const struct pump_unit *unit;
    vol_nl dead_volume; /* tubing plus catheter, as recorded */
};

/* Reads and judges the therapy at `node`. False, with complaints, when it is malformed or this implant cannot take it:
 * every reason of therapy_judge() is told. */
bool regimen_read(const struct node *node, const struct implant *implant, struct therapy *therapy);

#endif
