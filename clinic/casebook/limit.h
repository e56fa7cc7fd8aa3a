/* limit.h - inside this folder: limits that were shown, as the records count them.
 *
 * Their names are "morphine.dose.soft" where the formulary bounds a field (clinic/formulary/field.def), "morphine.change.soft"
 * for another rule of a drug (clinic/guard/rule.def), "residual.soft" for one of no drug. Frozen: they are counted by. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_LIMIT_H
#define CLINIC_CASEBOOK_LIMIT_H

#include "clinic/records/overrides.h"
#include "clinic/workflow/workflow.h"

/* Without the visit. */
struct override_record limit_passed(const struct workflow *workflow, const struct passed *passed);
struct override_record limit_heeded(const struct heeded *heeded);

#endif
