/* release.h - a release of the formulary: its number, its date and what changed. Numbers rise. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_RELEASE_H
#define CLINIC_FORMULARY_RELEASE_H

#include "clinic/formulary/entry.h"
#include "document/reader.h"

enum { RELEASE_DATE_BYTES = 11 };

struct release {
    uint16_t version; /* 1 to 65535 */
    char date[RELEASE_DATE_BYTES]; /* "2026-11-29" */
    char notes[ENTRY_TEXT_BYTES];
};

/* Reads formulary/release.json, or the head of a release file, which has its "entries" beside. True when nothing was complained
 * of. */
bool release_read(const struct node *root, bool with_entries, struct release *release);

#endif
