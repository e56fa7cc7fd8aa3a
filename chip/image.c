/* image.c - what stands in the image about itself. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/image.h"

#include "chip/layout.h"
#include "core/crc.h"

/* Volatile: what is written after linking is not what the compiler saw. */
const volatile struct image_stamp image_stamp __attribute__((section(".stamp"), used)) = { 0 };

static uint32_t crc_between(uint32_t crc, uint32_t from, uint32_t to)
{
    /* The vectors stand at 0, which to the compiler is no object's address. */
    const uint8_t *bytes = (const uint8_t *)from;
    __asm("" : "+r"(bytes));
    return crc32_more(crc, bytes, to - from);
}

uint32_t image_crc(void)
{
    uint32_t at = (uint32_t)&image_stamp.crc;
    return crc_between(crc_between(0, 0, at), at + sizeof image_stamp.crc, (uint32_t)layout_code_end);
}
