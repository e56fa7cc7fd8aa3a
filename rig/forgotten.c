/* forgotten.c - what the pump has forgotten with its memory. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/forgotten.h"

void forgotten_add(const struct forgotten *forgotten, struct pump_status *status)
{
    status->commanded_quanta += forgotten->commanded_quanta;
    status->commanded_bolus_quanta += forgotten->commanded_bolus_quanta;
    status->metered_quanta += forgotten->metered_quanta;
    status->missed_quanta += forgotten->missed_quanta;
    status->withheld_quanta += forgotten->withheld_quanta;
    status->dropped.grain += forgotten->dropped.grain;
    status->commanded.fl = status->commanded_quanta * status->quantum.fl;
    status->metered.fl = status->metered_quanta * status->quantum.fl;
}

static int64_t loss(int64_t before, int64_t after)
{
    return before > after ? before - after : 0;
}

void forgotten_count(struct forgotten *forgotten, const struct pump_status *before, const struct pump_status *after)
{
    forgotten->commanded_quanta += loss(before->commanded_quanta, after->commanded_quanta);
    forgotten->commanded_bolus_quanta += loss(before->commanded_bolus_quanta, after->commanded_bolus_quanta);
    forgotten->metered_quanta += loss(before->metered_quanta, after->metered_quanta);
    forgotten->missed_quanta += loss(before->missed_quanta, after->missed_quanta);
    forgotten->withheld_quanta += loss(before->withheld_quanta, after->withheld_quanta);
    forgotten->dropped.grain +=
        loss(before->in_hand.grain + before->dropped.grain, after->in_hand.grain + after->dropped.grain);
}
