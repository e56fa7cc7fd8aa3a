/* motor.h - the pump's side of the motor driver: two keys to fire, a result at a later wake, a budget the driver
 * keeps by itself. REQ-ALRM-05, -06, REQ-THER-17, -19, REQ-PWR-07. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_MOTOR_H
#define PUMP_MOTOR_H

#include "pump/state.h"

/* Fires quantum number `sequence`: the engine's key from the sequence alone, the governor's from its answer, so that
 * no answer but "pass" makes the two complementary. */
void motor_fire(struct pump *pump, const struct board *board, int64_t sequence, uint32_t answer, instant_ms now);
/* Looks for the result of the quantum under way. */
void motor_poll(struct pump *pump, const struct board *board, instant_ms now);
/* Sets the driver's budget: what the ceilings in force allow in quanta, at most the model's own flow. It is handed over at the
 * end of the step, when all else has been kept. */
void motor_set_budget(struct pump *pump, const struct board *board, instant_ms now);
void motor_hand_budget(const struct pump *pump, const struct board *board);

#endif
