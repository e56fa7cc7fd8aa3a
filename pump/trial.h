/* trial.h - an image is tried: the start into it, the start back, and what a start finds of both. Between the wish to start again
 * and the start itself a quantum under way is waited for, and nothing longer may begin; the fraction in hand goes on after it.
 * REQ-SECU-09, HZ-17; docs/decisions/0018-update.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_TRIAL_H
#define PUMP_TRIAL_H

#include "core/event.h"
#include "pump/state.h"

/* Guesses: a service that has not confirmed an image within a day has lost it; what the core may need to start again, looking
 * through three images of 128 KiB included. */
enum { TRIAL_MS = 24 * HOUR_MS, TRIAL_GAP_MS = 2000 };

/* At a start, once the stores are mounted and the log runs, and before the ledger counts from now: which image runs, what becomes
 * of one that was tried, and how long nothing ran. */
void trial_boot(struct pump *pump, const struct board *board, instant_ms now);

/* When a scheduled bolus is over that would begin before the core has started again; 0 when none would. */
int64_t trial_held_until_ms(const struct pump *pump, instant_ms now);
/* The core is to start again, with the image of this slot by all that is known. */
void trial_begin(struct pump *pump, enum actor actor, uint8_t slot, instant_ms now);
/* The core is about to start again: only a stop is taken. */
bool trial_bars(const struct pump *pump, const struct command *command);
/* Starts the core again, if that is asked for and no quantum is under way: the last thing in a step or command. */
void trial_restart(struct pump *pump, const struct board *board, instant_ms now);

/* Gives up the image that runs when it was not confirmed in time, as soon as no bolus is under way or near; a prime or bridge
 * goes on after a start. Returns when it wants to be asked again. */
instant_ms trial_look(struct pump *pump, instant_ms now);

#endif
