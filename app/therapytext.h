/* therapytext.h - the clinic's finish screen as a table on a terminal: every setting, whether it changes or not. REQ-CLIN-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_THERAPYTEXT_H
#define APP_THERAPYTEXT_H

#include <stdio.h>

#include "clinic/workflow/finish.h"

/* What a workflow would change. */
void therapytext_print(FILE *out, const struct workflow *workflow, const struct practice *practice);

#endif
