/* series.h - inside this folder: the commands of the one step that changes a pump, and what shows that they were done. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_SERIES_H
#define CLINIC_WORKFLOW_SERIES_H

#include "clinic/workflow/workflow.h"

/* How many commands it takes: 1 to COMMANDS_MAX. */
unsigned series_count(const struct workflow *workflow);
/* Does the pump do what was sent? */
bool series_as_sent(const struct workflow *workflow, const struct interrogation *seen);
/* The rule of this pump for a scan: the drive decides, and a therapy may be stricter. As the pump has it. HZ-19 */
enum mri_rule series_mri_rule(const struct interrogation *seen);

#endif
