/* imagecode_test.c - the wire of the image that is built here, and files that are no image: cut off anywhere, or with any byte
 * of their tables changed. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/chip/imagecode.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rig/dice.h"

static const char IMAGE[] = "build/cortex-m/chip/pump.elf";

static void the_wire_is_the_bus_and_not_the_pump(void **state)
{
    (void)state;
    struct imagecode code;
    const char *fault = imagecode_read(&code, IMAGE);
    if (fault != NULL)
        fail_msg("%s: %s", IMAGE, fault);
    char name[IMAGECODE_NAME_BYTES];
    unsigned wire = 0, pump = 0, asks = 0;
    for (uint32_t pc = 0; pc < code.size; pc += 2) {
        imagecode_name(&code, pc, name);
        bool bus = strncmp(name, "bus_", 4) == 0 || strncmp(name, "uart_", 5) == 0;
        if (imagecode_wire(&code, pc))
            wire++;
        if (bus && strcmp(name, "uart_open") != 0)
            assert_true(imagecode_wire(&code, pc));
        if (strncmp(name, "pump_", 5) == 0 || strncmp(name, "engine_", 7) == 0 || strncmp(name, "ledger_", 7) == 0) {
            assert_false(imagecode_wire(&code, pc));
            pump++;
        }
        asks += strcmp(name, "bus_ask_more") == 0;
    }
    assert_true(wire > 50 && wire < 1000);
    assert_true(pump > 500);
    assert_true(asks > 20);
    imagecode_name(&code, 0xFFFFFFF0, name);
    assert_string_equal(name, "");
    imagecode_free(&code);
}

static size_t image_bytes(uint8_t **bytes)
{
    FILE *file = fopen(IMAGE, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    *bytes = malloc(size);
    assert_non_null(*bytes);
    assert_int_equal(fread(*bytes, size, 1, file), 1);
    fclose(file);
    return size;
}

static const char *read_bytes(const char *name, const uint8_t *bytes, size_t size)
{
    struct imagecode code;
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_true(size == 0 || fwrite(bytes, size, 1, file) == 1);
    assert_int_equal(fclose(file), 0);
    const char *fault = imagecode_read(&code, name);
    if (fault == NULL)
        imagecode_free(&code);
    else
        assert_null(code.bytes);
    return fault;
}

static void no_file_that_is_none_does_harm(void **state)
{
    (void)state;
    char name[] = P_tmpdir "/cisterna-image-XXXXXX";
    uint8_t *bytes;
    struct dice dice = dice_for(1, 1);
    Elf32_Ehdr head;
    int file = mkstemp(name);
    assert_true(file >= 0);
    close(file);
    size_t size = image_bytes(&bytes);
    for (unsigned i = 0; i < 40; i++)
        assert_non_null(read_bytes(name, bytes, size * i / 40));
    assert_null(read_bytes(name, bytes, size));
    memcpy(&head, bytes, sizeof head);
    for (unsigned i = 0; i < 150; i++) { /* in the head, the segments and the sections' table */
        static const size_t spans[] = { sizeof(Elf32_Ehdr), sizeof(Elf32_Phdr), 40 * sizeof(Elf32_Shdr) };
        const size_t begins[] = { 0, head.e_phoff, head.e_shoff };
        size_t at = begins[i % 3] + (size_t)dice_between(&dice, 0, (int64_t)spans[i % 3] - 1);
        if (at >= size)
            continue;
        uint8_t kept = bytes[at];
        bytes[at] = (uint8_t)dice_bits(&dice);
        (void)read_bytes(name, bytes, size);
        bytes[at] = kept;
    }
    free(bytes);
    unlink(name);
    struct imagecode code;
    assert_non_null(imagecode_read(&code, name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wire_is_the_bus_and_not_the_pump),
        cmocka_unit_test(no_file_that_is_none_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
