/* therapyfile.h - a therapy from a file, written as in a scenario (docs/scenario.md), for the pump that is asked: what a pump is
 * (serial, model, calibration, dead volume) comes from the pump, never from the file. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_THERAPYFILE_H
#define APP_THERAPYFILE_H

#include "app/visit.h"
#include "core/therapy.h"

/* Reads "therapy" of the file, or the whole file where it has none. `dead_volume` 0: not known, then --catheter or the file's
 * "catheter" must tell the length. EXIT_DONE, or messages and an exit code. */
int therapyfile_read(const struct desk *desk, const char *name, const cisterna_Capability *pump, vol_nl dead_volume,
                     struct therapy *therapy);

#endif
