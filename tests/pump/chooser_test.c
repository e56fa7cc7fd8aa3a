/* chooser_test.c - which image starts, for every state of both slots: what is chosen is in order, newest, and tried once; and
 * with power cut in every flash operation of the choice. REQ-SECU-09, HZ-15. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/chooser.h"
#include "pump/images.h"
#include "tests/pump/paper.h"
#include "tests/pump/signer.h"

enum { SIZE = 72, FACTORY = 3 };

static struct paper paper, fork;
static struct build builds[2]; /* versions 8 and 9 */
static struct signer signer;
static struct pump_unit unit;

/* Slot 1 holds version 8 or 9, slot 2 the other one. */
struct given {
    uint8_t state[2], starts[2];
    bool sound[2], swapped;
    uint32_t floor;
};

static uint32_t version_in(const struct given *given, unsigned i)
{
    return 8 + (i ^ given->swapped);
}

static void lay(const struct given *given)
{
    struct board board = paper_board(&paper);
    struct images images = { .floor = given->floor };
    struct store store;
    paper_blank(&paper, 3);
    store_mount(&store, &board);
    for (unsigned i = 0; i < 2; i++) {
        const struct build *build = &builds[i ^ given->swapped];
        images.slot[i].state = given->state[i];
        images.slot[i].starts = given->starts[i];
        memcpy(images.slot[i].header, build->header, sizeof build->header);
        memcpy(images.slot[i].signature, build->signature, sizeof build->signature);
        assert_int_equal(image_write(&board, (uint8_t)(i + 1), 0, build->content, SIZE), RESULT_OK);
        if (!given->sound[i])
            paper.byte[(uint32_t)image_sector((uint8_t)(i + 1)) * FLASH_SECTOR_BYTES + 17] ^= 2;
    }
    assert_int_equal(images_store(&store, &board, &images), RESULT_OK);
}

static struct images stored(void)
{
    struct board board = paper_board(&paper);
    struct store store;
    struct images images;
    store_mount(&store, &board);
    assert_int_equal(images_load(&store, &board, &images), RESULT_OK);
    return images;
}

static bool may_try(const struct given *given, unsigned i)
{
    return given->state[i] == IMAGE_TRYING && given->starts[i] == 0 && given->sound[i] && version_in(given, i) > given->floor;
}

static bool may_run(const struct given *given, unsigned i)
{
    return given->state[i] == IMAGE_CONFIRMED && given->sound[i];
}

static void judge(const struct given *given, uint8_t chosen)
{
    bool any_tried = may_try(given, 0) || may_try(given, 1);
    struct images images = stored();
    if (chosen == 0) {
        assert_false(any_tried || may_run(given, 0) || may_run(given, 1));
        return;
    }
    unsigned i = chosen - 1, other = 1 - i;
    assert_true(any_tried ? may_try(given, i) : may_run(given, i));
    assert_true(any_tried || !may_run(given, other) || version_in(given, i) > version_in(given, other));
    assert_int_equal(images.slot[i].starts, any_tried ? 1 : given->starts[i]); /* it stands in flash before it starts */
    assert_int_equal(images.slot[other].starts, given->starts[other]);
    assert_int_equal(images.floor, given->floor);
}

/* Calls `test` for every state of both slots. */
static void for_all(void (*test)(const struct given *given))
{
    for (unsigned n = 0; n < 5 * 5 * 2 * 2 * 2 * 2 * 2 * 3; n++) {
        unsigned rest = n;
        struct given given = { .state = { (uint8_t)(rest % 5), (uint8_t)(rest / 5 % 5) } };
        rest /= 25;
        for (unsigned i = 0; i < 2; i++, rest /= 4) {
            given.starts[i] = rest & 1;
            given.sound[i] = rest & 2;
        }
        given.swapped = rest & 1;
        given.floor = rest / 2 == 0 ? 0 : rest / 2 == 1 ? 8 : 9;
        if (given.state[0] != IMAGE_TRYING || given.state[1] != IMAGE_TRYING) /* never both */
            test(&given);
    }
}

static unsigned chosen_at_all[3];

static void try_one(const struct given *given)
{
    struct board board = paper_board(&paper);
    lay(given);
    uint8_t chosen = chooser_slot(&board, &unit);
    judge(given, chosen);
    chosen_at_all[chosen]++;
    bool tried = chosen != 0 && given->state[chosen - 1] == IMAGE_TRYING;
    assert_true((chooser_slot(&board, &unit) == chosen) == !tried); /* the start after a trial is another one's */
    assert_int_equal(paper.misuse, 0);
}

static void what_starts_is_in_order_and_tried_once(void **state)
{
    (void)state;
    for_all(try_one);
    print_message("chosen: %u the factory's, %u slot 1, %u slot 2\n", chosen_at_all[0], chosen_at_all[1], chosen_at_all[2]);
    assert_true(chosen_at_all[0] > 100 && chosen_at_all[1] > 100 && chosen_at_all[2] > 100);
}

static void nobody_trusted_means_the_factorys(void **state)
{
    (void)state;
    const struct given given = { .state = { IMAGE_CONFIRMED, IMAGE_TRYING }, .sound = { true, true } };
    struct board board = paper_board(&paper);
    struct pump_unit other = unit;
    lay(&given);
    memset(other.firmware_key, 0, sizeof other.firmware_key);
    assert_int_equal(chooser_slot(&board, &other), 0);
    other = unit;
    other.firmware_key[5] ^= 1;
    assert_int_equal(chooser_slot(&board, &other), 0);
    other = unit;
    other.model.code++;
    assert_int_equal(chooser_slot(&board, &other), 0);
    assert_int_equal(stored().slot[1].starts, 0);
    assert_int_equal(chooser_slot(&board, &unit), 2);
    paper_blank(&paper, 1);
    assert_int_equal(chooser_slot(&board, &unit), 0);
}

/* A start that cannot be written down would not be the last: it does not happen. */
static void flash_that_takes_nothing_tries_nothing(void **state)
{
    (void)state;
    const struct given given = { .state = { IMAGE_CONFIRMED, IMAGE_TRYING }, .sound = { true, true } };
    struct board board = paper_board(&paper);
    lay(&given);
    paper.fail_from = paper.operations + 1;
    paper.fail_to = UINT64_MAX;
    assert_int_equal(chooser_slot(&board, &unit), 1);
    assert_int_equal(stored().slot[1].starts, 0);
}

/* Chooses with the power cut in operation `at` of it; false when it took fewer operations. */
static bool cut_in(uint64_t at, enum paper_phase phase)
{
    static volatile bool cut;
    paper = fork;
    paper.seed = at * 3 + phase;
    struct board board = paper_board(&paper);
    paper.cut_at = paper.operations + at;
    paper.phase = phase;
    cut = true;
    if (setjmp(paper.cut) == 0) {
        assert_int_equal(chooser_slot(&board, &unit), 2);
        cut = false;
    }
    paper.cut_at = 0;
    return cut;
}

static void a_cut_choice_is_made_again_or_was_made(void **state)
{
    (void)state;
    const struct given given = { .state = { IMAGE_CONFIRMED, IMAGE_TRYING }, .sound = { true, true } };
    struct board board = paper_board(&paper);
    unsigned again = 0, over = 0;
    lay(&given);
    fork = paper;
    for (unsigned phase = 0; phase < PAPER_PHASES; phase++) {
        for (uint64_t at = 1; cut_in(at, (enum paper_phase)phase); at++) {
            bool marked = stored().slot[1].starts == 1;
            assert_int_equal(chooser_slot(&board, &unit), marked ? 1 : 2);
            assert_int_equal(chooser_slot(&board, &unit), 1);
            again += !marked;
            over += marked;
        }
    }
    assert_true(again > 60 && over == 1); /* only after the last word of the mark is it over */
}

int main(void)
{
    signer = signer_make(1);
    unit = (struct pump_unit){ .model = *model_named("C20"), .software = FACTORY };
    memcpy(unit.firmware_key, signer.key, sizeof unit.firmware_key);
    for (uint32_t i = 0; i < 2; i++)
        signer_build(&signer, &builds[i], unit.model.code, 8 + i, SIZE);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_starts_is_in_order_and_tried_once),
        cmocka_unit_test(nobody_trusted_means_the_factorys),
        cmocka_unit_test(flash_that_takes_nothing_tries_nothing),
        cmocka_unit_test(a_cut_choice_is_made_again_or_was_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
