/* harmread.h - complications as a scenario has them: its member "complications", and the deeds "granuloma" and "migration". */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_HARMREAD_H
#define RIG_HARMREAD_H

#include "rig/scenario.h"

/* Reads the optional member. Without it nothing happens by chance. */
void harm_setup_read(const struct node *root, struct harm_setup *setup);
/* Reads the fields of a deed whose kind is GRANULOMA or MIGRATION. */
void harm_deed_read(const struct node *node, struct action *action);

#endif
