/* wish_test.c - commands and receipts over the air: every kind comes out as it went in, at the extremes of its members, and what
 * does not fit a member is refused. REQ-LINK-02, -10. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <limits.h>
#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

#include "core/catalog.h"
#include "link/packet.h"
#include "link/wish.h"

enum { KINDS = COMMAND_UPDATE_CONFIRM };

static void fill(uint8_t *bytes, size_t size, uint8_t with)
{
    memset(bytes, with, size);
}

/* The largest (or least) that each member of a kind can hold. */
static struct command extreme(uint8_t kind, bool largest)
{
    struct command command = { .kind = kind, .id = largest ? UINT64_MAX : 1, .head = largest ? UINT64_MAX : 0 };
    uint8_t byte = largest ? 0xFF : 0x01;
    if (kind == COMMAND_STAGE || kind == COMMAND_UPDATE_CHUNK) {
        command.stage.size = largest ? STAGE_CHUNK_MAX : 1;
        /* A therapy's chunk has offsets of two bytes; larger ones would not leave room for the chunk in a frame. */
        command.stage.offset = !largest ? 0 : kind == COMMAND_STAGE ? UINT16_MAX : UINT32_MAX;
        command.stage.total = kind == COMMAND_STAGE ? command.stage.offset : 0;
        fill(command.stage.bytes, command.stage.size, byte);
    }
    if (kind == COMMAND_ACTIVATE || kind == COMMAND_RESUME || kind == COMMAND_REFILL)
        command.retitrated = largest;
    if (kind == COMMAND_ACTIVATE || kind == COMMAND_SIGN_LIMITS || (kind == COMMAND_REFILL && largest))
        fill(command.token, TOKEN_BYTES, byte);
    if (kind == COMMAND_SIGN_LIMITS || kind == COMMAND_UPDATE_BEGIN)
        fill(command.signature, COMMAND_SIGNATURE_BYTES, byte);
    if (kind == COMMAND_UPDATE_BEGIN)
        fill(command.header, IMAGE_HEADER_BYTES, byte);
    if (kind == COMMAND_CLINICIAN_BOLUS) {
        command.volume.nl = largest ? INT64_MAX : INT64_MIN;
        command.rate.nl_day = largest ? INT32_MAX : INT32_MIN;
    }
    if (kind == COMMAND_REFILL) {
        int64_t volume = largest ? VOL_NL_MAX : 0;
        command.refill = (struct refill){ .withdrawn = { volume }, .left = { volume }, .filled = { volume },
                                          .drawn_up = { volume }, .dead_drug_free = largest, .activate = largest };
        command.refill.fill.count = largest ? MIXTURE_DRUGS_MAX : 0;
        for (unsigned i = 0; i < command.refill.fill.count; i++)
            command.refill.fill.component[i] = (struct component){ UINT16_MAX, { INT32_MAX } };
    }
    if (kind == COMMAND_SET_CLOCK) {
        command.calendar.offset.ms = largest ? INT64_MAX : INT64_MIN;
        memcpy(command.calendar.zone, largest ? "1234567" : "", largest ? 7 : 0);
    }
    if (kind == COMMAND_SILENCE)
        command.minutes = largest ? UINT16_MAX : 0;
    if (kind == COMMAND_CLEAR_ALARM)
        command.alarm = largest ? UINT8_MAX : 0;
    if (kind == COMMAND_UNPAIR)
        command.slot = largest ? UINT8_MAX : 0;
    return command;
}

static void assert_same(const struct command *a, const struct command *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_true(a->id == b->id && a->head == b->head && a->retitrated == b->retitrated);
    assert_memory_equal(a->token, b->token, TOKEN_BYTES);
    assert_memory_equal(a->signature, b->signature, COMMAND_SIGNATURE_BYTES);
    assert_memory_equal(a->header, b->header, IMAGE_HEADER_BYTES);
    assert_true(a->stage.total == b->stage.total && a->stage.offset == b->stage.offset && a->stage.size == b->stage.size);
    assert_memory_equal(a->stage.bytes, b->stage.bytes, STAGE_CHUNK_MAX);
    assert_true(a->volume.nl == b->volume.nl && a->rate.nl_day == b->rate.nl_day);
    assert_true(a->refill.withdrawn.nl == b->refill.withdrawn.nl && a->refill.left.nl == b->refill.left.nl);
    assert_true(a->refill.filled.nl == b->refill.filled.nl && a->refill.drawn_up.nl == b->refill.drawn_up.nl);
    assert_true(a->refill.dead_drug_free == b->refill.dead_drug_free && a->refill.activate == b->refill.activate);
    assert_int_equal(a->refill.fill.count, b->refill.fill.count);
    for (unsigned i = 0; i < MIXTURE_DRUGS_MAX; i++) {
        assert_int_equal(a->refill.fill.component[i].drug, b->refill.fill.component[i].drug);
        assert_int_equal(a->refill.fill.component[i].conc.ng_ml, b->refill.fill.component[i].conc.ng_ml);
    }
    assert_true(a->calendar.offset.ms == b->calendar.offset.ms);
    assert_memory_equal(a->calendar.zone, b->calendar.zone, ZONE_LABEL_BYTES);
    assert_true(a->minutes == b->minutes && a->alarm == b->alarm && a->slot == b->slot);
}

/* Over the air: through the bytes of a request, in the room that one frame has. */
static bool carried(const struct command *command, struct command *read)
{
    cisterna_Request sent = { .request = UINT32_MAX, .which_ask = cisterna_Request_command_tag };
    if (!wish_from_command(command, &sent.ask.command))
        return false;
    uint8_t bytes[PACKET_PLAIN_MAX];
    pb_ostream_t out = pb_ostream_from_buffer(bytes, sizeof bytes);
    assert_true(pb_encode(&out, cisterna_Request_fields, &sent));
    cisterna_Request heard = cisterna_Request_init_zero;
    pb_istream_t in = pb_istream_from_buffer(bytes, out.bytes_written);
    assert_true(pb_decode(&in, cisterna_Request_fields, &heard));
    return wish_to_command(&heard.ask.command, read);
}

static void every_kind_comes_out_as_it_went_in(void **state)
{
    (void)state;
    for (uint8_t kind = 1; kind <= KINDS; kind++) {
        for (int largest = 0; largest <= 1; largest++) {
            struct command command = extreme(kind, largest != 0), read;
            if (!command_needs_head(kind))
                command.head = 0;
            memset(&read, 0xA5, sizeof read);
            assert_true(carried(&command, &read));
            assert_same(&command, &read);
        }
    }
}

/* The numbers of the fields are frozen, and each kind has its own. */
static void each_kind_has_its_own_field(void **state)
{
    (void)state;
    cisterna_Command wish;
    for (uint8_t kind = 1; kind <= KINDS; kind++) {
        struct command command = extreme(kind, false);
        assert_true(wish_from_command(&command, &wish));
        assert_int_equal(wish.which_wish, kind + 3);
    }
    struct command none = { .kind = 0, .id = 1 }, past = { .kind = KINDS + 1, .id = 1 };
    assert_false(wish_from_command(&none, &wish));
    assert_false(wish_from_command(&past, &wish));
}

static void members_that_a_kind_does_not_use_stay_at_home(void **state)
{
    (void)state;
    struct command stop = extreme(COMMAND_REFILL, true), read, plain = { .kind = COMMAND_STOP, .id = 7 };
    stop.kind = COMMAND_STOP;
    stop.id = 7;
    stop.head = 0;
    assert_true(carried(&stop, &read));
    assert_same(&plain, &read);
    cisterna_Command wish;
    assert_true(wish_from_command(&stop, &wish));
    assert_false(wish.retitrated);
    wish.retitrated = true;
    assert_true(wish_to_command(&wish, &read));
    assert_same(&plain, &read);
}

/* The message of a command at its largest. */
static cisterna_Command told(uint8_t kind)
{
    cisterna_Command wish;
    struct command command = extreme(kind, true);
    assert_true(wish_from_command(&command, &wish));
    return wish;
}

/* Refused, and what stood in *command stays. */
static void assert_refused(const cisterna_Command *wish)
{
    struct command command;
    uint8_t before[sizeof command];
    memset(&command, 0x5A, sizeof command);
    memcpy(before, &command, sizeof command);
    assert_false(wish_to_command(wish, &command));
    assert_memory_equal(before, &command, sizeof command);
}

static void what_does_not_fit_a_member_is_refused(void **state)
{
    (void)state;
    cisterna_Command wish = told(COMMAND_UNPAIR);
    wish.wish.unpair.slot = 256;
    assert_refused(&wish);
    wish = told(COMMAND_CLEAR_ALARM);
    wish.wish.clear_alarm.alarm = 256 + ALARM_SELFTEST;
    assert_refused(&wish);
    wish = told(COMMAND_SILENCE);
    wish.wish.silence.minutes = 65536;
    assert_refused(&wish);
    wish = told(COMMAND_STAGE);
    wish.wish.stage.bytes.size = STAGE_CHUNK_MAX + 1;
    assert_refused(&wish);
    wish = told(COMMAND_UPDATE_CHUNK);
    wish.wish.update_chunk.bytes.size = STAGE_CHUNK_MAX + 1;
    assert_refused(&wish);
    wish = told(COMMAND_UPDATE_BEGIN);
    wish.wish.update_begin.header.size = IMAGE_HEADER_BYTES - 1;
    assert_refused(&wish);
    wish.wish.update_begin.header.size = IMAGE_HEADER_BYTES + 1;
    assert_refused(&wish);
    wish = told(COMMAND_SET_CLOCK);
    memcpy(wish.wish.set_clock.zone, "12345678", 8);
    assert_refused(&wish);
    memcpy(wish.wish.set_clock.zone, "12\0 hide", 8);
    assert_refused(&wish);
    wish = told(COMMAND_STOP);
    wish.which_wish = 0;
    assert_refused(&wish);
    wish.which_wish = cisterna_Command_update_confirm_tag + 1;
    assert_refused(&wish);
}

static void a_refill_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const pb_size_t lengths[] = { 1, 16, 31, 33 };
    cisterna_Command wish = told(COMMAND_REFILL);
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        wish.wish.refill.token.size = lengths[i];
        assert_refused(&wish);
    }
    wish = told(COMMAND_REFILL);
    wish.wish.refill.has_fill = false;
    assert_refused(&wish);
    wish = told(COMMAND_REFILL);
    wish.wish.refill.fill.component_count = MIXTURE_DRUGS_MAX + 1;
    wish.wish.refill.dead_drug_free = false;
    memset(&wish.wish.refill.token, 0, sizeof wish.wish.refill.token); /* where a fifth component would lie */
    assert_refused(&wish);
    wish = told(COMMAND_REFILL);
    wish.wish.refill.fill.component[3].drug = 65536 + DRUG_MORPHINE;
    assert_refused(&wish);
    wish = told(COMMAND_REFILL);
    wish.wish.refill.fill.component[0].concentration_ng_ml = -1;
    assert_refused(&wish);
}

static void what_a_message_cannot_hold_is_not_sent(void **state)
{
    (void)state;
    cisterna_Command wish;
    struct command command = extreme(COMMAND_STAGE, true);
    command.stage.size = STAGE_CHUNK_MAX + 1;
    assert_false(wish_from_command(&command, &wish));
    command = extreme(COMMAND_UPDATE_CHUNK, true);
    command.stage.total = 1;
    assert_false(wish_from_command(&command, &wish));
    command = extreme(COMMAND_RESUME, true);
    command.retitrated = 2;
    assert_false(wish_from_command(&command, &wish));
    command = extreme(COMMAND_REFILL, true);
    command.refill.activate = 0; /* with a token that says otherwise */
    assert_false(wish_from_command(&command, &wish));
    command = extreme(COMMAND_REFILL, true);
    command.refill.fill.unknown = true;
    assert_false(wish_from_command(&command, &wish));
    command = extreme(COMMAND_REFILL, true);
    command.refill.fill.count = MIXTURE_DRUGS_MAX + 1;
    assert_false(wish_from_command(&command, &wish));
    command = extreme(COMMAND_SET_CLOCK, true);
    command.calendar.zone[7] = '8';
    assert_false(wish_from_command(&command, &wish));
}

static void receipts_come_out_as_they_went_in(void **state)
{
    (void)state;
    static const struct receipt receipts[] = {
        { .id = 1, .kind = COMMAND_STOP, .outcome = OUTCOME_APPLIED },
        { .id = UINT64_MAX, .kind = KINDS, .outcome = OUTCOME_NOT_APPLIED, .reasons = ((uint64_t)1 << VERDICT_COUNT) - 1,
          .at = { INT64_MAX }, .earliest = { INT64_MAX }, .detail = INT64_MIN, .head = UINT64_MAX },
        { .id = 2, .kind = 0, .outcome = OUTCOME_NOT_APPLIED, .reasons = VERDICT_MALFORMED, .at = { INT64_MIN },
          .earliest = { INT64_MIN }, .detail = INT64_MAX, .head = 1 },
    };
    for (unsigned i = 0; i < sizeof receipts / sizeof *receipts; i++) {
        cisterna_Receipt told = cisterna_Receipt_init_zero;
        struct receipt read = { .id = 99 };
        wish_from_receipt(&receipts[i], &told);
        assert_true(wish_to_receipt(&told, &read));
        assert_true(read.id == receipts[i].id && read.kind == receipts[i].kind && read.outcome == receipts[i].outcome);
        assert_true(read.reasons == receipts[i].reasons && read.at.ms == receipts[i].at.ms);
        assert_true(read.earliest.ms == receipts[i].earliest.ms && read.detail == receipts[i].detail);
        assert_true(read.head == receipts[i].head);
    }
}

static void what_cannot_be_a_receipt_is_refused(void **state)
{
    (void)state;
    static const cisterna_Receipt bad[] = {
        { .command_id = 1, .command = COMMAND_STOP, .outcome = 0 },
        { .command_id = 1, .command = COMMAND_STOP, .outcome = 3 },
        { .command_id = 1, .command = COMMAND_STOP, .outcome = 256 + OUTCOME_APPLIED },
        { .command_id = 1, .command = 256 + COMMAND_STOP, .outcome = OUTCOME_APPLIED },
        { .command_id = 1, .command = KINDS + 1, .outcome = OUTCOME_APPLIED },
        { .command_id = 1, .command = COMMAND_STOP, .outcome = OUTCOME_APPLIED, .reasons = VERDICT_MODE },
        { .command_id = 1, .command = COMMAND_STOP, .outcome = OUTCOME_NOT_APPLIED, .reasons = 0 },
        { .command_id = 1, .command = COMMAND_STOP, .outcome = OUTCOME_NOT_APPLIED, .reasons = (uint64_t)1 << VERDICT_COUNT },
    };
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct receipt receipt = { .id = 99 };
        assert_false(wish_to_receipt(&bad[i], &receipt));
        assert_true(receipt.id == 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_out_as_it_went_in),
        cmocka_unit_test(each_kind_has_its_own_field),
        cmocka_unit_test(members_that_a_kind_does_not_use_stay_at_home),
        cmocka_unit_test(what_does_not_fit_a_member_is_refused),
        cmocka_unit_test(a_refill_that_does_not_fit_is_refused),
        cmocka_unit_test(what_a_message_cannot_hold_is_not_sent),
        cmocka_unit_test(receipts_come_out_as_they_went_in),
        cmocka_unit_test(what_cannot_be_a_receipt_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
