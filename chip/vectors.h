/* vectors.h - the table from which the core takes its first stack and the address of every handler. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_VECTORS_H
#define CHIP_VECTORS_H

#include <stdint.h>

enum {
    VECTOR_RESET = 1,
    VECTOR_INTERRUPTS = 16,
    VECTOR_RADIO = VECTOR_INTERRUPTS + 0,
    VECTOR_BUS = VECTOR_INTERRUPTS + 2,
    VECTORS = VECTOR_INTERRUPTS + 32
};

/* The first is the top of the handlers' stack, the rest are functions. */
extern void (*const vectors[VECTORS])(void);

#endif
