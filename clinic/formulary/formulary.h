/* formulary.h - the drug library in force: one release, for one region. Without an entry there is no programming. REQ-LIBR-02,
 * REQ-LIBR-03, REQ-LIBR-06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_FORMULARY_H
#define CLINIC_FORMULARY_FORMULARY_H

#include <stdio.h>

#include "clinic/formulary/entry.h"
#include "clinic/formulary/fault.h"
#include "link/sign.h"

enum { FORMULARY_ENTRIES_MAX = 64 };

struct entry_file;

struct formulary {
    uint16_t version;                /* of the release: rises */
    char region[ENTRY_REGION_BYTES]; /* of the site */
    unsigned entries;
    struct entry *entry; /* of this region only, by drug; owned */
};

/* Opens a release file, such as FOLDER/current, for a region: FORMULARY_DAMAGED unless it is whole and signed by this key,
 * FORMULARY_MALFORMED or _REFUSED when an entry in it is not in order, FORMULARY_MISMATCH when it has none for the region. On
 * failure there is nothing in the formulary, and messages say why. REQ-LIBR-02, REQ-LIBR-06. */
enum formulary_fault formulary_open(const char *path, const uint8_t key[SIGN_KEY_BYTES], const char *region,
                                    struct formulary *formulary, FILE *messages);
/* Puts a release file into force: it becomes FOLDER/current, whole or not at all, once it was found to be signed, in order and
 * newer than the one that is there (else FORMULARY_MISMATCH); that one stays otherwise. FORMULARY_FAILED when what is there is
 * neither a file nor a link to one that can be read: nothing is written then, since nobody knows what was in force. */
enum formulary_fault formulary_load(const char *path, const char *folder, const uint8_t key[SIGN_KEY_BYTES], FILE *messages);
/* The library that is built in, for a region. False, with a message on `messages`, when there is none. */
bool formulary_builtin(const char *region, struct formulary *formulary, FILE *messages);
/* An empty one, for formulary_add(); false when there is no such region. */
bool formulary_start(struct formulary *formulary, const char *region, uint16_t version);
/* Takes the entry of a file when the file is for this region; false, with nothing taken, when its drug has one already or there
 * is no room. */
bool formulary_add(struct formulary *formulary, const struct entry_file *file);
void formulary_close(struct formulary *formulary);
/* Null when the drug has no entry. */
const struct entry *formulary_find(const struct formulary *formulary, uint16_t drug);

#endif
