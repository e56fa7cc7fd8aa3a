/* role.h - somebody with a key who wants more than the key's role may: every command and every question that link/permit.def
 * bars it from, in a session of its own. HZ-42, REQ-SECU-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_ATTACK_ROLE_H
#define APP_ATTACK_ROLE_H

#include "clinic/programmer/programmer.h"

struct role_found {
    unsigned tried, refused, applied;
    unsigned unknown; /* no answer came that tells */
};

/* Asks and commands in the programmer's session; `mode` is the pump's. */
void role_try(struct programmer *programmer, const struct air *air, uint8_t mode, struct role_found *found);

#endif
