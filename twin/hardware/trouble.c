/* trouble.c - what is wrong with the implant, and what that changes at once. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/trouble.h"

#include "twin/hardware/hardware.h"

/* What rushes through open valves before the flow has closed the safety valve: a guess. That the field opens both valves, and
 * that such a valve is there: clinical facts 1.1, HZ-19. */
static const double SAFETY_VALVE_M3 = 20e-9;

/* Is `amount` a share, of which there is never more than 1? */
static bool is_share(enum twin_fault fault)
{
    switch (fault) {
    case TWIN_FAULT_OVERINFUSION:
    case TWIN_FAULT_TEMPERATURE:
    case TWIN_FAULT_LEAKAGE:
    case TWIN_FAULT_SENSOR_WRONG:
    case TWIN_FAULT_LOAD:
        return false;
    case TWIN_FAULT_STALL:
    case TWIN_FAULT_SLIP:
    case TWIN_FAULT_KINK:
    case TWIN_FAULT_OCCLUSION:
    case TWIN_FAULT_LEAK:
    case TWIN_FAULT_DISCONNECTION:
    case TWIN_FAULT_SENSOR_STUCK:
    case TWIN_FAULT_MAGNET:
    case TWIN_FAULT_FIELD:
    case TWIN_FAULT_FIELD_REST:
    case TWIN_FAULT_SOUNDER_DEAD:
    case TWIN_FAULT_GRANULOMA:
    case TWIN_FAULT_POCKET:
    case TWIN_FAULTS:
        break;
    }
    return true;
}

static void jam_set(struct twin *twin)
{
    const double *fault = twin->fault;
    bool rests = fault[TWIN_FAULT_FIELD_REST] > 0.0 && twin->mechanism.kind == MECHANISM_IS_ROTOR;
    bool jammed = fault[TWIN_FAULT_STALL] > 0.0 || fault[TWIN_FAULT_FIELD] > 0.0 || rests;
    driver_jam(&twin->driver, jammed);
    if (jammed) {
        twin_block_motion(twin);
    }
}

/* `was`: it was in the field already. */
static void field_set(struct twin *twin, bool was)
{
    bool in_field = twin->fault[TWIN_FAULT_FIELD] > 0.0;
    twin->sensors.field = in_field;
    jam_set(twin);
    if (in_field && !was && twin->mechanism.kind == MECHANISM_IS_VALVES) {
        twin_let_out(twin, SAFETY_VALVE_M3);
    }
}

void twin_set_fault(struct twin *twin, enum twin_fault fault, double amount)
{
    double on = amount > 0.0 ? amount : 0.0;
    bool was = twin->fault[fault] > 0.0;
    twin->fault[fault] = is_share(fault) && on > 1.0 ? 1.0 : on;
    switch (fault) {
    case TWIN_FAULT_STALL:
    case TWIN_FAULT_FIELD_REST:
        jam_set(twin);
        break;
    case TWIN_FAULT_FIELD:
        field_set(twin, was);
        break;
    case TWIN_FAULT_SLIP:
        mechanism_set_slip(&twin->mechanism, twin->fault[fault]);
        break;
    case TWIN_FAULT_OVERINFUSION:
        mechanism_set_overinfusion(&twin->mechanism, on > 0.0 ? on : 1.0);
        break;
    case TWIN_FAULT_SENSOR_STUCK:
        twin->sensors.stuck = on > 0.0;
        break;
    case TWIN_FAULT_MAGNET:
        twin->sensors.magnet = on > 0.0;
        break;
    case TWIN_FAULT_TEMPERATURE:
        twin->sensors.temperature_c = on > 0.0 ? on : SENSORS_BODY_C;
        break;
    case TWIN_FAULT_LEAKAGE:
        twin->sensors.leakage_na = on;
        break;
    case TWIN_FAULT_SENSOR_WRONG:
        twin->sensors.fill_scale = on > 0.0 ? on : 1.0;
        break;
    case TWIN_FAULT_LOAD:
        driver_set_load(&twin->driver, on > 0.0 ? on : 1.0, twin->now, 0);
        break;
    case TWIN_FAULT_KINK:
    case TWIN_FAULT_OCCLUSION:
        twin->trapped_m3 = 0.0; /* it finds its way, or begins to press anew */
        break;
    case TWIN_FAULT_GRANULOMA:
        twin->trapped_m3 = on > 0.0 ? twin->trapped_m3 : 0.0; /* it grows and shrinks: what presses goes on pressing */
        break;
    case TWIN_FAULT_LEAK:
    case TWIN_FAULT_DISCONNECTION:
    case TWIN_FAULT_SOUNDER_DEAD:
    case TWIN_FAULT_POCKET:
    case TWIN_FAULTS:
        break;
    }
    twin->troubled = twin->fault[TWIN_FAULT_SLIP] > 0.0 || twin->fault[TWIN_FAULT_KINK] > 0.0
                     || twin->fault[TWIN_FAULT_OCCLUSION] > 0.0 || twin->fault[TWIN_FAULT_LEAK] > 0.0
                     || twin->fault[TWIN_FAULT_DISCONNECTION] > 0.0 || twin->fault[TWIN_FAULT_GRANULOMA] > 0.0;
}
