/* trouble.c - words for faults. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/trouble.h"

#include <stddef.h>

static const struct trouble_row ROWS[] = {
    { "stall", TWIN_FAULT_STALL, TROUBLE_PLAIN, "" },
    { "slip", TWIN_FAULT_SLIP, TROUBLE_SHARE, "the share of quanta that are counted though nothing moved" },
    { "overinfusion", TWIN_FAULT_OVERINFUSION, TROUBLE_FACTOR, "what moves, of what should" },
    { "kink", TWIN_FAULT_KINK, TROUBLE_SHARE, "the share that still passes" },
    { "occlusion", TWIN_FAULT_OCCLUSION, TROUBLE_PLAIN, "" },
    { "leak", TWIN_FAULT_LEAK, TROUBLE_SHARE, "the share that is lost on the way" },
    { "pocket", TWIN_FAULT_POCKET, TROUBLE_SHARE, "the share of the next fill that goes beside the reservoir" },
    { "disconnection", TWIN_FAULT_DISCONNECTION, TROUBLE_PLAIN, "" },
    { "mri", TWIN_FAULT_FIELD, TROUBLE_PLAIN, "" },
    { "sensor_stuck", TWIN_FAULT_SENSOR_STUCK, TROUBLE_PLAIN, "" },
    { "sounder_dead", TWIN_FAULT_SOUNDER_DEAD, TROUBLE_PLAIN, "" },
    { "motor_load", TWIN_FAULT_LOAD, TROUBLE_FACTOR, "the motor's load, of a new one's" },
};
_Static_assert(sizeof ROWS / sizeof ROWS[0] <= TROUBLES_MAX, "a place for each");

const struct trouble_row *trouble_at(unsigned index)
{
    return index < sizeof ROWS / sizeof ROWS[0] ? &ROWS[index] : NULL;
}
