// SPDX-License-Identifier: Apache-2.0
#include "pump/region.h"

struct region_span region_span(enum region region)
{
#define REGION(name, sectors, purpose) [REGION_##name] = { REGION_FIRST_##name, sectors },
    static const struct region_span spans[REGIONS] = {
#include "pump/region.def"
    };
#undef REGION
    return spans[region];
}
