/* image.h - one image of the pump's software: its signed header, and its content in a slot of the flash. What is in the content
 * is nobody's business here. Byte by byte: pump/SPEC.md. REQ-SECU-09. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_IMAGE_H
#define PUMP_IMAGE_H

#include "board/board.h"
#include "core/command.h"
#include "core/result.h"
#include "link/hash.h"

/* Slots are numbered from 1, as board->image counts them; 0 is the image that the factory wrote. */
enum { IMAGE_FORM = 1, IMAGE_SLOTS = 2 };

/* A header, read. */
struct image {
    uint8_t model;            /* code of the pump model it is for */
    uint32_t version;         /* a higher one is newer */
    uint32_t size;            /* of its content: 1 to IMAGE_BYTES_MAX */
    uint8_t hash[HASH_BYTES]; /* BLAKE2b-256 of its content */
};

/* RESULT_UNKNOWN_VERSION when the form is another one, RESULT_MALFORMED when anything else is not as it must be; *image is
 * untouched then. */
MUST_USE enum result image_decode(const uint8_t header[IMAGE_HEADER_BYTES], struct image *image);

/* The first sector of a slot, and how many this image's content takes there. */
uint16_t image_sector(uint8_t slot);
uint16_t image_sectors(const struct image *image);

/* Programs bytes of the content, at an offset that begins a word, into words that are blank; the last one is filled up with FF.
 * RESULT_DAMAGED when a word did not take: it cannot be written again before its sector is erased. */
MUST_USE enum result image_write(const struct board *board, uint8_t slot, uint32_t offset, const uint8_t *bytes,
                                 uint32_t size);
/* Do these bytes stand there? */
bool image_same(const struct board *board, uint8_t slot, uint32_t offset, const uint8_t *bytes, uint32_t size);
/* Is the content in this slot what the header tells? Reads all of it. */
bool image_sound(const struct board *board, uint8_t slot, const struct image *image);

#endif
