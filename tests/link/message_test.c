/* message_test.c - the messages of link/cisterna.proto: their bytes, what fits a frame, and what is refused. REQ-LINK-02. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include <pb_common.h>
#include <pb_decode.h>
#include <pb_encode.h>

#include "core/therapy.h"
#include "link/cisterna.pb.h"
#include "link/packet.h"

enum { ROUNDS = 20000, BYTES_MAX = 640 };

_Static_assert(cisterna_Reply_size <= BYTES_MAX, "the longest message by its types, pages of the log among them");
_Static_assert(PACKET_PLAIN_MAX == 227, "what link/SPEC.md leaves for one message");

/* A message, with room enough for either. */
union message {
    cisterna_Request request;
    cisterna_Reply reply;
};

/* HIGHEST: the largest number of the type, full texts and lists. LOWEST: the same with the least numbers, which are longest where
 * they are negative. USUAL: the largest, but 127 for codes, roles, slots and the like. */
enum extreme { HIGHEST, LOWEST, USUAL, EXTREMES };

static void fill(const pb_msgdesc_t *kind, void *message, pb_size_t chosen, enum extreme extreme);

static void fill_number(const pb_field_iter_t *field, void *item, enum extreme extreme)
{
    uint64_t all = UINT64_MAX >> (64 - 8 * field->data_size), least = all / 2 + 1, most = all / 2, value = all;
    switch (PB_LTYPE(field->type)) {
    case PB_LTYPE_BOOL: value = 1; break;
    case PB_LTYPE_VARINT: case PB_LTYPE_SVARINT: value = extreme == LOWEST ? least : most; break;
    case PB_LTYPE_UVARINT: value = extreme == USUAL && field->data_size == 4 ? 127 : all; break;
    default: break;
    }
    memcpy(item, &value, field->data_size); /* little-endian, as the host is */
}

static void fill_item(const pb_field_iter_t *field, void *item, enum extreme extreme)
{
    if (PB_LTYPE_IS_SUBMSG(field->type)) {
        fill(field->submsg_desc, item, 0, extreme);
    } else if (PB_LTYPE(field->type) == PB_LTYPE_STRING) {
        memset(item, 'z', field->data_size - 1u);
    } else if (PB_LTYPE(field->type) == PB_LTYPE_FIXED_LENGTH_BYTES) {
        memset(item, 0xA5, field->data_size);
    } else if (PB_LTYPE(field->type) == PB_LTYPE_BYTES) {
        pb_bytes_array_t *bytes = item;
        bytes->size = (pb_size_t)(field->data_size - offsetof(pb_bytes_array_t, bytes));
        memset(bytes->bytes, 0xA5, bytes->size);
    } else {
        fill_number(field, item, extreme);
    }
}

/* Fills every field of a zeroed message; of a choice (oneof) the member with the tag `chosen`, or the first where that is 0. */
static void fill(const pb_msgdesc_t *kind, void *message, pb_size_t chosen, enum extreme extreme)
{
    pb_field_iter_t field;
    if (!pb_field_iter_begin(&field, kind, message))
        return;
    do {
        pb_size_t items = 1;
        if (PB_HTYPE(field.type) == PB_HTYPE_ONEOF) {
            pb_size_t *which = field.pSize;
            if (*which != 0 || (chosen != 0 && chosen != field.tag))
                continue;
            *which = field.tag;
        } else if (PB_HTYPE(field.type) == PB_HTYPE_REPEATED) {
            items = field.array_size;
            *(pb_size_t *)field.pSize = items;
        } else if (field.pSize != NULL) {
            *(bool *)field.pSize = true;
        }
        for (pb_size_t i = 0; i < items; i++)
            fill_item(&field, (char *)field.pData + i * field.data_size, extreme);
    } while (pb_field_iter_next(&field));
}

static size_t encode(const pb_msgdesc_t *kind, const void *message, uint8_t bytes[BYTES_MAX])
{
    pb_ostream_t stream = pb_ostream_from_buffer(bytes, BYTES_MAX);
    assert_true(pb_encode(&stream, kind, message));
    return stream.bytes_written;
}

static bool decode(const pb_msgdesc_t *kind, void *message, const uint8_t *bytes, size_t size)
{
    memset(message, 0, sizeof(union message));
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);
    return pb_decode(&stream, kind, message);
}

/* The message's length; fails unless its bytes give the same message. */
static size_t returns_whole(const pb_msgdesc_t *kind, const union message *message)
{
    uint8_t bytes[BYTES_MAX];
    union message back;
    size_t size = encode(kind, message, bytes);
    assert_true(decode(kind, &back, bytes, size));
    assert_memory_equal(&back, message, sizeof back);
    return size;
}

static void every_request_returns_whole(void **state)
{
    (void)state;
    for (enum extreme extreme = HIGHEST; extreme < EXTREMES; extreme++) {
        for (pb_size_t ask = cisterna_Request_interrogate_tag; ask <= cisterna_Request_close_tag; ask++) {
            union message message = { 0 };
            fill(cisterna_Request_fields, &message, ask, extreme);
            assert_int_equal(message.request.which_ask, ask);
            returns_whole(cisterna_Request_fields, &message);
        }
        for (pb_size_t wish = cisterna_Command_stage_tag; wish <= cisterna_Command_update_confirm_tag; wish++) {
            union message message = { .request = { .request = UINT32_MAX, .which_ask = cisterna_Request_command_tag } };
            fill(cisterna_Command_fields, &message.request.ask.command, wish, extreme);
            assert_int_equal(message.request.ask.command.which_wish, wish);
            returns_whole(cisterna_Request_fields, &message);
        }
    }
}

/* Every reply but a page of the log, which the pump fills by size, fits a frame with whatever numbers a pump can have. */
static void every_reply_returns_whole_and_fits(void **state)
{
    (void)state;
    for (enum extreme extreme = HIGHEST; extreme < EXTREMES; extreme++) {
        for (pb_size_t tell = cisterna_Reply_status_tag; tell <= cisterna_Reply_closed_tag; tell++) {
            union message message = { 0 };
            fill(cisterna_Reply_fields, &message, tell, extreme);
            assert_int_equal(message.reply.which_tell, tell);
            message.reply.request = UINT32_MAX;
            if (tell == cisterna_Reply_status_tag && extreme == USUAL) {
                message.reply.tell.status.alarms = message.reply.tell.status.epoch = UINT32_MAX;
                message.reply.tell.status.staged_bytes = THERAPY_BYTES_MAX;
                message.reply.tell.status.civil_offset_ms = INT64_MIN;
            }
            size_t size = returns_whole(cisterna_Reply_fields, &message);
            bool by_size = tell == cisterna_Reply_log_tag;
            /* Their types allow more than a pump can have: concentrations below zero, a mode of four bytes. */
            bool never = extreme != USUAL && (tell == cisterna_Reply_status_tag || tell == cisterna_Reply_contents_tag);
            if (!by_size && !never && size > PACKET_PLAIN_MAX)
                fail_msg("reply %d, extreme %d: %zu bytes", (int)tell, (int)extreme, size);
        }
    }
}

static void a_page_of_the_log_takes_one_item_whatever_it_is(void **state)
{
    (void)state;
    union message message = { 0 };
    fill(cisterna_Reply_fields, &message, cisterna_Reply_log_tag, LOWEST);
    assert_int_equal(message.reply.tell.log.item[0].field_count, 4);
    message.reply.tell.log.item_count = 1;
    memset(&message.reply.tell.log.item[1], 0, 3 * sizeof message.reply.tell.log.item[1]);
    assert_in_range(returns_whole(cisterna_Reply_fields, &message), 100, PACKET_PLAIN_MAX);
}

/* What a programmer sends at most: numbers of commands need not pass 2^32, and a chunk needs no ledger head. */
static void the_longest_chunks_fit(void **state)
{
    (void)state;
    union message message = { .request = { .request = UINT32_MAX, .which_ask = cisterna_Request_command_tag } };
    cisterna_Command *command = &message.request.ask.command;
    command->command_id = UINT64_C(1) << 32;
    command->retitrated = true;
    command->which_wish = cisterna_Command_stage_tag;
    command->wish.stage = (cisterna_Stage){ THERAPY_BYTES_MAX, THERAPY_BYTES_MAX, { .size = 192 } };
    assert_in_range(returns_whole(cisterna_Request_fields, &message), 192, PACKET_PLAIN_MAX);

    memset(&command->wish, 0, sizeof command->wish);
    command->which_wish = cisterna_Command_update_chunk_tag;
    command->wish.update_chunk = (cisterna_UpdateChunk){ 1 << 20, { .size = 192 } };
    assert_in_range(returns_whole(cisterna_Request_fields, &message), 192, PACKET_PLAIN_MAX);
}

static void every_other_command_fits_with_its_ledger_head(void **state)
{
    (void)state;
    for (pb_size_t wish = cisterna_Command_activate_tag; wish <= cisterna_Command_update_confirm_tag; wish++) {
        union message message = { .request = { .request = UINT32_MAX, .which_ask = cisterna_Request_command_tag } };
        fill(cisterna_Command_fields, &message.request.ask.command, wish, LOWEST);
        size_t size = returns_whole(cisterna_Request_fields, &message);
        if (wish != cisterna_Command_update_chunk_tag && size > PACKET_PLAIN_MAX)
            fail_msg("command %d: %zu bytes", (int)wish, size);
    }
}

/* Written by hand, by the rules of protobuf's encoding: tags, varints, ZigZag, little-endian words. */
static void the_bytes_are_those_of_protobuf(void **state)
{
    (void)state;
    uint8_t bytes[BYTES_MAX];
    const cisterna_Request bolus = {
        1, cisterna_Request_command_tag,
        { .command = { 300, 0x0102030405060708, false, cisterna_Command_clinician_bolus_tag,
                       { .clinician_bolus = { -1, 150 } } } },
    };
    const uint8_t asked[] = {
        0x08, 1, 0x32, 28, 0x08, 0xAC, 0x02, 0x11, 8, 7, 6, 5, 4, 3, 2, 1, 0x52, 14,
        0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x10, 0x96, 0x01,
    };
    assert_int_equal(encode(cisterna_Request_fields, &bolus, bytes), sizeof asked);
    assert_memory_equal(bytes, asked, sizeof asked);

    const cisterna_Reply sensed = {
        2, 0, cisterna_Reply_sensors_tag,
        { .sensors = { .temperature_mdeg = -2, .reservoir_nl = -1, .leakage_na = 64, .field = true } },
    };
    const uint8_t told[] = { 0x08, 2, 0x32, 9, 0x08, 3, 0x18, 1, 0x28, 0x80, 0x01, 0x38, 1 };
    assert_int_equal(encode(cisterna_Reply_fields, &sensed, bytes), sizeof told);
    assert_memory_equal(bytes, told, sizeof told);
}

static void unknown_fields_are_passed_over(void **state)
{
    (void)state;
    /* Within an Interrogate and behind it: numbers, words of four and eight bytes, a text, under tags not in use. */
    const uint8_t bytes[] = {
        0xA0, 0x3E, 0x85, 0x01, 0x12, 12, 0x08, 5, 0x7A, 3, 'n', 'e', 'w', 0x10, 6, 0xF8, 0x3F, 9, 0x08,
        7, 0xA5, 0x3E, 1, 2, 3, 4, 0xA1, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8,
    };
    union message message;
    assert_true(decode(cisterna_Request_fields, &message, bytes, sizeof bytes));
    assert_int_equal(message.request.request, 7);
    assert_int_equal(message.request.which_ask, cisterna_Request_interrogate_tag);
    assert_int_equal(message.request.ask.interrogate.topic, 5);
    assert_int_equal(message.request.ask.interrogate.from, 6);
}

static void refused(const uint8_t *bytes, size_t size)
{
    union message message;
    assert_false(decode(cisterna_Request_fields, &message, bytes, size));
}

/* A Command with one wish, wrapped into a Request. All lengths are below 128 but the one that is written in two bytes. */
static void refused_wish(uint8_t tag, const uint8_t *bytes, uint8_t size)
{
    uint8_t whole[BYTES_MAX] = { 0x32, (uint8_t)(size + 2), (uint8_t)(tag << 3 | 2), size };
    memcpy(whole + 4, bytes, size);
    refused(whole, size + 4u);
}

static void what_does_not_fit_its_field_is_refused(void **state)
{
    (void)state;
    uint8_t stage[BYTES_MAX] = { 0x32, 0xC7, 0x01, 0x22, 0xC4, 0x01, 0x1A, 0xC1, 0x01 }; /* 193 bytes follow */
    refused(stage, 9 + 193);
    uint8_t token[35] = { 0x0A, 31 };
    refused_wish(cisterna_Command_activate_tag, token, 33);
    token[1] = 33;
    refused_wish(cisterna_Command_activate_tag, token, 35);
    const uint8_t five[22] = {
        0x2A, 20, 0x0A, 2, 0x08, 1, 0x0A, 2, 0x08, 1, 0x0A, 2, 0x08, 1, 0x0A, 2, 0x08, 1, 0x0A, 2, 0x08, 1,
    };
    refused_wish(cisterna_Command_refill_tag, five, sizeof five); /* components */
    refused_wish(cisterna_Command_set_clock_tag, (const uint8_t[]){ 0x12, 8, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H' }, 10);
    refused_wish(cisterna_Command_set_clock_tag, (const uint8_t[]){ 0x12, 2, 0xC3, 0x28 }, 4); /* not UTF-8 */
    refused((const uint8_t[]){ 0x12, 3, 0x08, 5 }, 4);                                           /* ends too early */
    refused((const uint8_t[]){ 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1 }, 12);
}

/* Bytes of chance, or a message filled and then changed or cut in places. */
static size_t make_up(const pb_msgdesc_t *kind, uint64_t *seed, uint8_t bytes[BYTES_MAX])
{
    size_t size = (size_t)chance_between(seed, 0, PACKET_PLAIN_MAX);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)chance_next(seed);
    if (chance_next(seed) % 8 == 0)
        return size;
    union message message = { 0 };
    enum extreme extreme = (enum extreme)chance_between(seed, 0, EXTREMES - 1);
    pb_size_t last = kind == cisterna_Request_fields ? cisterna_Request_close_tag : cisterna_Reply_closed_tag;
    fill(kind, &message, (pb_size_t)chance_between(seed, 2, last), extreme);
    if (kind == cisterna_Request_fields && message.request.which_ask == cisterna_Request_command_tag) {
        cisterna_Command *command = &message.request.ask.command;
        memset(command, 0, sizeof *command);
        int64_t wish = chance_between(seed, cisterna_Command_stage_tag, cisterna_Command_update_confirm_tag);
        fill(cisterna_Command_fields, command, (pb_size_t)wish, extreme);
    }
    size = encode(kind, &message, bytes);
    for (int64_t changes = chance_between(seed, 0, 3); changes > 0; changes--)
        bytes[chance_next(seed) % size] = (uint8_t)chance_next(seed);
    return size - (chance_next(seed) % 4 == 0 ? chance_next(seed) % size : 0);
}

/* What can be read at all is written and read again without a change. */
static void no_bytes_do_harm(void **state)
{
    (void)state;
    uint64_t seed = 41;
    unsigned taken = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const pb_msgdesc_t *kind = round % 2 == 0 ? cisterna_Request_fields : cisterna_Reply_fields;
        uint8_t bytes[BYTES_MAX], again[BYTES_MAX];
        union message message, back;
        size_t size = make_up(kind, &seed, bytes);
        if (!decode(kind, &message, bytes, size))
            continue;
        taken++;
        size = encode(kind, &message, bytes);
        assert_true(decode(kind, &back, bytes, size));
        assert_int_equal(encode(kind, &back, again), size);
        assert_memory_equal(again, bytes, size);
    }
    assert_in_range(taken, ROUNDS / 10, ROUNDS - ROUNDS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_returns_whole),
        cmocka_unit_test(every_reply_returns_whole_and_fits),
        cmocka_unit_test(a_page_of_the_log_takes_one_item_whatever_it_is),
        cmocka_unit_test(the_longest_chunks_fit),
        cmocka_unit_test(every_other_command_fits_with_its_ledger_head),
        cmocka_unit_test(the_bytes_are_those_of_protobuf),
        cmocka_unit_test(unknown_fields_are_passed_over),
        cmocka_unit_test(what_does_not_fit_its_field_is_refused),
        cmocka_unit_test(no_bytes_do_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
