/* note.h - inside this folder: what of a workflow has no column of its own, in words for the visit's note. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_CASEBOOK_NOTE_H
#define CLINIC_CASEBOOK_NOTE_H

#include "clinic/workflow/workflow.h"

enum { NOTE_BYTES = 1024 };

/* "commands: stop applied, refill refused; ..."; empty where there is nothing to say. */
void note_make(const struct workflow *workflow, char note[NOTE_BYTES]);

#endif
