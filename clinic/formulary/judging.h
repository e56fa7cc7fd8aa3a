/* judging.h - the rules that the figures of one entry must keep among each other. Each complaint names the path of what breaks
 * the rule. REQ-LIBR-01, REQ-LIBR-07, HZ-32. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_JUDGING_H
#define CLINIC_FORMULARY_JUDGING_H

#include "clinic/formulary/entry.h"
#include "document/reader.h"

/* `root` is the file's document; the entry was read from it without a complaint. */
void entry_judge(const struct node *root, const struct entry *entry);

#endif
