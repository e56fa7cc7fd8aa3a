// SPDX-License-Identifier: Apache-2.0
#include "pump/reply.h"

#include "link/message.h"
#include "link/wish.h"
#include "pump/answered.h"
#include "pump/interrogation.h"
#include "pump/logread.h"
#include "pump/standing.h"

static void refuse(cisterna_Reply *reply, enum refusal refusal)
{
    reply->refusal = refusal;
}

/* What stands in the slot, in force or staged: never what was received (REQ-LINK-09). */
static void tell_therapy(const struct pump *pump, const struct board *board, const cisterna_ReadTherapy *ask,
                         cisterna_Reply *reply)
{
    const struct therapy_slot *slot = therapy_slot_sound(kept_of(board), pump->now.therapy_sequence);
    const uint8_t *bytes = ask->staged ? pump->staging.bytes : slot != NULL ? slot->bytes : NULL;
    uint32_t total = 0;
    if (ask->staged) {
        total = pump->staging.whole ? pump->staging.total : 0;
    } else if (pump->has_therapy && slot != NULL) {
        total = slot->size;
    }
    cisterna_TherapyBytes *told = &reply->tell.therapy;
    reply->which_tell = cisterna_Reply_therapy_tag;
    told->total_bytes = total;
    told->offset_bytes = ask->offset_bytes;
    for (uint32_t at = ask->offset_bytes; at < total && told->bytes.size < STAGE_CHUNK_MAX; at++) {
        told->bytes.bytes[told->bytes.size++] = bytes[at];
    }
}

static void item_tell(const struct logread_item *item, cisterna_LogItem *told)
{
    *told = (cisterna_LogItem){ .what = item->what, .why = item->why, .from_sequence = item->from, .to_sequence = item->to };
    if (item->what != LOGREAD_EVENT) {
        return;
    }
    told->code = item->event.code;
    told->actor = item->event.actor;
    told->epoch = item->event.epoch;
    told->at_ms = item->event.at.ms;
    unsigned fields = 4;
    while (fields > 0 && item->event.field[fields - 1] == 0) {
        fields--; /* zeros at the end are not sent */
    }
    for (unsigned i = 0; i < fields; i++) {
        told->field[told->field_count++] = item->event.field[i];
    }
}

/* As many items as fit; the next page begins with the first that did not. */
static void tell_log(const struct pump *pump, const struct board *board, const cisterna_ReadLog *ask, cisterna_Reply *reply)
{
    struct logread read;
    struct log_head head;
    struct logread_item item;
    enum log_kind kind = ask->ring == LOG_FAULTS_RING ? LOG_FAULTS_RING : LOG_EVENTS_RING;
    cisterna_LogPage *told = &reply->tell.log;
    reply->which_tell = cisterna_Reply_log_tag;
    log_head(&pump->log, kind, &head);
    told->last_sequence = head.last;
    told->next_sequence = ask->from_sequence > 0 ? ask->from_sequence : 1;
    logread_begin(&read, board, kind, told->next_sequence, &head);
    while (told->item_count < sizeof told->item / sizeof told->item[0]) {
        logread_next(&read, board, &item);
        if (item.what == LOGREAD_END) {
            told->next_sequence = 0;
            told->chain.size = HASH_BYTES;
            for (unsigned i = 0; i < HASH_BYTES; i++) {
                told->chain.bytes[i] = read.chain[i];
            }
            break;
        }
        item_tell(&item, &told->item[told->item_count++]);
        if (!message_fits(reply)) {
            told->item_count--;
            return;
        }
        if (item.what == LOGREAD_UNKNOWN) {
            told->next_sequence = 0; /* what follows cannot be read by this software */
            break;
        }
        told->next_sequence = item.to + 1;
    }
    if (!message_fits(reply)) { /* the chain does not go in any more: a page of its own */
        told->chain.size = 0;
        told->next_sequence = head.last + 1;
    }
}

static void tell_receipt(const struct pump *pump, struct sender sender, uint64_t id, cisterna_Reply *reply)
{
    /* One that is older than the newest may have been given: that its receipt is gone proves nothing. */
    bool forgotten = id != 0 && sender.slot < SENDERS && id <= pump->now.highest_id[sender.slot];
    struct receipt none = { .id = id, .reasons = forgotten ? VERDICT_REUSED_ID : 0 };
    const struct answered *answered = answered_find(pump, sender.slot, id);
    reply->which_tell = cisterna_Reply_receipt_tag;
    wish_from_receipt(answered != NULL ? &answered->receipt : &none, &reply->tell.receipt);
}

/* By the same bytes that every other sender uses: core/command.h. */
static void command_give(struct pump *pump, const struct board *board, struct sender sender, const cisterna_Command *wish,
                         instant_ms now, cisterna_Reply *reply)
{
    struct command command;
    struct receipt receipt;
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    if (!wish_to_command(wish, &command) || command_encode(&command, bytes, sizeof bytes, &size) != RESULT_OK) {
        size = 0; /* pump_command() says what it says of every command it cannot read */
    }
    instant_ms tick = { now.ms - pump->now.clock_base_ms };
    pump_command(pump, board, tick, sender, bytes, size, &receipt);
    receipt.id = receipt.id != 0 ? receipt.id : wish->command_id;
    reply->which_tell = cisterna_Reply_receipt_tag;
    wish_from_receipt(&receipt, &reply->tell.receipt);
}

static uint8_t query_of(const cisterna_Request *request)
{
    switch (request->which_ask) {
    case cisterna_Request_interrogate_tag:
        return request->ask.interrogate.topic <= QUERY_UPDATE ? (uint8_t)request->ask.interrogate.topic : 0;
    case cisterna_Request_read_therapy_tag:
        return QUERY_THERAPY;
    case cisterna_Request_read_log_tag:
        return QUERY_LOG;
    case cisterna_Request_read_receipt_tag:
        return QUERY_RECEIPT;
    default:
        return 0;
    }
}

static void query_answer(struct pump *pump, const struct board *board, struct sender sender, const cisterna_Request *request,
                         instant_ms now, cisterna_Reply *reply)
{
    uint8_t query = query_of(request);
    if (query == 0) {
        refuse(reply, REFUSAL_NOT_FOUND);
    } else if (!permit_query(query, sender.role)) {
        refuse(reply, REFUSAL_ROLE);
    } else if (query == QUERY_THERAPY) {
        tell_therapy(pump, board, &request->ask.read_therapy, reply);
    } else if (query == QUERY_LOG) {
        tell_log(pump, board, &request->ask.read_log, reply);
    } else if (query == QUERY_RECEIPT) {
        tell_receipt(pump, sender, request->ask.read_receipt.command_id, reply);
    } else if (!interrogation_tell(pump, board, sender, query, request->ask.interrogate.from, now, reply)) {
        refuse(reply, REFUSAL_NOT_FOUND);
    }
}

size_t reply_make(struct pump *pump, const struct board *board, struct sender sender, uint8_t bytes[PACKET_PLAIN_MAX],
                  size_t size, instant_ms now, bool *last)
{
    cisterna_Request request;
    cisterna_Reply reply = cisterna_Reply_init_zero;
    if (!message_read_request(bytes, size, &request)) {
        return 0;
    }
    reply.request = request.request;
    *last = request.which_ask == cisterna_Request_close_tag;
    if (*last) {
        reply.which_tell = cisterna_Reply_closed_tag;
    } else if (request.which_ask == cisterna_Request_command_tag) {
        command_give(pump, board, sender, &request.ask.command, now, &reply);
    } else if (request.which_ask == 0) {
        refuse(&reply, REFUSAL_NOT_UNDERSTOOD);
    } else {
        query_answer(pump, board, sender, &request, now, &reply);
    }
    return message_write_reply(&reply, bytes);
}
