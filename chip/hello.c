/* hello.c - the first words of a core that has started. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/hello.h"

#include "chip/bus.h"
#include "chip/image.h"
#include "chip/layout.h"
#include "chip/memory.h"

struct bus_start hello(uint32_t crc, bool bench)
{
    struct bus_start start;
    struct bus_fault fault;
    struct bus_hello hello = {
        .version = BUS_VERSION,
        .bench = bench,
        .fault_kept = fault_last(&fault),
        .window = (uint32_t)&chip_window,
        .retained = (uint32_t)chip_retained,
        .pump = (uint32_t)&chip_pump,
        .pump_bytes = sizeof chip_pump,
        .unit_bytes = sizeof chip_unit,
        .image_crc = crc,
        .flash = (uint32_t)layout_flash,
    };
    for (unsigned i = 0; i < BUS_BUILD_BYTES; i++) {
        hello.build[i] = image_stamp.build[i];
    }
    bus_ask(BUS_HELLO, &hello, sizeof hello, &start, sizeof start);
    if (hello.fault_kept) {
        bus_ask(BUS_FAULT, &fault, sizeof fault, NULL, 0);
        fault_forget();
    }
    return start;
}
