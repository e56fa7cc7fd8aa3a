/* daytext.h - the 24 hours of a program on a terminal: a strip of half hours, the steps or the doses at intervals, and the
 * daily total. REQ-CLIN-07, HZ-01, HZ-22. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DAYTEXT_H
#define APP_DAYTEXT_H

#include <stdio.h>

#include "clinic/formulary/formulary.h"
#include "core/therapy.h"

/* Of the primary drug; of the volume where there is none. */
void daytext_print(FILE *out, const struct formulary *formulary, const struct therapy *therapy);

#endif
