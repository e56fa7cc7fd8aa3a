/* reply.h - what a session asks, and what it is told: the messages of link/cisterna.proto. link/SPEC.md §7. REQ-LINK-02, -03,
 * -08, -09. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_REPLY_H
#define PUMP_REPLY_H

#include "board/board.h"
#include "core/command.h"
#include "link/session.h"

struct pump;

enum refusal { REFUSAL_NONE = 0, REFUSAL_ROLE = 1, REFUSAL_NOT_FOUND = 2, REFUSAL_NOT_UNDERSTOOD = 3 };

/* `bytes` holds a request of `size` bytes and is overwritten by the reply, whose length is returned: 0 when what was asked
 * cannot be read. *last: the session ends with this reply. */
size_t reply_make(struct pump *pump, const struct board *board, struct sender sender, uint8_t bytes[PACKET_PLAIN_MAX],
                  size_t size, instant_ms now, bool *last);

#endif
