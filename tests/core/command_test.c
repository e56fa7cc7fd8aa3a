/* command_test.c - commands and receipts: ranges, heads, and what is refused of their bytes. REQ-LINK-02,
 * -03. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include "core/catalog.h"
#include "core/command.h"

static enum result encoded(const struct command *command)
{
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    return command_encode(command, bytes, sizeof bytes, &size);
}

static void codes_and_words_are_frozen(void **state)
{
    (void)state;
    assert_int_equal(COMMAND_STAGE, 1);
    assert_int_equal(COMMAND_CLEAR_ALARM, 12);
    assert_string_equal(command_word(COMMAND_PATIENT_BOLUS), "patient_bolus");
    assert_null(command_word(0));
    assert_int_equal(COMMAND_UPDATE_CONFIRM, 21);
    assert_null(command_word(22));
    assert_string_equal(role_word(ROLE_SERVICE), "service");
    assert_null(role_word(0));
    assert_null(role_word(5));
}

/* There must always be a way down: what lowers the dose asks for no head. REQ-LINK-12. */
static void lowering_needs_no_head(void **state)
{
    (void)state;
    assert_false(command_needs_head(COMMAND_STOP));
    assert_false(command_needs_head(COMMAND_MINIMUM));
    assert_false(command_needs_head(COMMAND_CANCEL_COURSE));
    assert_true(command_needs_head(COMMAND_ACTIVATE));
    assert_true(command_needs_head(COMMAND_PATIENT_BOLUS));
    assert_int_equal(encoded(&(struct command){ .kind = COMMAND_STOP, .id = 1 }), RESULT_OK);
    assert_int_equal(encoded(&(struct command){ .kind = COMMAND_STOP, .id = 1, .head = 1 }), RESULT_MALFORMED);
}

static void chunks_of_an_image_lie_within_it(void **state)
{
    (void)state;
    struct command chunk = { .kind = COMMAND_UPDATE_CHUNK, .id = 1, .stage = { .offset = IMAGE_BYTES_MAX - 10, .size = 10 } };
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    assert_int_equal(command_encode(&chunk, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(size, 18 + 4 + 1 + 10);
    struct command read = { 0 };
    assert_int_equal(command_decode(bytes, size, &read), RESULT_OK);
    assert_int_equal(read.stage.offset, chunk.stage.offset);
    chunk.stage.size = 11;
    assert_int_equal(encoded(&chunk), RESULT_MALFORMED);
    chunk.stage = (struct stage_chunk){ .total = 1, .size = 1 };
    assert_int_equal(encoded(&chunk), RESULT_MALFORMED);
    struct command unpair = { .kind = COMMAND_UNPAIR, .id = 1, .slot = 8 };
    assert_int_equal(encoded(&unpair), RESULT_OK);
    unpair.slot = 9;
    assert_int_equal(encoded(&unpair), RESULT_MALFORMED);
    unpair.slot = 0;
    assert_int_equal(encoded(&unpair), RESULT_MALFORMED);
}

static void ranges_are_kept(void **state)
{
    (void)state;
    struct command bolus = { .kind = COMMAND_CLINICIAN_BOLUS, .id = 1, .volume = { 1 }, .rate = { 1 } };
    assert_int_equal(encoded(&bolus), RESULT_OK);
    bolus.id = 0;
    assert_int_equal(encoded(&bolus), RESULT_MALFORMED);
    bolus.id = 1;
    bolus.volume.nl = 0;
    assert_int_equal(encoded(&bolus), RESULT_MALFORMED);
    bolus.volume.nl = VOL_NL_MAX + 1;
    assert_int_equal(encoded(&bolus), RESULT_MALFORMED);
    bolus.volume.nl = 1;
    bolus.rate.nl_day = RATE_NL_DAY_MAX + 1;
    assert_int_equal(encoded(&bolus), RESULT_MALFORMED);
    struct command stage = { .kind = COMMAND_STAGE, .id = 1, .stage = { .total = 300, .offset = 192, .size = 108 } };
    assert_int_equal(encoded(&stage), RESULT_OK);
    stage.stage.size = 109;
    assert_int_equal(encoded(&stage), RESULT_MALFORMED);
    stage.stage.size = 0;
    assert_int_equal(encoded(&stage), RESULT_MALFORMED);
    stage.stage = (struct stage_chunk){ .total = 40, .offset = UINT32_MAX, .size = 5 }; /* their sum would be 4 */
    assert_int_equal(encoded(&stage), RESULT_MALFORMED);
    stage.stage = (struct stage_chunk){ .total = 2049, .size = 1 };
    assert_int_equal(encoded(&stage), RESULT_MALFORMED);
    struct command silence = { .kind = COMMAND_SILENCE, .id = 1, .minutes = 720 };
    assert_int_equal(encoded(&silence), RESULT_OK);
    silence.minutes = 721;
    assert_int_equal(encoded(&silence), RESULT_MALFORMED);
    struct command clear = { .kind = COMMAND_CLEAR_ALARM, .id = 1, .alarm = ALARM_WITHHELD };
    assert_int_equal(encoded(&clear), RESULT_OK);
    clear.alarm = 0xFF;
    assert_int_equal(encoded(&clear), RESULT_MALFORMED);
    struct command clock = { .kind = COMMAND_SET_CLOCK, .id = 1, .calendar = { { 5 }, "+01:00" } };
    assert_int_equal(encoded(&clock), RESULT_OK);
    clock.calendar.zone[7] = 'x';
    assert_int_equal(encoded(&clock), RESULT_MALFORMED);
}

static void refill_carries_a_known_fluid(void **state)
{
    (void)state;
    struct command refill = { .kind = COMMAND_REFILL, .id = 1 };
    refill.refill = (struct refill){ .withdrawn = { 2000000 }, .filled = { 20000000 }, .drawn_up = { 20000000 } };
    refill.refill.fill = (struct mixture){ .count = 1, .component = { { DRUG_BACLOFEN, { 2000000 } } } };
    assert_int_equal(encoded(&refill), RESULT_OK);
    refill.token[31] = 1; /* a token without activation */
    assert_int_equal(encoded(&refill), RESULT_MALFORMED);
    refill.refill.activate = 1;
    assert_int_equal(encoded(&refill), RESULT_OK);
    refill.refill.fill.unknown = true;
    assert_int_equal(encoded(&refill), RESULT_MALFORMED);
}

static void bytes_stand_as_specified(void **state)
{
    (void)state;
    struct command bolus = { .kind = COMMAND_CLINICIAN_BOLUS, .id = 0x0102, .head = 0x0304 };
    bolus.volume.nl = 8000;
    bolus.rate.nl_day = 1440000;
    const uint8_t expected[26] = { 1, 7, 2, 1, 0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0,
                                   0x40, 0x1F, 0, 0, 0, 0xF9, 0x15, 0 };
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 77;
    assert_int_equal(command_encode(&bolus, bytes, 25, &size), RESULT_NO_ROOM);
    assert_int_equal(size, 77);
    assert_int_equal(command_encode(&bolus, bytes, sizeof bytes, &size), RESULT_OK);
    assert_int_equal(size, sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
}

static void wrong_bytes_are_named_and_change_nothing(void **state)
{
    (void)state;
    uint8_t bytes[19] = { 1, COMMAND_RESUME, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1 };
    struct command command = { .id = 77 };
    assert_int_equal(command_decode(bytes, 18, &command), RESULT_TRUNCATED);
    assert_int_equal(command_decode(bytes, 0, &command), RESULT_TRUNCATED);
    bytes[18] = 2;
    assert_int_equal(command_decode(bytes, 19, &command), RESULT_MALFORMED);
    bytes[0] = 2;
    assert_int_equal(command_decode(bytes, 19, &command), RESULT_UNKNOWN_VERSION);
    bytes[0] = 1;
    bytes[1] = 99;
    assert_int_equal(command_decode(bytes, 18, &command), RESULT_MALFORMED);
    assert_int_equal(command.id, 77);
    bytes[1] = COMMAND_RESUME;
    bytes[18] = 1;
    assert_int_equal(command_decode(bytes, 19, &command), RESULT_OK);
    assert_int_equal(command.head, 5);
    assert_int_equal(command.retitrated, 1);
}

static void receipt_returns_whole(void **state)
{
    (void)state;
    struct receipt receipt = { .id = UINT64_MAX, .kind = COMMAND_PATIENT_BOLUS, .outcome = OUTCOME_NOT_APPLIED };
    receipt.reasons = VERDICT_LOCKOUT | VERDICT_CIVIL_TIME;
    receipt.at.ms = 1;
    receipt.earliest = INSTANT_NEVER;
    receipt.detail = -5;
    receipt.head = 9;
    uint8_t bytes[RECEIPT_BYTES];
    receipt_encode(&receipt, bytes);
    struct receipt back;
    assert_int_equal(receipt_decode(bytes, &back), RESULT_OK);
    assert_true(back.id == receipt.id && back.kind == receipt.kind && back.outcome == receipt.outcome);
    assert_true(back.reasons == receipt.reasons && back.at.ms == 1 && back.earliest.ms == INT64_MAX);
    assert_true(back.detail == -5 && back.head == 9);
}

static void receipt_never_says_both_or_neither(void **state)
{
    (void)state;
    struct receipt receipt = { .id = 1, .kind = COMMAND_STOP, .outcome = OUTCOME_APPLIED }, back;
    uint8_t bytes[RECEIPT_BYTES];
    receipt_encode(&receipt, bytes);
    assert_int_equal(receipt_decode(bytes, &back), RESULT_OK);
    receipt.reasons = VERDICT_ROLE;
    receipt_encode(&receipt, bytes);
    assert_int_equal(receipt_decode(bytes, &back), RESULT_MALFORMED);
    receipt.reasons = 0;
    receipt.outcome = OUTCOME_NOT_APPLIED;
    receipt_encode(&receipt, bytes);
    assert_int_equal(receipt_decode(bytes, &back), RESULT_MALFORMED);
    receipt.reasons = UINT64_C(1) << VERDICT_COUNT;
    receipt_encode(&receipt, bytes);
    assert_int_equal(receipt_decode(bytes, &back), RESULT_MALFORMED);
    receipt.reasons = VERDICT_ROLE;
    receipt_encode(&receipt, bytes);
    bytes[63] = 1; /* reserved */
    assert_int_equal(receipt_decode(bytes, &back), RESULT_MALFORMED);
    bytes[63] = 0;
    bytes[0] = 2;
    assert_int_equal(receipt_decode(bytes, &back), RESULT_UNKNOWN_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_words_are_frozen),
        cmocka_unit_test(lowering_needs_no_head),
        cmocka_unit_test(ranges_are_kept),
        cmocka_unit_test(chunks_of_an_image_lie_within_it),
        cmocka_unit_test(refill_carries_a_known_fluid),
        cmocka_unit_test(bytes_stand_as_specified),
        cmocka_unit_test(wrong_bytes_are_named_and_change_nothing),
        cmocka_unit_test(receipt_returns_whole),
        cmocka_unit_test(receipt_never_says_both_or_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
