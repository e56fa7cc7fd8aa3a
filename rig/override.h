/* override.h - other values of the body's figures, as people write them in JSON: each with its unit, and where it comes from or
 * that it is a guess. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_OVERRIDE_H
#define RIG_OVERRIDE_H

#include "document/reader.h"
#include "twin/body/figure.h"

enum { OVERRIDES_MAX = 200 };

/* Reads the member `name` of an object, an array such as
 *   [{"figure": "morphine.clearance", "value": 20, "unit": "mL/h", "source": "Nordberg 1984"},
 *    {"figure": "body.mixing", "value": 3, "unit": "cm", "guess": true}]
 * into `figures`. Complains of a figure nobody knows (with the nearest), a unit that is not the figure's, a value out of
 * figure_range(), a figure that stands there twice, and one with neither source nor guess. What was wrong is not set. */
void override_member(const struct node *node, const char *name, struct figures *figures);
/* A whole document {"figures": [...]}. 0, or the exit code, with the reader's complaints. */
int override_read(struct reader *reader, struct figures *figures);

#endif
