/* ratios.h - published ratios between routes, as reading. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_RATIOS_H
#define CLINIC_PLANNER_RATIOS_H

#include "clinic/planner/sheet.h"

/* A row and a source for each, and a note that none of them is a dose. */
void ratios_rows(struct sheet *sheet);

#endif
