/* mishap.h - what the hardware does in a scenario: faults, resets, power cuts, a worn flash, a hanging core, a wrong clock. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_MISHAP_H
#define RIG_MISHAP_H

#include "rig/scenario.h"

/* Reads the fields of a hardware deed whose `kind` and `fault` are set. */
void mishap_read(const struct node *node, struct action *action);
/* Makes of a mishap with a length ("for") the one that ends it; false when it has none. A rotor that rests after a scanner's
 * field is one more mishap: false when that is not asked for. */
bool mishap_end(const struct node *node, struct action *action);
bool mishap_rest(const struct node *node, struct action *action, struct action *end);
/* Does it. What the journal is to say of it is added to `detail`; the word for it is returned. */
const char *mishap_do(struct rig *rig, const struct action *action, json_t *detail);

#endif
