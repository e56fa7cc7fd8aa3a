/* regimen.h - a whole therapy as scenarios, files and requests write it, judged for the implant it is written for. */
// SPDX-License-Identifier: Apache-2.0
#ifndef DOCUMENT_REGIMEN_H
#define DOCUMENT_REGIMEN_H

#include "core/therapy.h"
#include "document/reader.h"

/* The implant a therapy is written for. */
struct regimen_pump {
    const struct model *model;
    const char *serial; /* at most SERIAL_BYTES - 1 */
    calib_ppm calibration;
    vol_nl dead_volume; /* tubing plus catheter, as recorded */
};

/* Reads and judges the therapy at `node`. False, with complaints, when it is malformed or this implant cannot take it:
 * every reason of therapy_judge() is told. */
bool regimen_read(const struct node *node, const struct regimen_pump *pump, struct therapy *therapy);

#endif
