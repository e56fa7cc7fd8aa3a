// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "tests/pump/nor.h"

void nor_init(struct nor *nor, uint64_t seed)
{
    memset(nor, 0, sizeof *nor);
    memset(nor->byte, 0xFF, sizeof nor->byte);
    nor->erasing = nor->bad_sector = -1;
    nor->chance = seed;
}

/* Counts an operation; true when power is lost at this one. */
static bool cut_here(struct nor *nor)
{
    return nor->cut_in > 0 && --nor->cut_in == 0;
}

static void door_read(void *hardware, uint32_t address, uint8_t *bytes, uint32_t size)
{
    const struct nor *nor = hardware;
    assert_true(address + size <= FLASH_BYTES);
    memcpy(bytes, nor->byte + address, size);
}

static uint8_t door_program(void *hardware, uint32_t address, const uint8_t word[FLASH_WORD_BYTES])
{
    struct nor *nor = hardware;
    uint8_t *at = nor->byte + address;
    assert_int_equal(address % FLASH_WORD_BYTES, 0);
    assert_true(nor->erasing != (int32_t)(address / FLASH_SECTOR_BYTES));
    for (unsigned i = 0; i < FLASH_WORD_BYTES; i++)
        assert_int_equal(at[i], 0xFF); /* each word once between two erases */
    bool cut = cut_here(nor);
    if (cut && nor->cut == NOR_BEFORE)
        longjmp(nor->out, 1);
    bool worn = nor->wear > 0 && chance_between(&nor->chance, 1, nor->wear) == 1;
    for (unsigned i = 0; i < FLASH_WORD_BYTES; i++) {
        uint8_t held = cut && nor->cut == NOR_MIDDLE ? (uint8_t)chance_next(&nor->chance) : 0;
        at[i] &= (uint8_t)(word[i] | held);
    }
    if (worn)
        at[3] ^= 0x10;
    nor->words++;
    if (cut)
        longjmp(nor->out, 1);
    return FLASH_DONE;
}

static void erase_finish(struct nor *nor)
{
    if (nor->erasing != nor->bad_sector)
        memset(nor->byte + (size_t)nor->erasing * FLASH_SECTOR_BYTES, 0xFF, FLASH_SECTOR_BYTES);
    nor->erases[nor->erasing]++;
    nor->erasing = -1;
}

static uint8_t door_erase(void *hardware, uint32_t sector)
{
    struct nor *nor = hardware;
    if (nor->erasing >= 0)
        return FLASH_BUSY;
    bool cut = cut_here(nor);
    if (cut && nor->cut == NOR_BEFORE)
        longjmp(nor->out, 1);
    nor->erasing = (int32_t)sector;
    nor->looks = 0;
    if (cut && nor->cut == NOR_AFTER)
        erase_finish(nor);
    if (cut)
        longjmp(nor->out, 1);
    return FLASH_DONE;
}

static uint8_t door_erased(void *hardware)
{
    struct nor *nor = hardware;
    if (nor->erasing < 0)
        return FLASH_DONE;
    if (cut_here(nor))
        longjmp(nor->out, 1);
    if (nor->looks++ < nor->erase_looks)
        return FLASH_BUSY;
    bool failed = nor->erasing == nor->bad_sector;
    erase_finish(nor);
    return failed ? FLASH_FAILED : FLASH_DONE;
}

void nor_power_lost(struct nor *nor)
{
    if (nor->erasing < 0)
        return;
    uint8_t *at = nor_at(nor, (uint32_t)nor->erasing, 0);
    unsigned how = (unsigned)chance_between(&nor->chance, 0, 3);
    for (unsigned i = 0; i < FLASH_SECTOR_BYTES; i++) {
        uint8_t one = (uint8_t)chance_next(&nor->chance);
        if (how == 1) /* some bits up */
            at[i] |= one;
        else if (how == 2) /* caught while all were being programmed first */
            at[i] &= one;
        else if (how == 3) /* done but for some rows */
            at[i] = i / 256 % 3 != 0 ? 0xFF : at[i];
    }
    nor->erasing = -1;
}

uint8_t *nor_at(struct nor *nor, uint32_t sector, uint32_t offset)
{
    return nor->byte + (size_t)sector * FLASH_SECTOR_BYTES + offset;
}

static const struct board_doors doors = {
    .flash_read = door_read, .flash_program = door_program, .flash_erase = door_erase, .flash_erased = door_erased
};

struct board nor_board(struct nor *nor)
{
    return (struct board){ .doors = &doors, .hardware = nor };
}
