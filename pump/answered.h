/* answered.h - the receipts of the last commands: a repeat gets the receipt it got before and has no second effect.
 * REQ-LINK-02, -03, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_ANSWERED_H
#define PUMP_ANSWERED_H

#include "pump/state.h"

/* What a slot's command with this id was answered, if that is still known; null when not. */
const struct answered *answered_find(const struct pump *pump, uint8_t slot, uint64_t id);
/* The newest receipt of a slot, whose id is its highest from now on. `fingerprint`: of the command's bytes. */
void answered_add(struct pump *pump, uint8_t slot, uint64_t fingerprint, const struct receipt *receipt);
/* A slot has a new key: its ids begin again, and nothing that was answered to the key before is told to it. */
void answered_forget(struct pump *pump, uint8_t slot);

#endif
