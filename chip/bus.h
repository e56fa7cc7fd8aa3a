/* bus.h - the core's side of the board bus (board/SPEC.md): one question, and its answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_BUS_H
#define CHIP_BUS_H

#include <stdint.h>

#include "board/bus.h"

/* Asks and waits for the answer, whose `result_size` bytes go to `result`. An answer to something else, of another size, with a
 * wrong check, or that the twin did not understand the question: a recorded fault and a new start. */
void bus_ask(enum bus_request request, const void *body, uint16_t size, void *result, uint16_t result_size);

/* The same, with `more` bytes at most of a result that may be longer; how many these are. */
uint16_t bus_ask_more(enum bus_request request, const void *body, uint16_t size, void *result, uint16_t result_size,
                      uint8_t *more, uint16_t more_max);

#endif
