/* image.h - what stands in the image about itself. chip/stamp.py writes it after linking. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_IMAGE_H
#define CHIP_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "board/bus.h"

/* At address 0x100. */
struct image_stamp {
    uint32_t size; /* bytes loaded, from address 0 */
    uint32_t crc;  /* CRC-32 (core/crc.h) over them, these four left out */
    uint8_t
        build[BUS_BUILD_BYTES]; /* first bytes of SHA-256 over them, this stamp zero: the same source, the same build */
};
extern const volatile struct image_stamp image_stamp;

/* The CRC of what is really there. Before mpu_close() only: afterwards the first bytes cannot be read. */
uint32_t image_crc(void);

#endif
