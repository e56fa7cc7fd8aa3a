/* images_test.c - the state of the image slots as a record in flash: its bytes, its copies, and what is trusted of it.
 * REQ-SECU-09, REQ-STOR-09, -10. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/images.h"
#include "tests/pump/paper.h"
#include "tests/pump/signer.h"

static struct paper paper;
static struct store store;
static struct build build;
static struct signer signer;

/* Slot 1 confirmed with version 3, slot 2 tried with version 4. */
static struct images sample(void)
{
    struct images images = { .floor = 3 };
    for (unsigned i = 0; i < IMAGE_SLOTS; i++) {
        signer_build(&signer, &build, 1, 3 + i, 100);
        images.slot[i].state = i == 0 ? IMAGE_CONFIRMED : IMAGE_TRYING;
        images.slot[i].starts = (uint8_t)i;
        memcpy(images.slot[i].header, build.header, sizeof build.header);
        memcpy(images.slot[i].signature, build.signature, sizeof build.signature);
    }
    return images;
}

static void begin(void)
{
    struct board board = paper_board(&paper);
    paper_blank(&paper, 1);
    store_mount(&store, &board);
}

/* As pump/SPEC.md names them. */
static void bytes_stand_as_specified(void **state)
{
    (void)state;
    struct images images = sample();
    uint8_t bytes[IMAGES_BYTES], expected[236] = { 3, 0, 0, 0 };
    for (unsigned i = 0; i < 2; i++) {
        uint8_t *at = expected + 4 + 116 * i;
        at[0] = i == 0 ? 4 : 3;
        at[1] = (uint8_t)i;
        memcpy(at + 4, images.slot[i].header, 48);
        memcpy(at + 52, images.slot[i].signature, 64);
    }
    assert_int_equal(sizeof bytes, sizeof expected);
    images_encode(&images, bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
}

static void a_record_returns_whole_or_not_at_all(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    struct images images = sample(), back = { .floor = 77 };
    uint8_t bytes[IMAGES_BYTES + 1] = { 0 };
    begin();
    assert_int_equal(images_load(&store, &board, &back), RESULT_NOT_FOUND);
    assert_int_equal(images_store(&store, &board, &images), RESULT_OK);
    assert_int_equal(images_load(&store, &board, &back), RESULT_OK);
    assert_memory_equal(&back, &images, sizeof back);
    images_encode(&images, bytes);
    back.floor = 77;
    assert_int_equal(store_append(&store, &board, STORE_IMAGES, IMAGES_VERSION + 1, bytes, IMAGES_BYTES), RESULT_OK);
    assert_int_equal(images_load(&store, &board, &back), RESULT_UNKNOWN_VERSION);
    assert_true(images_twice(&store, &board)); /* nothing that this version could mend */
    assert_int_equal(store_append(&store, &board, STORE_IMAGES, IMAGES_VERSION, bytes, IMAGES_BYTES + 1), RESULT_OK);
    assert_int_equal(images_load(&store, &board, &back), RESULT_TRUNCATED);
    const unsigned wrong[] = { 4, 6, 7, 8, 120, 123 }; /* a state, zeros, the magic; the same of slot 2 */
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t right = bytes[wrong[i]];
        bytes[wrong[i]] = 5;
        assert_int_equal(store_append(&store, &board, STORE_IMAGES, IMAGES_VERSION, bytes, IMAGES_BYTES), RESULT_OK);
        assert_int_equal(images_load(&store, &board, &back), RESULT_MALFORMED);
        bytes[wrong[i]] = right;
    }
    paper.byte[store.place[STORE_IMAGES].address + 50] ^= 1;
    assert_int_equal(images_load(&store, &board, &back), RESULT_DAMAGED);
    assert_int_equal(back.floor, 77);
}

/* Of every state there are two records: with any one of them damaged it is still the newest state that is found. */
static void damage_to_one_record_brings_no_older_state_back(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    struct images images = sample(), back;
    begin();
    assert_true(images_twice(&store, &board));
    for (uint32_t floor = 1; floor <= 40; floor++) { /* round the ring and more */
        images.floor = floor;
        assert_int_equal(images_store(&store, &board, &images), RESULT_OK);
        assert_false(images_twice(&store, &board));
        uint32_t first = store.place[STORE_IMAGES].address;
        while (images_store(&store, &board, &images) != RESULT_OK)
            continue; /* the chip on paper is done with an erase when it is next asked */
        assert_true(images_twice(&store, &board));
        while (!store_tend(&store, &board, STORE_IMAGES))
            continue;
        const uint32_t copy[] = { first, store.place[STORE_IMAGES].address };
        for (unsigned i = 0; i < 2; i++) {
            struct store again;
            paper.byte[copy[i] + 100] ^= 4;
            store_mount(&again, &board);
            assert_int_equal(images_load(&again, &board, &back), RESULT_OK);
            assert_int_equal(back.floor, floor);
            assert_false(images_twice(&again, &board));
            paper.byte[copy[i] + 100] ^= 4;
        }
    }
}

/* One thing wrong at a time: every bit of header and signature, of the key, of the content; the model; the slot. */
static void only_what_is_wholly_in_order_is_trusted(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    struct images images = sample();
    begin();
    signer_build(&signer, &build, 1, 4, 100);
    assert_int_equal(image_write(&board, 2, 0, build.content, 100), RESULT_OK);
    assert_true(images_trusted(&images, 2, 1, signer.key, &board));
    assert_false(images_trusted(&images, 1, 1, signer.key, &board)); /* signed, and its content is not there */
    assert_false(images_trusted(&images, 2, 2, signer.key, &board));
    assert_false(images_trusted(&images, 0, 1, signer.key, &board));
    assert_false(images_trusted(&images, 3, 1, signer.key, &board));
    uint8_t *parts[] = { images.slot[1].header, images.slot[1].signature, signer.key,
                         paper.byte + (size_t)REGION_FIRST_IMAGE_2 * FLASH_SECTOR_BYTES };
    const uint32_t sizes[] = { 48, 64, 32, 100 };
    for (unsigned part = 0; part < 4; part++) {
        for (uint32_t bit = 0; bit < sizes[part] * 8; bit++) {
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_false(images_trusted(&images, 2, 1, signer.key, &board));
            parts[part][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    assert_true(images_trusted(&images, 2, 1, signer.key, &board));
    images.slot[1].state = IMAGE_EMPTY;
    assert_false(images_trusted(&images, 2, 1, signer.key, &board));
}

/* A public key of zeros stands for none. It is a point of order four: whoever verifies carelessly takes a signature of one and
 * zeros for every fourth header. */
static void nobody_holds_a_key_of_zeros(void **state)
{
    (void)state;
    const uint8_t none[SIGN_KEY_BYTES] = { 0 };
    struct board board = paper_board(&paper);
    struct images images = sample();
    begin();
    memset(images.slot[1].signature, 0, sizeof images.slot[1].signature);
    images.slot[1].signature[0] = 1;
    for (uint32_t version = 1; version <= 64; version++) {
        signer_build(&signer, &build, 1, version, 10);
        memcpy(images.slot[1].header, build.header, sizeof build.header);
        paper_blank(&paper, 1);
        assert_int_equal(image_write(&board, 2, 0, build.content, build.size), RESULT_OK);
        assert_false(images_trusted(&images, 2, 1, none, &board));
    }
}

int main(void)
{
    signer = signer_make(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_stand_as_specified),
        cmocka_unit_test(a_record_returns_whole_or_not_at_all),
        cmocka_unit_test(damage_to_one_record_brings_no_older_state_back),
        cmocka_unit_test(only_what_is_wholly_in_order_is_trusted),
        cmocka_unit_test(nobody_holds_a_key_of_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
