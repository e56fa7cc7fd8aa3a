/* images.h - the state of the image slots, as one record in flash (STORE_IMAGES, pump/SPEC.md), and what follows from it at a
 * start. Every state stands twice, so that no damage to one record brings an older one back. REQ-SECU-09, REQ-STOR-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_IMAGES_H
#define PUMP_IMAGES_H

#include "link/sign.h"
#include "pump/image.h"
#include "pump/store.h"

enum image_state {
    IMAGE_EMPTY = 0,    /* nothing that counts */
    IMAGE_FILLING = 1,  /* being received; after a start it is EMPTY */
    IMAGE_WHOLE = 2,    /* received, and its content is what was signed */
    IMAGE_TRYING = 3,   /* to be started once, and given up unless that start confirms it */
    IMAGE_CONFIRMED = 4 /* in force, or what a newer one falls back to */
};

struct image_slot {
    uint8_t state;  /* enum image_state */
    uint8_t starts; /* of an image that is tried: how often */
    uint8_t header[IMAGE_HEADER_BYTES];       /* zeros while EMPTY, the signature too */
    uint8_t signature[COMMAND_SIGNATURE_BYTES];
};

struct images {
    uint32_t floor; /* the highest version ever confirmed: nothing that is not newer is taken again */
    struct image_slot slot[IMAGE_SLOTS];
};

enum { IMAGES_VERSION = 1, IMAGES_BYTES = 4 + IMAGE_SLOTS * (4 + IMAGE_HEADER_BYTES + COMMAND_SIGNATURE_BYTES) };

void images_encode(const struct images *images, uint8_t bytes[IMAGES_BYTES]);
/* The newest record. RESULT_NOT_FOUND when there is none; RESULT_DAMAGED, RESULT_UNKNOWN_VERSION, RESULT_TRUNCATED or
 * RESULT_MALFORMED when it cannot be relied on. *images is untouched then. */
MUST_USE enum result images_load(const struct store *store, const struct board *board, struct images *images);
/* Does the record before the newest say the same, so that the newest may be lost? True also when there is none, or
 * one of a version that is not known. */
bool images_twice(const struct store *store, const struct board *board);

/* Writes a record. Errors as store_append(). */
MUST_USE enum result images_store(struct store *store, const struct board *board, const struct images *images);

/* The state of a slot; EMPTY of one that does not exist: the factory's image has none. */
static inline uint8_t images_state(const struct images *images, uint8_t slot)
{
    return slot >= 1 && slot <= IMAGE_SLOTS ? images->slot[slot - 1].state : IMAGE_EMPTY;
}
/* The header that stands in this slot (from 1); false when its slot is EMPTY or it cannot be read. */
bool images_header(const struct images *images, uint8_t slot, struct image *image);
/* Is all in order with what stands in this slot: its header, its model, its signature, its content? Reads all of it. */
bool images_trusted(const struct images *images, uint8_t slot, uint8_t model, const uint8_t key[SIGN_KEY_BYTES],
                    const struct board *board);

#endif
