// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/imagecode.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 26 };

/* Functions of chip/bus.c and chip/uart.c. */
static const char *const WIRE[] = { "bus_ask",       "bus_ask_more", "bus_check",    "write_request", "copy_out",
                                    "put_16",        "part",         "uart_write",   "uart_read",     "uart_radio_woke",
                                    "uart_bus_woke", "watchdog_run", "watchdog_rest" };

struct symbols {
    size_t count;
    struct symbol {
        uint32_t from, to;
        char name[IMAGECODE_NAME_BYTES];
    } symbol[];
};

static uint8_t *file_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long end = -1;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        end = ftell(file);
    if (end > 0 && end < FILE_MAX && fseek(file, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)end);
    if (bytes != NULL && fread(bytes, (size_t)end, 1, file) != 1) {
        free(bytes);
        bytes = NULL;
    }
    if (file != NULL)
        (void)fclose(file);
    *size = bytes != NULL ? (size_t)end : 0;
    return bytes;
}

static bool inside(size_t size, uint64_t from, uint64_t bytes)
{
    return from <= size && bytes <= size - from;
}

/* A span or a name that does not fit is left out: it is then no wire, or has no name. */
static void symbol_take(struct imagecode *code, struct symbols *symbols, const Elf32_Sym *sym, const char *names,
                        size_t room)
{
    if (ELF32_ST_TYPE(sym->st_info) != STT_FUNC || sym->st_name >= room)
        return;
    struct symbol *symbol = &symbols->symbol[symbols->count++];
    symbol->from = sym->st_value & ~(uint32_t)1; /* the lowest bit says Thumb */
    symbol->to = symbol->from + sym->st_size;
    snprintf(symbol->name, sizeof symbol->name, "%.*s", (int)(room - sym->st_name), names + sym->st_name);
    for (unsigned i = 0; i < sizeof WIRE / sizeof WIRE[0]; i++) {
        size_t length = strlen(WIRE[i]); /* and what the compiler makes of it: "copy_out.part.0" */
        if (strncmp(symbol->name, WIRE[i], length) == 0 &&
            (symbol->name[length] == '\0' || symbol->name[length] == '.') && code->spans < IMAGECODE_SPANS)
            code->span[code->spans++] = (struct imagecode_span){ symbol->from, symbol->to };
    }
}

static bool symbols_read(struct imagecode *code, const uint8_t *file, size_t size, const Elf32_Ehdr *head)
{
    Elf32_Shdr table, strings;
    for (unsigned i = 0; i < head->e_shnum; i++) {
        if (!inside(size, head->e_shoff + (uint64_t)i * sizeof table, sizeof table))
            return false;
        memcpy(&table, file + head->e_shoff + i * sizeof table, sizeof table);
        if (table.sh_type != SHT_SYMTAB)
            continue;
        if (!inside(size, head->e_shoff + (uint64_t)table.sh_link * sizeof strings, sizeof strings))
            return false;
        memcpy(&strings, file + head->e_shoff + table.sh_link * sizeof strings, sizeof strings);
        if (!inside(size, table.sh_offset, table.sh_size) || !inside(size, strings.sh_offset, strings.sh_size))
            return false;
        size_t count = table.sh_size / sizeof(Elf32_Sym);
        struct symbols *symbols = calloc(1, sizeof *symbols + count * sizeof symbols->symbol[0]);
        if (symbols == NULL)
            return false;
        for (size_t n = 0; n < count; n++) {
            Elf32_Sym sym;
            memcpy(&sym, file + table.sh_offset + n * sizeof sym, sizeof sym);
            symbol_take(code, symbols, &sym, (const char *)file + strings.sh_offset, strings.sh_size);
        }
        code->symbols = symbols;
        return code->spans > 0;
    }
    return false;
}

static const char *take(struct imagecode *code, const uint8_t *file, size_t size)
{
    Elf32_Ehdr head;
    Elf32_Phdr segment;
    if (!inside(size, 0, sizeof head))
        return "is no image for this chip (an ELF file for Arm)";
    memcpy(&head, file, sizeof head);
    if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS32 || head.e_machine != EM_ARM)
        return "is no image for this chip (an ELF file for Arm)";
    if (!inside(size, head.e_phoff, sizeof segment) || head.e_shentsize != sizeof(Elf32_Shdr))
        return "is cut off";
    memcpy(&segment, file + head.e_phoff, sizeof segment);
    if (head.e_phnum != 1 || segment.p_type != PT_LOAD || segment.p_paddr != 0 || segment.p_filesz == 0)
        return "is not loaded in one piece at address 0";
    if (!inside(size, segment.p_offset, segment.p_filesz))
        return "is cut off";
    code->bytes = malloc(segment.p_filesz);
    if (code->bytes == NULL)
        return "no memory is left";
    memcpy(code->bytes, file + segment.p_offset, segment.p_filesz);
    code->size = segment.p_filesz;
    return symbols_read(code, file, size, &head) ? NULL : "has no symbols that tell the functions of the board bus";
}

const char *imagecode_read(struct imagecode *code, const char *path)
{
    size_t size;
    uint8_t *file = file_read(path, &size);
    memset(code, 0, sizeof *code);
    const char *fault = file != NULL ? take(code, file, size) : "cannot be read";
    free(file);
    if (fault != NULL)
        imagecode_free(code);
    return fault;
}

void imagecode_free(struct imagecode *code)
{
    free(code->bytes);
    free(code->symbols);
    memset(code, 0, sizeof *code);
}

bool imagecode_wire(const struct imagecode *code, uint32_t pc)
{
    for (unsigned i = 0; i < code->spans; i++)
        if (pc >= code->span[i].from && pc < code->span[i].to)
            return true;
    return false;
}

void imagecode_name(const struct imagecode *code, uint32_t pc, char name[IMAGECODE_NAME_BYTES])
{
    const struct symbols *symbols = code->symbols;
    name[0] = '\0';
    for (size_t i = 0; symbols != NULL && i < symbols->count; i++)
        if (pc >= symbols->symbol[i].from && pc < symbols->symbol[i].to)
            memcpy(name, symbols->symbol[i].name, IMAGECODE_NAME_BYTES);
}
