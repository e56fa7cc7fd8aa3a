/* witness.c - the questions of a witness. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/witness.h"

#include "link/permit.h"
#include "pump/logread.h"

enum { RING_EVENTS = 1 };

static enum contact ask(struct programmer *programmer, const struct air *air, enum query topic, pb_size_t tell,
                        cisterna_Reply *reply)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = topic };
    enum contact contact = programmer_ask(programmer, air, &request, reply);
    return contact == CONTACT_OK && reply->which_tell != tell ? CONTACT_VERSION : contact;
}

enum contact witness_look(struct programmer *programmer, const struct air *air, struct sight *sight)
{
    cisterna_Reply reply;
    enum contact contact = ask(programmer, air, QUERY_STATUS, cisterna_Reply_status_tag, &reply);
    if (contact != CONTACT_OK)
        return contact;
    sight->status = reply.tell.status;
    contact = ask(programmer, air, QUERY_LEDGER, cisterna_Reply_ledger_tag, &reply);
    if (contact != CONTACT_OK)
        return contact;
    sight->ledger = reply.tell.ledger;
    contact = ask(programmer, air, QUERY_ENERGY, cisterna_Reply_energy_tag, &reply);
    if (contact == CONTACT_OK)
        sight->energy = reply.tell.energy;
    return contact;
}

static void item_keep(const cisterna_LogItem *item, struct sight_log *log)
{
    if (item->what != LOGREAD_EVENT || log->count == SIGHT_EVENTS_MAX) {
        log->more = true;
        return;
    }
    struct event *event = &log->event[log->count++];
    *event = (struct event){ .sequence = item->from_sequence, .at = { item->at_ms }, .epoch = item->epoch,
                             .code = (uint16_t)item->code, .actor = (uint8_t)item->actor };
    for (unsigned i = 0; i < item->field_count; i++)
        event->field[i] = item->field[i];
}

enum contact witness_log(struct programmer *programmer, const struct air *air, uint64_t last, struct sight_log *log)
{
    uint64_t next = last + 1;
    log->count = 0;
    log->more = false;
    while (next != 0 && !log->more) {
        cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag,
                                     .ask.read_log = { .ring = RING_EVENTS, .from_sequence = next } };
        cisterna_Reply reply;
        enum contact contact = programmer_ask(programmer, air, &request, &reply);
        if (contact != CONTACT_OK)
            return contact;
        if (reply.which_tell != cisterna_Reply_log_tag)
            return CONTACT_VERSION;
        for (unsigned i = 0; i < reply.tell.log.item_count; i++)
            item_keep(&reply.tell.log.item[i], log);
        if (reply.tell.log.next_sequence != 0 && reply.tell.log.next_sequence <= next)
            return CONTACT_VERSION; /* it would go on for ever */
        next = reply.tell.log.next_sequence;
    }
    return CONTACT_OK;
}
