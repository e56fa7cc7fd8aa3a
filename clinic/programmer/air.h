/* air.h - what a programmer needs of the world: a radio, chance, and a place where its key is kept. In the twin the radio is
 * simulated and time is virtual; on the command line it is a socket. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_AIR_H
#define CLINIC_PROGRAMMER_AIR_H

#include "clinic/programmer/key.h"
#include "link/frame.h"

struct air {
    void *context; /* handed back to each */
    /* Sends one frame. False when there is no radio any more. */
    bool (*send)(void *context, const uint8_t *frame, size_t size);
    /* The next frame that comes within `wait_ms`; its length, 0 when none came. */
    size_t (*receive)(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms);
    void (*chance)(void *context, uint8_t *bytes, size_t size);
    /* Keeps the key safely, before anything that depends on it is sent. False: it could not, and nothing is sent. */
    bool (*keep)(void *context, const struct key *key);
};

#endif
