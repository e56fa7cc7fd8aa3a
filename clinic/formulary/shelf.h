/* shelf.h - entries side by side: for each region a formulary, in which no drug stands twice, and the release they belong to. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_SHELF_H
#define CLINIC_FORMULARY_SHELF_H

#include "clinic/formulary/formulary.h"
#include "clinic/formulary/reading.h"
#include "clinic/formulary/release.h"

struct shelf {
    bool headed; /* the release is known */
    struct release release;
    struct formulary region[REGIONS_MAX]; /* by the position of region_word() */
    json_t *entries;                      /* the documents, in the order they came */
    struct entry_file *file;              /* room to read one into */
};

/* An empty shelf; false when memory has run out. shelf_close() gives it back either way. */
bool shelf_start(struct shelf *shelf);
void shelf_close(struct shelf *shelf);
/* Takes an entry. True when nothing was complained of. */
bool shelf_entry(struct shelf *shelf, const struct node *node);
/* Takes a document: an entry, or what release.json is. True when nothing was complained of. */
bool shelf_document(struct shelf *shelf, const struct node *root);
/* Hands the formulary of a region over to the caller; false when there is no such region or nothing for it. */
bool shelf_region(struct shelf *shelf, const char *region, struct formulary *formulary);

#endif
