/* flash.c - what the flash chip does with a word, and with a sector; and what it leaves when power goes or it fails. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/flash.h"

#include <string.h>

#include "twin/hardware/sensors.h"

/* Streams of the seed, so that what is worn, what noise is read and what a cut leaves are independent of each other. */
static const uint64_t STREAM_CUT = 0xF1A5000000000001u;
static const uint64_t STREAM_WORD = 0xF1A5000000000002u;
static const uint64_t STREAM_SECTOR = 0xF1A5000000000003u;
static const uint64_t STREAM_NOISE = 0xF1A5000000000004u;

static uint64_t flash_chance(struct flash *flash)
{
    return chance_bits(flash->seed ^ STREAM_CUT, flash->chance++);
}

static bool worn(const struct flash *flash, uint64_t stream, uint64_t place, uint32_t ppm)
{
    return ppm != 0 && chance_bits(flash->seed ^ stream, place) % 1000000 < ppm;
}

void flash_init(struct flash *flash)
{
    memset(flash, 0, sizeof *flash);
    flash->erasing = -1;
    flash->done_at = INSTANT_NEVER;
    flash->cut_due = INSTANT_NEVER;
    flash->last = FLASH_DONE;
    memset(flash->byte, 0xFF, sizeof flash->byte);
}

static uint8_t *sector_bytes(struct flash *flash, uint32_t sector)
{
    return flash->byte + (size_t)sector * FLASH_SECTOR_BYTES;
}

/* An erase that did not come to its end: some bytes are erased, some are as they were, of some a part of the bits has
 * gone over. How far it came is drawn too, so that a nearly whole and a hardly begun erase both occur. */
static void sector_mix(struct flash *flash, uint32_t sector)
{
    uint8_t *byte = sector_bytes(flash, sector);
    uint64_t progress = flash_chance(flash);
    unsigned erased = (unsigned)(progress & 0xFF);
    unsigned between = (unsigned)(progress >> 8 & 0x7F);
    for (unsigned i = 0; i < FLASH_SECTOR_BYTES; i += 4) {
        uint64_t chance = flash_chance(flash);
        for (unsigned k = 0; k < 4; k++, chance >>= 16) {
            unsigned which = (unsigned)(chance & 0xFF);
            if (which < erased) {
                byte[i + k] = 0xFF;
            } else if (which < erased + between) {
                byte[i + k] |= (uint8_t)(chance >> 8);
            }
        }
    }
}

/* Eight bytes as one number, and back, so that all their bits go at once. */
static uint64_t word_bits(const uint8_t word[FLASH_WORD_BYTES])
{
    uint64_t bits = 0;
    __builtin_memcpy(&bits, word, sizeof bits);
    return bits;
}

/* Of the bits that `word` would clear, those that `chance` names. */
static void word_clear(struct flash *flash, uint32_t address, const uint8_t word[FLASH_WORD_BYTES], uint64_t chance)
{
    uint8_t named[FLASH_WORD_BYTES];
    for (unsigned i = 0; i < FLASH_WORD_BYTES; i++, chance >>= 8) {
        named[i] = (uint8_t)chance; /* on every machine its lowest byte for the first of the word */
    }
    uint64_t bits = word_bits(flash->byte + address) & (word_bits(word) | ~word_bits(named));
    __builtin_memcpy(flash->byte + address, &bits, sizeof bits);
}

void flash_end_erase(struct flash *flash)
{
    uint32_t sector = (uint32_t)flash->erasing;
    bool failed = flash->last == FLASH_FAILED || worn(flash, STREAM_SECTOR, sector, flash->wear.sectors_ppm);
    if (failed) {
        sector_mix(flash, sector);
    } else {
        memset(sector_bytes(flash, sector), 0xFF, FLASH_SECTOR_BYTES);
    }
    flash->erasing = -1;
    flash->last = failed && !flash->wear.silent ? FLASH_FAILED : FLASH_DONE;
}

void flash_read_noise(const struct flash *flash, uint32_t address, uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if ((address + i) / FLASH_SECTOR_BYTES == (uint32_t)flash->erasing) {
            bytes[i] = (uint8_t)chance_bits(flash->seed ^ STREAM_NOISE, flash->operations * FLASH_BYTES + address + i);
        }
    }
}

/* Programs and ends without power, as asked for. */
static uint8_t word_cut(struct flash *flash, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    if (flash->cut == FLASH_CUT_AFTER) {
        word_clear(flash, address, word, UINT64_MAX);
    } else if (flash->cut != FLASH_CUT_BEFORE) {
        word_clear(flash, address, word, flash_chance(flash));
    }
    flash->off = true;
    return FLASH_FAILED;
}

uint8_t flash_program(struct flash *flash, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    if (flash->off) {
        return FLASH_FAILED;
    }
    if (flash->erasing >= 0 && address / FLASH_SECTOR_BYTES == (uint32_t)flash->erasing) {
        return FLASH_BUSY;
    }
    flash->operations++;
    flash->misuses += word_bits(flash->byte + address) != UINT64_MAX;
    if (flash->operations == flash->cut_at) {
        return word_cut(flash, address, word);
    }
    if (flash->operations == flash->fail_at
        || worn(flash, STREAM_WORD, address / FLASH_WORD_BYTES, flash->wear.words_ppm)) {
        word_clear(flash, address, word, flash_chance(flash));
        return flash->wear.silent ? FLASH_DONE : FLASH_FAILED;
    }
    word_clear(flash, address, word, UINT64_MAX);
    return FLASH_DONE;
}

/* Begins and ends without power, as asked for; true when the erase goes on for now and power goes later. */
static bool erase_cut(struct flash *flash, uint32_t sector, instant_ms now)
{
    switch ((enum flash_cut)flash->cut) {
    case FLASH_CUT_BEFORE:
        break;
    case FLASH_CUT_MIDDLE:
        sector_mix(flash, sector);
        break;
    case FLASH_CUT_AFTER:
        memset(sector_bytes(flash, sector), 0xFF, FLASH_SECTOR_BYTES);
        break;
    case FLASH_CUT_DURING:
        flash->cut_due.ms = now.ms + (int64_t)(flash_chance(flash) % FLASH_ERASE_MS);
        return true;
    }
    flash->off = true;
    return false;
}

uint8_t flash_erase(struct flash *flash, uint32_t sector, instant_ms now)
{
    if (flash->off) {
        return FLASH_FAILED;
    }
    flash_settle(flash, now);
    if (flash->erasing >= 0) {
        return FLASH_BUSY;
    }
    flash->operations++;
    if (!(flash->operations == flash->cut_at && flash->cut == FLASH_CUT_BEFORE)) {
        flash->erases[sector]++;
    }
    if (flash->operations == flash->cut_at && !erase_cut(flash, sector, now)) {
        return FLASH_FAILED;
    }
    flash->last = flash->operations == flash->fail_at ? FLASH_FAILED : FLASH_DONE;
    flash->erasing = (int32_t)sector;
    flash->done_at.ms = now.ms + FLASH_ERASE_MS;
    return FLASH_DONE;
}

uint8_t flash_erased(struct flash *flash, instant_ms now)
{
    flash_settle(flash, now);
    return flash->erasing >= 0 ? (uint8_t)FLASH_BUSY : flash->last;
}

void flash_cut_at(struct flash *flash, uint64_t operation, enum flash_cut cut)
{
    flash->cut_at = operation;
    flash->cut = (uint8_t)cut;
}

void flash_fail_at(struct flash *flash, uint64_t operation)
{
    flash->fail_at = operation;
}

void flash_flip(struct flash *flash, uint64_t bit_index)
{
    uint64_t bit = bit_index % ((uint64_t)FLASH_BYTES * 8);
    flash->byte[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

void flash_power_cut(struct flash *flash, instant_ms now)
{
    flash_settle(flash, now);
    if (flash->erasing >= 0) {
        sector_mix(flash, (uint32_t)flash->erasing);
        flash->erasing = -1;
    }
    flash->last = FLASH_DONE; /* of none begun since */
    flash->off = false;
    flash->cut_due = INSTANT_NEVER;
    if (flash->operations >= flash->cut_at) {
        flash->cut_at = 0;
    }
}
