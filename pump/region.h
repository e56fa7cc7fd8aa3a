/* region.h - the sectors of the flash, by owner (pump/region.def). */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_REGION_H
#define PUMP_REGION_H

#include "board/board.h"

#define REGION(name, sectors, purpose) REGION_##name,
enum region {
#include "pump/region.def"
    REGIONS
};
#undef REGION

/* First sectors, by adding up the list: REGION_FIRST_EVENTS and the like; and how many each has. */
#define REGION(name, sectors, purpose) REGION_FIRST_##name, REGION_LAST_##name = REGION_FIRST_##name + (sectors) - 1,
enum region_first {
#include "pump/region.def"
    REGION_SECTORS
};
#undef REGION
_Static_assert((int)REGION_SECTORS <= (int)FLASH_SECTORS, "the regions fit the flash");

struct region_span {
    uint16_t first, count; /* sectors */
};

/* Where a region lies. */
struct region_span region_span(enum region region);

#endif
