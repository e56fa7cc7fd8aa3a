/* capture.h - what goes over the simulated air as a file for Wireshark, and the keys of sessions beside it. Byte by byte:
 * docs/wireshark.md. Only where the other end of the air is simulated too: whoever has the keys reads everything. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CAPTURE_H
#define RIG_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "board/board.h"
#include "link/session.h"

/* How a frame went: towards the pump, by this reach; or from it, which has none. */
enum capture_way { CAPTURE_TO_PUMP_NEAR = 2, CAPTURE_TO_PUMP_FAR = 0, CAPTURE_FROM_PUMP = 1 };

/* Begins the file. Errors of the stream are for the caller to see (ferror), here and below. */
void capture_begin(FILE *stream);
/* One frame of 1 to RADIO_FRAME_MAX bytes, its closing zero included where it has one, damaged or not; `at` in the pump's time.
 * False, with nothing written, for any other size. */
bool capture_frame(FILE *stream, instant_ms at, enum capture_way way, const uint8_t *frame, size_t size);
/* The way of a frame that a pump heard by this reach. */
enum capture_way capture_heard(uint8_t reach);

/* Begins the file of keys, with a line that says what they are. */
void capture_keys_begin(FILE *stream);
/* The keys of a session, as its programmer holds them at the beginning. False, with nothing written, when there is no session or
 * a key has moved on: what was sealed before cannot be opened with it. */
bool capture_keys(FILE *stream, const struct session *programmers);

#endif
