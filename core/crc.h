/* crc.h - the check value of stored records. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_CRC_H
#define CORE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 as of IEEE 802.3 (polynomial 04C11DB7, reflected, initial and final FFFFFFFF). Of "123456789": CBF43926. */
uint32_t crc32_of(const uint8_t *bytes, size_t size);
/* Goes on with a check value over further bytes; of nothing it is 0. */
uint32_t crc32_more(uint32_t crc, const uint8_t *bytes, size_t size);

#endif
