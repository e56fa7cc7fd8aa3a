/* formularylimits.h - `cisterna formulary limits`: hard limits signed for one pump. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_FORMULARYLIMITS_H
#define APP_FORMULARYLIMITS_H

#include "app/formularyrun.h"

/* Judges the therapy of a file by a release, signs its limits for a pump, writes them into a new file. Returns the exit code. */
int formularylimits_sign(const struct formulary_ask *ask);

#endif
