/* sense.h - what the sensors tell, judged once an hour and while something is amiss: temperature, catheter pressure, fill,
 * motor load, a scanner's field, and whether the sensors themselves can be believed. REQ-ALRM-15, REQ-RSVR-06,
 * REQ-PWR-09, HZ-12, HZ-14, HZ-25, HZ-39. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_SENSE_H
#define PUMP_SENSE_H

#include "pump/state.h"

/* As the event sensor names them. */
enum sensor { SENSOR_TEMPERATURE = 1, SENSOR_PRESSURE = 2, SENSOR_FILL = 3, SENSOR_LEAKAGE = 4 };

/* Reads and judges when due. Returns when the next reading is. */
instant_ms sense_look(struct pump *pump, const struct board *board, instant_ms now);

#endif
