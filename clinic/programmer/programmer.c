/* programmer.c - what a programmer does, in the order in which it may: pair, open, ask and command, close. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/programmer.h"

#include <string.h>

#include "clinic/programmer/ask.h"
#include "clinic/programmer/knock.h"
#include "clinic/programmer/order.h"
#include "clinic/programmer/pairing.h"
#include "clinic/programmer/stage.h"
#include "core/text.h"
#include "link/permit.h"

/* A pump that does not hear the end of a session ends it by itself: it is not asked for long. Guess. */
enum { CLOSE_TRIES = 2 };

void programmer_start(struct programmer *programmer, const struct key *key)
{
    *programmer = (struct programmer){ .key = *key, .patience = { .wait_ms = 500, .tries = 12 } };
}

static bool has_secret(const struct key *key)
{
    uint8_t seen = 0;
    for (unsigned i = 0; i < KEY_BYTES; i++)
        seen |= key->secret[i];
    return seen != 0;
}

enum contact programmer_pair(struct programmer *programmer, const struct air *air, const uint8_t card[CARD_SECRET_BYTES],
                             enum role role, uint8_t *outcome)
{
    if (role < ROLE_PATIENT || role > ROLE_SERVICE || !text_valid(programmer->key.label, sizeof programmer->key.label))
        return CONTACT_MALFORMED;
    session_end(&programmer->session);
    if (!has_secret(&programmer->key))
        air->chance(air->context, programmer->key.secret, KEY_BYTES);
    return pairing_make(programmer, air, card, role, outcome);
}

/* Does this pump speak what we speak? */
static enum contact versions_check(struct programmer *programmer, const struct air *air)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag,
                                 .ask.interrogate.topic = QUERY_CAPABILITY };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    enum contact contact = programmer_ask(programmer, air, &request, &reply);
    const cisterna_Capability *told = &reply.tell.capability;
    if (contact != CONTACT_OK)
        return contact;
    bool same = told->protocol == LINK_VERSION && told->therapy_version == THERAPY_VERSION &&
                told->command_version == COMMAND_VERSION && !told->programmer_too_old;
    return same ? CONTACT_OK : CONTACT_VERSION;
}

static enum contact session_prepare(struct programmer *programmer, const struct air *air)
{
    cisterna_Status status;
    enum contact contact = versions_check(programmer, air);
    if (contact == CONTACT_OK && programmer->key.pending.id != 0)
        contact = order_settle(programmer, air);
    return contact == CONTACT_OK ? programmer_status(programmer, air, &status) : contact;
}

enum contact programmer_open(struct programmer *programmer, const struct air *air)
{
    session_end(&programmer->session);
    programmer->settled = (struct receipt){ .id = 0 };
    if (programmer->key.slot == PAIRING_SLOT)
        return CONTACT_NOT_PAIRED;
    enum contact contact = knock_open(programmer, air);
    if (contact == CONTACT_OK)
        contact = session_prepare(programmer, air);
    if (contact != CONTACT_OK)
        session_end(&programmer->session);
    return contact;
}

void programmer_close(struct programmer *programmer, const struct air *air)
{
    cisterna_Request request = { .which_ask = cisterna_Request_close_tag };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    unsigned tries = programmer->patience.tries < CLOSE_TRIES ? programmer->patience.tries : CLOSE_TRIES;
    enum contact heard = ask_repeat(programmer, air, &request, tries, &reply);
    (void)heard; /* here the session is over either way */
    session_end(&programmer->session);
}

enum contact programmer_ask(struct programmer *programmer, const struct air *air, cisterna_Request *request,
                            cisterna_Reply *reply)
{
    /* A command goes through programmer_command(), which writes it down first. */
    if (request->which_ask == cisterna_Request_command_tag)
        return CONTACT_MALFORMED;
    return ask_repeat(programmer, air, request, programmer->patience.tries, reply);
}

enum told programmer_command(struct programmer *programmer, const struct air *air, struct command *command,
                             struct receipt *receipt, enum contact *contact)
{
    command->id = order_next_id(&programmer->key);
    command->head = command_needs_head(command->kind) ? programmer->head : 0;
    *receipt = (struct receipt){ .id = command->id, .kind = command->kind };
    *contact = CONTACT_OK;
    if (programmer->key.slot == PAIRING_SLOT)
        *contact = CONTACT_NOT_PAIRED;
    else if (programmer->key.pending.id != 0)
        *contact = CONTACT_PENDING;
    else if (programmer->session.id == 0)
        *contact = CONTACT_SILENCE;
    return *contact == CONTACT_OK ? order_give(programmer, air, command, receipt, contact) : TOLD_NOT_APPLIED;
}

enum contact programmer_status(struct programmer *programmer, const struct air *air, cisterna_Status *status)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = QUERY_STATUS };
    cisterna_Reply reply = cisterna_Reply_init_zero;
    enum contact contact = programmer_ask(programmer, air, &request, &reply);
    if (contact == CONTACT_OK) {
        *status = reply.tell.status;
        programmer->head = status->ledger_head;
    }
    return contact;
}

enum contact programmer_read_therapy(struct programmer *programmer, const struct air *air, bool staged,
                                     uint8_t bytes[THERAPY_BYTES_MAX], size_t *size)
{
    return stage_read(programmer, air, staged, bytes, size);
}

enum told programmer_stage(struct programmer *programmer, const struct air *air, const struct therapy *therapy,
                           uint8_t token[TOKEN_BYTES], struct receipt *receipt, enum contact *contact)
{
    return stage_send(programmer, air, therapy, token, receipt, contact);
}
