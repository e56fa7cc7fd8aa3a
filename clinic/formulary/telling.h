/* telling.h - an entry, told: amounts as people read them, and the whole of it as JSON with mark and source of each figure. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_TELLING_H
#define CLINIC_FORMULARY_TELLING_H

#include <jansson.h>

#include "clinic/formulary/entry.h"

/* An amount in the entry's unit: "2.4 mcg/day", "14 d", "56 h", "30 %". */
void figure_text(char text[AMOUNT_TEXT_BYTES], const struct entry *entry, enum dimension dimension, int64_t value);
/* Where something comes from, for people: "read: label", "derived from label: twice the dose", "guess: no number was found". */
enum { ORIGIN_TEXT_BYTES = ENTRY_TEXT_BYTES + ENTRY_WORD_BYTES + 32 };
void origin_text(char text[ORIGIN_TEXT_BYTES], const struct entry *entry, struct origin origin);
struct origin figure_origin(const struct figure *figure);

/* The entry as a new JSON object: as its file has it, with each value's integer and that integer's unit beside, and its mark. */
json_t *entry_json(const struct entry *entry);

#endif
