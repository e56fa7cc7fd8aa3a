/* harmtell.h - what the files of a run say of complications. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_HARMTELL_H
#define RIG_HARMTELL_H

#include <jansson.h>

#include "rig/harm.h"

/* What the journal is to say of an event; null: of how it stands after a deed. */
json_t *harm_tell(const struct harm *harm, const struct harm_event *event);
/* How it stands: `happened`, `granuloma_closes`, `tip`, `infected`, `pocket`. */
json_t *harm_stands(const struct harm *harm, const struct twin *twin);

#endif
