/* image_test.c - one image: its header byte by byte, and its content in a slot of a flash on paper. REQ-SECU-09. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "pump/image.h"
#include "pump/region.h"
#include "tests/pump/paper.h"
#include "tests/pump/signer.h"

static struct paper paper;
static struct build build;
static struct signer signer;

static void write_all(uint8_t slot, uint32_t part)
{
    struct board board = paper_board(&paper);
    for (uint32_t at = 0; at < build.size; at += part) {
        uint32_t size = build.size - at < part ? build.size - at : part;
        assert_int_equal(image_write(&board, slot, at, build.content + at, size), RESULT_OK);
    }
}

static void a_header_has_one_form(void **state)
{
    (void)state;
    struct image image = { .model = 99 };
    signer_build(&signer, &build, 7, 0x01020304, 0x1FFFF);
    assert_int_equal(image_decode(build.header, &image), RESULT_OK);
    assert_true(image.model == 7 && image.version == 0x01020304 && image.size == 0x1FFFF);
    assert_memory_equal(image.hash, build.header + 16, 32);
    image.model = 99;
    for (unsigned byte = 0; byte < 8; byte++) { /* magic, form, model, zeros: every bit */
        for (unsigned bit = 0; bit < 8; bit++) {
            build.header[byte] ^= (uint8_t)(1u << bit);
            enum result result = image_decode(build.header, &image);
            assert_int_equal(result, byte == 4 ? RESULT_UNKNOWN_VERSION : byte == 5 ? RESULT_OK : RESULT_MALFORMED);
            assert_true(byte == 5 || image.model == 99);
            build.header[byte] ^= (uint8_t)(1u << bit);
            image.model = 99;
        }
    }
    const struct { uint32_t size; enum result result; } sizes[] = {
        { 0, RESULT_MALFORMED }, { 1, RESULT_OK }, { IMAGE_BYTES_MAX, RESULT_OK }, { IMAGE_BYTES_MAX + 1, RESULT_MALFORMED },
        { UINT32_MAX, RESULT_MALFORMED }
    };
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        signer_number(build.header + 12, sizes[i].size);
        assert_int_equal(image_decode(build.header, &image), sizes[i].result);
    }
}

static void slots_are_as_long_as_the_longest_image(void **state)
{
    (void)state;
    struct image image = { .size = IMAGE_BYTES_MAX };
    assert_int_equal(image_sectors(&image), 32);
    image.size = 4097;
    assert_int_equal(image_sectors(&image), 2);
    image.size = 1;
    assert_int_equal(image_sectors(&image), 1);
    assert_int_equal(image_sector(1), REGION_FIRST_IMAGE_1);
    assert_int_equal(image_sector(2), REGION_FIRST_IMAGE_2);
    signer_build(&signer, &build, 1, 1, IMAGE_BYTES_MAX);
    assert_int_equal(image_decode(build.header, &image), RESULT_OK);
    struct board board = paper_board(&paper);
    for (uint8_t slot = 1; slot <= IMAGE_SLOTS; slot++) {
        paper_blank(&paper, slot);
        write_all(slot, 192);
        uint32_t first = (uint32_t)image_sector(slot) * FLASH_SECTOR_BYTES;
        assert_memory_equal(paper.byte + first, build.content, IMAGE_BYTES_MAX);
        for (uint32_t at = 0; at < FLASH_BYTES; at++)
            assert_true(paper.byte[at] == 0xFF || (at >= first && at < first + IMAGE_BYTES_MAX));
        assert_int_equal(paper.misuse, 0);
        assert_true(image_sound(&board, slot, &image));
        assert_false(image_sound(&board, (uint8_t)(3 - slot), &image));
    }
}

static void every_flipped_bit_of_the_content_shows(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    struct image image;
    signer_build(&signer, &build, 1, 5, 203); /* ends within a word */
    assert_int_equal(image_decode(build.header, &image), RESULT_OK);
    paper_blank(&paper, 1);
    write_all(2, 64);
    uint8_t *content = paper.byte + (size_t)REGION_FIRST_IMAGE_2 * FLASH_SECTOR_BYTES;
    assert_int_equal(content[203], 0xFF);
    for (uint32_t bit = 0; bit < 204 * 8; bit++) {
        content[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(image_sound(&board, 2, &image) == (bit >= 203 * 8)); /* what fills the last word up is no part of it */
        assert_true(image_same(&board, 2, 0, build.content, 203) == (bit >= 203 * 8));
        content[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void a_word_that_does_not_take_is_told(void **state)
{
    (void)state;
    struct board board = paper_board(&paper);
    signer_build(&signer, &build, 1, 5, 64);
    for (uint64_t word = 1; word <= 8; word++) {
        paper_blank(&paper, word);
        paper.fail_from = word;
        paper.fail_to = word + 1;
        assert_int_equal(image_write(&board, 1, 0, build.content, 64), word == 5 ? RESULT_OK : RESULT_DAMAGED); /* all FF */
        assert_int_equal(paper.operations, word == 5 ? 8 : word); /* none is written after it */
    }
}

int main(void)
{
    signer = signer_make(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_has_one_form),
        cmocka_unit_test(slots_are_as_long_as_the_longest_image),
        cmocka_unit_test(every_flipped_bit_of_the_content_shows),
        cmocka_unit_test(a_word_that_does_not_take_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
