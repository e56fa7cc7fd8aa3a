/* reading.h - one file of the formulary, read strictly and held against itself: an entry whose figures contradict each other is
 * no entry. docs/formulary.md says how one is written, docs/formulary.schema.json what it looks like. REQ-LIBR-01, -07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_READING_H
#define CLINIC_FORMULARY_READING_H

#include "clinic/formulary/entry.h"
#include "document/reader.h"

enum { REGIONS_MAX = 2 };

/* A file holds one drug's entry, for one region or more. */
struct entry_file {
    struct entry entry; /* its region is empty */
    unsigned regions;
    const char *region[REGIONS_MAX]; /* as region_word() has them */
};

/* The regions there are, by position; null past the last one. */
const char *region_word(unsigned position);

/* Reads what stands at this node. True when nothing was complained of. */
bool entry_read(const struct node *root, struct entry_file *file);

#endif
