/* message.c - what a seal hides: requests, replies, commands, receipts and therapies. Each reader is handed the same bytes. What
 * it takes can be written again, and is the same when read again; where there is one form only, it is the same bytes. And a
 * command is the same command whichever way it came. REQ-LINK-10, REQ-SECU-13, HZ-17. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include "core/therapy.h"
#include "fuzz/tape.h"
#include "link/message.h"
#include "link/wish.h"

static bool same_refill(const struct refill *one, const struct refill *other)
{
    bool same = one->withdrawn.nl == other->withdrawn.nl && one->left.nl == other->left.nl &&
                one->filled.nl == other->filled.nl && one->drawn_up.nl == other->drawn_up.nl &&
                one->dead_drug_free == other->dead_drug_free && one->activate == other->activate &&
                one->fill.count == other->fill.count && one->fill.unknown == other->fill.unknown;
    for (unsigned i = 0; i < MIXTURE_DRUGS_MAX; i++)
        same = same && one->fill.component[i].drug == other->fill.component[i].drug &&
               one->fill.component[i].conc.ng_ml == other->fill.component[i].conc.ng_ml;
    return same;
}

static bool same_command(const struct command *one, const struct command *other)
{
    return one->kind == other->kind && one->id == other->id && one->head == other->head &&
           one->retitrated == other->retitrated && memcmp(one->token, other->token, sizeof one->token) == 0 &&
           memcmp(one->signature, other->signature, sizeof one->signature) == 0 &&
           memcmp(one->header, other->header, sizeof one->header) == 0 && one->stage.total == other->stage.total &&
           one->stage.offset == other->stage.offset && one->stage.size == other->stage.size &&
           memcmp(one->stage.bytes, other->stage.bytes, sizeof one->stage.bytes) == 0 &&
           one->volume.nl == other->volume.nl && one->rate.nl_day == other->rate.nl_day &&
           same_refill(&one->refill, &other->refill) && one->calendar.offset.ms == other->calendar.offset.ms &&
           memcmp(one->calendar.zone, other->calendar.zone, sizeof one->calendar.zone) == 0 &&
           one->minutes == other->minutes && one->alarm == other->alarm && one->slot == other->slot;
}

static bool same_receipt(const struct receipt *one, const struct receipt *other)
{
    return one->id == other->id && one->kind == other->kind && one->outcome == other->outcome &&
           one->reasons == other->reasons && one->at.ms == other->at.ms && one->earliest.ms == other->earliest.ms &&
           one->detail == other->detail && one->head == other->head;
}

/* Is one the other as it goes over the air? */
static bool same_wish(const cisterna_Command *one, const cisterna_Command *other)
{
    cisterna_Request request = { .request = 1, .which_ask = cisterna_Request_command_tag, .ask.command = *one };
    uint8_t bytes[PACKET_PLAIN_MAX], others[PACKET_PLAIN_MAX];
    size_t size = message_write_request(&request, bytes);
    request.ask.command = *other;
    return message_write_request(&request, others) == size && memcmp(bytes, others, size) == 0;
}

/* From the air to its own bytes, as the pump takes it, and back to the air: nothing is lost, but what its kind does not state. */
static void wish_is_a_command(const cisterna_Command *wish)
{
    struct command command, decoded, again;
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    cisterna_Command back;
    if (!wish_to_command(wish, &command) || command_encode(&command, bytes, sizeof bytes, &size) != RESULT_OK)
        return;
    MUST(command_decode(bytes, size, &decoded) == RESULT_OK);
    MUST(same_command(&command, &decoded));
    MUST(wish_from_command(&command, &back) && wish_to_command(&back, &again) && same_command(&command, &again));
    cisterna_Command stated = *wish;
    stated.retitrated = back.retitrated;
    MUST(same_wish(&stated, &back));
}

static void told_is_a_receipt(const cisterna_Receipt *told)
{
    struct receipt receipt, again;
    cisterna_Receipt back;
    if (!wish_to_receipt(told, &receipt))
        return;
    wish_from_receipt(&receipt, &back);
    MUST(wish_to_receipt(&back, &again) && same_receipt(&receipt, &again));
}

/* The bytes of others may have other forms, ours has one: what was read and written is written the same again. */
static void bytes_are_a_request(const uint8_t *bytes, size_t size)
{
    cisterna_Request request, again;
    uint8_t one[PACKET_PLAIN_MAX], other[PACKET_PLAIN_MAX];
    if (size > PACKET_PLAIN_MAX || !message_read_request(bytes, size, &request))
        return;
    size_t count = message_write_request(&request, one);
    if (count > 0) {
        MUST(message_read_request(one, count, &again));
        MUST(message_write_request(&again, other) == count && memcmp(one, other, count) == 0);
    }
    if (request.which_ask == cisterna_Request_command_tag)
        wish_is_a_command(&request.ask.command);
}

static void bytes_are_a_reply(const uint8_t *bytes, size_t size)
{
    cisterna_Reply reply, again;
    uint8_t one[PACKET_PLAIN_MAX], other[PACKET_PLAIN_MAX];
    if (size > PACKET_PLAIN_MAX || !message_read_reply(bytes, size, &reply))
        return;
    size_t count = message_write_reply(&reply, one);
    bool empty = reply.request == 0 && reply.refusal == 0 && reply.which_tell == 0;
    MUST((count > 0 || empty) == message_fits(&reply));
    if (count > 0) {
        MUST(message_read_reply(one, count, &again));
        MUST(message_write_reply(&again, other) == count && memcmp(one, other, count) == 0);
    }
    if (reply.which_tell == cisterna_Reply_receipt_tag)
        told_is_a_receipt(&reply.tell.receipt);
}

/* Whatever can be asked of a pump fits one frame. */
static void bytes_are_a_command(const uint8_t *bytes, size_t size)
{
    struct command command, carried;
    uint8_t again[COMMAND_BYTES_MAX], plain[PACKET_PLAIN_MAX];
    size_t count = 0;
    if (command_decode(bytes, size, &command) != RESULT_OK)
        return;
    MUST(command_encode(&command, again, sizeof again, &count) == RESULT_OK);
    MUST(count == size && memcmp(again, bytes, size) == 0);
    cisterna_Request request = { .request = UINT32_MAX, .which_ask = cisterna_Request_command_tag }, heard;
    MUST(wish_from_command(&command, &request.ask.command));
    count = message_write_request(&request, plain);
    MUST(count > 0 && message_read_request(plain, count, &heard));
    MUST(wish_to_command(&heard.ask.command, &carried) && same_command(&command, &carried));
}

static void bytes_are_a_receipt(const uint8_t *bytes, size_t size)
{
    struct receipt receipt, carried;
    uint8_t again[RECEIPT_BYTES];
    cisterna_Receipt told;
    if (size != RECEIPT_BYTES || receipt_decode(bytes, &receipt) != RESULT_OK)
        return;
    receipt_encode(&receipt, again);
    MUST(memcmp(again, bytes, size) == 0);
    wish_from_receipt(&receipt, &told);
    MUST(wish_to_receipt(&told, &carried) && same_receipt(&receipt, &carried));
}

static void bytes_are_a_therapy(const uint8_t *bytes, size_t size)
{
    struct therapy therapy;
    uint8_t again[THERAPY_BYTES_MAX];
    size_t count = 0, offset = 0, length = 0;
    if (therapy_decode(bytes, size, &therapy) != RESULT_OK)
        return;
    MUST(therapy_encode(&therapy, again, sizeof again, &count) == RESULT_OK);
    MUST(count == size && memcmp(again, bytes, size) == 0);
    MUST(therapy_limits_section(bytes, size, &offset, &length) == RESULT_OK);
    MUST(length <= size && offset <= size - length);
    static const uint8_t models[] = { MODEL_C20, MODEL_C40, MODEL_V20 };
    for (unsigned i = 0; i < sizeof models; i++)
        (void)therapy_judge(&therapy, model_find(models[i], 1)); /* any therapy can be judged */
}

/* Small, at an edge of some type, or anything. */
static uint64_t number_of(struct tape *tape)
{
    static const uint64_t edges[] = { UINT8_MAX, UINT16_MAX, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX, THERAPY_BYTES_MAX,
                                      VOL_NL_MAX };
    uint8_t first = tape_byte(tape);
    if (first < 128)
        return first;
    return first < 192 ? edges[first % 8] + (uint64_t)(first / 8 % 8) - 4 : tape_number(tape, 8);
}

static pb_size_t block_of(struct tape *tape, uint8_t *block, size_t most)
{
    uint8_t size = tape_byte(tape);
    tape_block(tape, block, size < most ? size : most);
    return (pb_size_t)(size < most ? size : most);
}

static void refill_of(struct tape *tape, cisterna_Refill *refill)
{
    refill->withdrawn_nl = (int64_t)number_of(tape);
    refill->left_nl = (int64_t)number_of(tape);
    refill->filled_nl = (int64_t)number_of(tape);
    refill->drawn_up_nl = (int64_t)number_of(tape);
    refill->dead_drug_free = tape_byte(tape) & 1;
    refill->has_fill = tape_byte(tape) & 1;
    refill->fill.component_count = tape_byte(tape) % (MIXTURE_DRUGS_MAX + 1);
    for (unsigned i = 0; i < refill->fill.component_count; i++)
        refill->fill.component[i] = (cisterna_Component){ (uint32_t)number_of(tape), (int32_t)number_of(tape) };
    refill->token.size = block_of(tape, refill->token.bytes, sizeof refill->token.bytes);
}

/* A wish by its members, which bytes that were mutated rarely hold together. */
static void members_are_a_command(struct tape tape)
{
    cisterna_Command wish = { .which_wish = tape_byte(&tape) % (cisterna_Command_update_confirm_tag + 2) };
    wish.command_id = number_of(&tape);
    wish.ledger_head = number_of(&tape);
    wish.retitrated = tape_byte(&tape) & 1;
    if (wish.which_wish == cisterna_Command_stage_tag) {
        wish.wish.stage.total_bytes = (uint32_t)number_of(&tape);
        wish.wish.stage.offset_bytes = (uint32_t)number_of(&tape);
        wish.wish.stage.bytes.size = block_of(&tape, wish.wish.stage.bytes.bytes, STAGE_CHUNK_MAX);
    } else if (wish.which_wish == cisterna_Command_update_chunk_tag) {
        wish.wish.update_chunk.offset_bytes = (uint32_t)number_of(&tape);
        wish.wish.update_chunk.bytes.size = block_of(&tape, wish.wish.update_chunk.bytes.bytes, STAGE_CHUNK_MAX);
    } else if (wish.which_wish == cisterna_Command_clinician_bolus_tag) {
        wish.wish.clinician_bolus = (cisterna_ClinicianBolus){ (int64_t)number_of(&tape), (int32_t)number_of(&tape) };
    } else if (wish.which_wish == cisterna_Command_set_clock_tag) {
        wish.wish.set_clock.offset_ms = (int64_t)number_of(&tape);
        (void)block_of(&tape, (uint8_t *)wish.wish.set_clock.zone, sizeof wish.wish.set_clock.zone);
    } else if (wish.which_wish == cisterna_Command_refill_tag) {
        refill_of(&tape, &wish.wish.refill);
    } else {
        wish.wish.silence.minutes = (uint32_t)number_of(&tape); /* and alarm and slot, which lie in the same place */
    }
    wish_is_a_command(&wish);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bytes_are_a_request(bytes, size);
    bytes_are_a_reply(bytes, size);
    bytes_are_a_command(bytes, size);
    bytes_are_a_receipt(bytes, size);
    bytes_are_a_therapy(bytes, size);
    members_are_a_command((struct tape){ bytes, size });
    return 0;
}
