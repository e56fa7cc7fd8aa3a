/* hello.h - the first words of a core that has started. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_HELLO_H
#define CHIP_HELLO_H

#include <stdbool.h>
#include <stdint.h>

#include "board/bus.h"

/* Says which image this is and where its memory lies, and then what ended the core's last life, if that was a fault. `crc`: as
 * image_crc() found it. Why it was started is the answer. */
struct bus_start hello(uint32_t crc, bool bench);

#endif
