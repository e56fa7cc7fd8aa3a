/* copy.c - memcpy, memmove, memset and memcmp. */
// SPDX-License-Identifier: Apache-2.0
#include "chip/copy.h"

#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) word;

static int aligned(const void *one, const void *other)
{
    return (((uintptr_t)one | (uintptr_t)other) & 3) == 0;
}

void *memcpy(void *to, const void *from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if (aligned(to, from)) {
        for (; size >= 4; size -= 4, out += 4, in += 4) {
            *(word *)(void *)out = *(const word *)(const void *)in;
        }
    }
    while (size-- > 0) {
        *out++ = *in++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if ((uintptr_t)to - (uintptr_t)from >= size) {
        return memcpy(to, from, size); /* upwards, which is what it does */
    }
    while (size-- > 0) {
        out[size] = in[size];
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *out = to;
    if (aligned(to, to)) {
        for (; size >= 4; size -= 4, out += 4) {
            *(word *)(void *)out = (uint8_t)value * 0x01010101u;
        }
    }
    while (size-- > 0) {
        *out++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *one, const void *other, size_t size)
{
    const uint8_t *a = one, *b = other;
    for (; size > 0; size--, a++, b++) {
        if (*a != *b) {
            return *a < *b ? -1 : 1;
        }
    }
    return 0;
}
