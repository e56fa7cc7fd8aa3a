/* bytes_attack_test.c - seeded attacks on the bytes: random and half-right commands, therapies with bytes changed or cut off. The
 * pump always answers with a canonical receipt, always comes to rest, and takes nothing but canonical bytes. */
// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "tests/attack/ward.h"

enum { COMMANDS = 20000, THERAPIES = 20000, RANDOM_BYTES_MAX = 300 };

static struct ward ward;
static uint64_t chance = 0x9E3779B97F4A7C15u;

static uint64_t draw(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance;
}

static void treat(void)
{
    struct mixture morphine = bedside_drug(DRUG_MORPHINE, NG_PER_MG);
    ward_admit(&ward, "C20", &morphine);
    struct therapy therapy = bedside_therapy(&ward.bed, &morphine, NL_PER_ML);
    bedside_permit(&therapy, 1000, NL_PER_ML, 60, 4);
    bedside_treat(&ward.bed, &therapy);
}

/* Random bytes, half of them with a true version, kind and ledger head. Each is given from memory of exactly its size, so
 * that reading past it shows. */
static void random_commands_are_answered(void **state)
{
    (void)state;
    treat();
    struct rig *rig = &ward.bed.rig;
    for (unsigned i = 0; i < COMMANDS; i++) {
        size_t size = draw() % RANDOM_BYTES_MAX;
        uint8_t *bytes = malloc(size + 1), answer[RECEIPT_BYTES];
        assert_non_null(bytes);
        for (size_t at = 0; at < size; at++)
            bytes[at] = (uint8_t)draw();
        if (size >= 18 && draw() % 2 == 0) {
            uint64_t head = bedside_status(&ward.bed).head;
            bytes[0] = COMMAND_VERSION;
            bytes[1] = (uint8_t)(draw() % 14);
            for (unsigned b = 0; b < 8; b++)
                bytes[10 + b] = (uint8_t)(head >> 8 * b);
        }
        struct board board = twin_board(&rig->twin);
        struct receipt receipt, read;
        struct sender sender = { (uint8_t)(draw() % 6), (uint8_t)(draw() % 11) };
        pump_command(&rig->pump, &board, rig->now, sender, bytes, size, &receipt);
        rig->wake = pump_step(&rig->pump, &board, rig->now);
        receipt_encode(&receipt, answer);
        assert_int_equal(receipt_decode(answer, &read), RESULT_OK);
        free(bytes);
        rig_run_until(rig, (instant_ms){ rig->now.ms + (int64_t)(draw() % MINUTE_MS) });
        assert_false(rig->stuck);
    }
    assert_int_equal(bedside_status(&ward.bed).base.nl_day, NL_PER_ML);
}

/* What the decoder takes of a damaged therapy it writes again as the same bytes, and its judgement comes to an end. */
static void damaged_therapies_stay_canonical(void **state)
{
    (void)state;
    treat();
    uint8_t whole[THERAPY_BYTES_MAX], again[THERAPY_BYTES_MAX];
    size_t length = pump_therapy(&(struct board){ .retained = ward.bed.rig.twin.retained }, whole);
    assert_true(length > 0);
    unsigned taken = 0;
    for (unsigned i = 0; i < THERAPIES; i++) {
        size_t size = draw() % 8 == 0 ? draw() % (length + 1) : length, rewritten = 0;
        uint8_t *bytes = malloc(size + 1);
        assert_non_null(bytes);
        memcpy(bytes, whole, size);
        for (uint64_t hits = draw() % 4; hits > 0 && size > 0; hits--)
            bytes[draw() % size] = (uint8_t)draw();
        struct therapy therapy;
        if (therapy_decode(bytes, size, &therapy) == RESULT_OK) {
            assert_int_equal(therapy_encode(&therapy, again, sizeof again, &rewritten), RESULT_OK);
            assert_int_equal(rewritten, size);
            assert_memory_equal(again, bytes, size);
            (void)therapy_judge(&therapy, &ward.bed.rig.unit.model);
            taken++;
        }
        free(bytes);
    }
    assert_true(taken > THERAPIES / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_commands_are_answered),
        cmocka_unit_test(damaged_therapies_stay_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
