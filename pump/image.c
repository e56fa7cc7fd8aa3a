// SPDX-License-Identifier: Apache-2.0
#include "pump/image.h"

#include "core/bytes.h"
#include "pump/region.h"

_Static_assert((REGION_LAST_IMAGE_1 - REGION_FIRST_IMAGE_1 + 1) * FLASH_SECTOR_BYTES == (int)IMAGE_BYTES_MAX &&
                   (REGION_LAST_IMAGE_2 - REGION_FIRST_IMAGE_2 + 1) * FLASH_SECTOR_BYTES == (int)IMAGE_BYTES_MAX,
               "the longest image fills a slot");

enum { READ_BYTES = 64 }; /* at a time, on the stack */

static bool magic_holds(const uint8_t magic[4])
{
    return magic[0] == 'C' && magic[1] == 'I' && magic[2] == 'M' && magic[3] == 'G';
}

enum result image_decode(const uint8_t header[IMAGE_HEADER_BYTES], struct image *image)
{
    struct image read;
    uint8_t magic[4];
    struct byte_reader reader = { .at = header, .left = IMAGE_HEADER_BYTES };
    byte_read_block(&reader, magic, sizeof magic);
    uint8_t form = (uint8_t)byte_read(&reader, 1);
    read.model = (uint8_t)byte_read(&reader, 1);
    uint64_t unused = byte_read(&reader, 2);
    read.version = (uint32_t)byte_read(&reader, 4);
    read.size = (uint32_t)byte_read(&reader, 4);
    byte_read_block(&reader, read.hash, sizeof read.hash);
    if (!magic_holds(magic)) {
        return RESULT_MALFORMED;
    }
    if (form != IMAGE_FORM) {
        return RESULT_UNKNOWN_VERSION;
    }
    if (unused != 0 || read.size == 0 || read.size > IMAGE_BYTES_MAX) {
        return RESULT_MALFORMED;
    }
    *image = read;
    return RESULT_OK;
}

uint16_t image_sector(uint8_t slot)
{
    return region_span(slot == 1 ? REGION_IMAGE_1 : REGION_IMAGE_2).first;
}

uint16_t image_sectors(const struct image *image)
{
    return (uint16_t)((image->size + FLASH_SECTOR_BYTES - 1) / FLASH_SECTOR_BYTES);
}

static uint32_t address_of(uint8_t slot, uint32_t offset)
{
    return (uint32_t)image_sector(slot) * FLASH_SECTOR_BYTES + offset;
}

bool image_same(const struct board *board, uint8_t slot, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    uint8_t differ = 0, stands[READ_BYTES];
    for (uint32_t at = 0; at < size; at += sizeof stands) {
        uint32_t part = size - at < sizeof stands ? size - at : (uint32_t)sizeof stands;
        board->doors->flash_read(board->hardware, address_of(slot, offset + at), stands, part);
        for (uint32_t i = 0; i < part; i++) {
            differ |= (uint8_t)(stands[i] ^ bytes[at + i]);
        }
    }
    return differ == 0;
}

enum result image_write(const struct board *board, uint8_t slot, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    uint8_t word[FLASH_WORD_BYTES];
    for (uint32_t at = 0; at < size; at += sizeof word) {
        for (uint32_t i = 0; i < sizeof word; i++) {
            word[i] = at + i < size ? bytes[at + i] : 0xFF;
        }
        uint8_t answer = board->doors->flash_program(board->hardware, address_of(slot, offset + at), word);
        if (answer != FLASH_DONE || !image_same(board, slot, offset + at, word, sizeof word)) {
            return RESULT_DAMAGED;
        }
    }
    return RESULT_OK;
}

bool image_sound(const struct board *board, uint8_t slot, const struct image *image)
{
    struct hash_state state;
    uint8_t differ = 0, hash[HASH_BYTES], bytes[READ_BYTES];
    hash_begin(&state);
    for (uint32_t at = 0; at < image->size; at += sizeof bytes) {
        uint32_t part = image->size - at < sizeof bytes ? image->size - at : (uint32_t)sizeof bytes;
        board->doors->flash_read(board->hardware, address_of(slot, at), bytes, part);
        hash_add(&state, bytes, part);
    }
    hash_end(&state, hash);
    for (unsigned i = 0; i < sizeof hash; i++) {
        differ |= (uint8_t)(hash[i] ^ image->hash[i]);
    }
    return differ == 0;
}
