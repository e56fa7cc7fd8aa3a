/* door.h - how the server reaches pumps: a radio and keys that belong to somebody else, lent for one conversation at a time. The
 * server knows no socket and no key file. REQ-LINK-02, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_DOOR_H
#define CLINIC_SERVER_DOOR_H

#include "clinic/programmer/programmer.h"

enum { DOOR_FAULT_BYTES = 160 };

struct door {
    void *context; /* handed back to each; null `enter`: no pump can be reached */
    /* Takes hold of the radio of the pump of this serial and of its key of this role (link/permit.h), until leave(); others wait
     * meanwhile. *programmer is zero at the first time. Later it goes on in its session when nobody has used the key since, and
     * is started anew otherwise. False, with a sentence for people in `fault`, and nothing is held. */
    bool (*enter)(void *context, const char *serial, uint8_t role, struct programmer *programmer, struct air *air,
                  char fault[DOOR_FAULT_BYTES]);
    /* In the thread that entered. */
    void (*leave)(void *context);
    /* The serials of the pumps there are keys of this role for, one at a time; false after the last. */
    bool (*pump_at)(void *context, uint8_t role, unsigned index, char serial[SERIAL_BYTES]);
};

#endif
