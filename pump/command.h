/* command.h - the pump's side of commands: who may, is it fresh, was it given before, then do it. REQ-LINK-02, -03,
 * -12, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_COMMAND_H
#define PUMP_COMMAND_H

#include "core/command.h"
#include "pump/state.h"

/* Carries out one command read from bytes. `fingerprint` tells two uses of one id apart. */
void command_carry_out(struct pump *pump, const struct board *board, struct sender sender, const struct command *command,
                       uint64_t fingerprint, instant_ms now, struct receipt *receipt);

#endif
