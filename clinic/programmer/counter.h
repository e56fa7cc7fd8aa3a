/* counter.h - the counter that stands in each knock: raised and kept before it is used, and set right by a pump that has seen a
 * higher one (a programmer restored from a backup). link/SPEC.md §4. REQ-SECU-03, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_COUNTER_H
#define CLINIC_PROGRAMMER_COUNTER_H

#include "clinic/programmer/programmer.h"

/* So often a pump may tell another counter before the programmer gives up: once is what a backup costs. Guess. */
enum { COUNTER_ROUNDS = 3 };

/* Raises the counter by one and keeps the key. False, with nothing changed, when it cannot be kept or there is none above. */
bool counter_next(struct programmer *programmer, const struct air *air);
/* Is it the pump's word (COUNTER) on what was just sent to this slot with this tag? Then the key's counter is at least the one
 * told. */
bool counter_told(struct programmer *programmer, const struct packet *packet, const uint8_t gate_key[KEY_BYTES], uint8_t slot,
                  const uint8_t tag[TAG_BYTES]);

#endif
