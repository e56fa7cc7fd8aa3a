/* formularytext.h - an entry of the formulary, for people: every number with what it rests on. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_FORMULARYTEXT_H
#define APP_FORMULARYTEXT_H

#include <stdio.h>

#include "clinic/formulary/entry.h"

/* One line: the drug, its region, marketed concentrations and the ceiling of the daily dose. */
void formularytext_line(const struct entry *entry, FILE *out);
/* All that is known. */
void formularytext_entry(const struct entry *entry, FILE *out);

#endif
