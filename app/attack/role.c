/* role.c - more than the role allows. */
// SPDX-License-Identifier: Apache-2.0
#include "app/attack/role.h"

#include <string.h>

#include "core/catalog.h"
#include "link/permit.h"

/* A command as one of the right role could give it. */
static struct command command_make(uint8_t kind)
{
    struct command command = { .kind = kind, .minutes = 5, .alarm = ALARM_EMERGENCY, .slot = 1 };
    command.volume.nl = 5000;
    command.rate.nl_day = 1000000;
    command.calendar = (struct calendar){ { HOUR_MS }, "+01:00" };
    command.refill.filled.nl = command.refill.drawn_up.nl = 10000000;
    if (kind == COMMAND_STAGE || kind == COMMAND_UPDATE_CHUNK)
        command.stage = (struct stage_chunk){ .total = kind == COMMAND_STAGE ? 100 : 0, .size = 20 };
    return command;
}

static void command_try(struct programmer *programmer, const struct air *air, uint8_t kind, struct role_found *found)
{
    struct command command = command_make(kind);
    struct receipt receipt = { .id = 0 };
    enum contact contact = CONTACT_OK;
    enum told told = programmer_command(programmer, air, &command, &receipt, &contact);
    found->tried++;
    bool refused = told == TOLD_NOT_APPLIED && (receipt.reasons & VERDICT_ROLE) != 0;
    found->applied += told == TOLD_APPLIED;
    found->refused += refused;
    found->unknown += told != TOLD_APPLIED && !refused;
}

static void query_try(struct programmer *programmer, const struct air *air, uint8_t query, struct role_found *found)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = query };
    cisterna_Reply reply;
    if (query == QUERY_THERAPY)
        request = (cisterna_Request){ .which_ask = cisterna_Request_read_therapy_tag };
    if (query == QUERY_LOG)
        request = (cisterna_Request){ .which_ask = cisterna_Request_read_log_tag, .ask.read_log = { 1, 1 } };
    if (query == QUERY_RECEIPT)
        request = (cisterna_Request){ .which_ask = cisterna_Request_read_receipt_tag, .ask.read_receipt.command_id = 1 };
    enum contact contact = programmer_ask(programmer, air, &request, &reply);
    found->tried++;
    found->applied += contact == CONTACT_OK;
    found->refused += contact == CONTACT_REFUSED;
    found->unknown += contact != CONTACT_OK && contact != CONTACT_REFUSED; /* and then no more is asked */
}

void role_try(struct programmer *programmer, const struct air *air, uint8_t mode, struct role_found *found)
{
    *found = (struct role_found){ .tried = 0 };
    for (uint8_t query = QUERY_STATUS; query <= QUERY_RECEIPT && found->unknown == 0; query++)
        if (!permit_query(query, programmer->role))
            query_try(programmer, air, query, found);
    for (unsigned kind = COMMAND_STAGE; kind <= COMMAND_UPDATE_CONFIRM && found->unknown == 0; kind++)
        if (permit_command((uint8_t)kind, programmer->role, mode) == VERDICT_ROLE)
            command_try(programmer, air, (uint8_t)kind, found);
}
