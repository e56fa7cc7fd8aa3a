/* knock.h - the handshake that opens a session: KNOCK until ANSWER, or a fresh KNOCK after COUNTER. link/SPEC.md §4, §5. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_KNOCK_H
#define CLINIC_PROGRAMMER_KNOCK_H

#include "clinic/programmer/programmer.h"

/* Opens programmer->session, and learns the role the pump gives this key. The key has a slot. */
MUST_USE enum contact knock_open(struct programmer *programmer, const struct air *air);

#endif
