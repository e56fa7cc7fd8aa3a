/* fate.h - what a pump does if nothing is done from now on, in words. REQ-LINK-04, HZ-17, HZ-28, screen rule W3. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_FATE_H
#define CLINIC_WORKFLOW_FATE_H

#include "clinic/workflow/workflow.h"

/* Always true, and needed most when an outcome is unknown. */
enum { FATE_TEXT_BYTES = 480 };
void fate_tell(const struct workflow *workflow, char text[FATE_TEXT_BYTES]);

#endif
