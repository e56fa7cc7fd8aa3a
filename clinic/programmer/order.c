/* order.c - commands: written down before they are sent, and never sent again once they were given up. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/order.h"

#include "clinic/programmer/ask.h"
#include "link/wish.h"

enum { ID_BITS_OF_COUNTER = 16 };

uint64_t order_next_id(const struct key *key)
{
    uint64_t least = key->counter << ID_BITS_OF_COUNTER;
    return key->command_id + 1 > least ? key->command_id + 1 : least;
}

/* Staging changes nothing that flows, the pump keeps no receipt of it, and it is judged by reading back what stands there: an
 * unknown chunk is begun anew, not settled. */
static bool must_be_settled(uint8_t kind)
{
    return kind != COMMAND_STAGE;
}

/* Writes the command down before it is sent; false, with nothing changed, when that cannot be kept. */
static bool order_begin(struct programmer *programmer, const struct air *air, const struct command *command)
{
    uint64_t before = programmer->key.command_id;
    programmer->key.command_id = command->id;
    if (must_be_settled(command->kind))
        programmer->key.pending = (struct pending){ .id = command->id, .kind = command->kind };
    if (air->keep(air->context, &programmer->key))
        return true;
    programmer->key.command_id = before;
    programmer->key.pending = (struct pending){ .id = 0 };
    return false;
}

/* Nothing is pending any more: this became of it. When that cannot be kept it stays pending here too, so that the next session
 * settles it again. */
static bool order_end(struct programmer *programmer, const struct air *air, const struct receipt *outcome)
{
    struct pending pending = programmer->key.pending;
    struct receipt last = programmer->key.last;
    if (pending.id == 0)
        return true;
    programmer->key.pending = (struct pending){ .id = 0 };
    programmer->key.last = *outcome;
    if (air->keep(air->context, &programmer->key))
        return true;
    programmer->key.pending = pending;
    programmer->key.last = last;
    return false;
}

/* Is it the receipt of this command? One of kind 0 says that the pump could not read it. */
static bool receipt_read(const cisterna_Receipt *told, uint64_t id, uint8_t kind, struct receipt *receipt)
{
    struct receipt read;
    if (!wish_to_receipt(told, &read) || read.id != id || (read.kind != kind && read.kind != 0))
        return false;
    *receipt = read;
    receipt->kind = kind;
    return true;
}

enum told order_give(struct programmer *programmer, const struct air *air, struct command *command, struct receipt *receipt,
                     enum contact *contact)
{
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    cisterna_Request request = { .which_ask = cisterna_Request_command_tag };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    if (command_encode(command, bytes, sizeof bytes, &size) != RESULT_OK ||
        !wish_from_command(command, &request.ask.command) || !ask_fits(programmer, &request)) {
        *contact = CONTACT_MALFORMED;
        return TOLD_NOT_APPLIED;
    }
    if (!order_begin(programmer, air, command)) {
        *contact = CONTACT_KEEP_FAILED;
        return TOLD_NOT_APPLIED;
    }
    *contact = ask_repeat(programmer, air, &request, programmer->patience.tries, &reply);
    bool refused = *contact == CONTACT_REFUSED; /* the request itself: the command was never carried out */
    if (*contact == CONTACT_OK && !receipt_read(&reply.tell.receipt, command->id, command->kind, receipt))
        *contact = CONTACT_VERSION;
    if (*contact != CONTACT_OK && !refused)
        return TOLD_UNKNOWN;
    if (!refused)
        programmer->head = receipt->head;
    struct receipt outcome = *receipt;
    outcome.outcome = refused ? OUTCOME_NOT_APPLIED : receipt->outcome;
    if (!order_end(programmer, air, &outcome))
        *contact = CONTACT_KEEP_FAILED;
    return receipt->outcome == OUTCOME_APPLIED ? TOLD_APPLIED : TOLD_NOT_APPLIED;
}

enum contact order_settle(struct programmer *programmer, const struct air *air)
{
    struct pending pending = programmer->key.pending;
    cisterna_Request request = { .which_ask = cisterna_Request_read_receipt_tag,
                                 .ask.read_receipt.command_id = pending.id };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    enum contact contact = ask_repeat(programmer, air, &request, programmer->patience.tries, &reply);
    if (contact != CONTACT_OK)
        return contact;
    /* Never seen is never applied: what was sent in the session before cannot be taken any more. */
    struct receipt settled = { .id = pending.id, .kind = pending.kind, .outcome = OUTCOME_NOT_APPLIED };
    if (reply.tell.receipt.command == 0 && reply.tell.receipt.reasons != 0) { /* older than the newest, and forgotten */
        settled.outcome = 0;
        settled.reasons = reply.tell.receipt.reasons;
    }
    if (reply.tell.receipt.command != 0 && !receipt_read(&reply.tell.receipt, pending.id, pending.kind, &settled))
        return CONTACT_VERSION;
    if (!order_end(programmer, air, &settled))
        return CONTACT_KEEP_FAILED;
    programmer->settled = settled;
    return CONTACT_OK;
}
