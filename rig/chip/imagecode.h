/* imagecode.h - the code of an image as its ELF file has it, and which of it is the wire: the functions that carry the
 * board bus, which only an emulated chip has. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_IMAGECODE_H
#define RIG_CHIP_IMAGECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGECODE_SPANS = 64, IMAGECODE_NAME_BYTES = 40 };

struct imagecode {
    uint8_t *bytes; /* from address 0 on */
    size_t size;
    unsigned spans;
    struct imagecode_span {
        uint32_t from, to; /* to: the first address behind it */
    } span[IMAGECODE_SPANS];
    void *symbols; /* with their names, for imagecode_name() */
};

/* Null, or what is wrong with it: then there is nothing to free. */
const char *imagecode_read(struct imagecode *code, const char *path);
void imagecode_free(struct imagecode *code);
/* Does this address lie in the wire? */
bool imagecode_wire(const struct imagecode *code, uint32_t pc);
/* The function that this address lies in; "" when there is none. */
void imagecode_name(const struct imagecode *code, uint32_t pc, char name[IMAGECODE_NAME_BYTES]);

#endif
