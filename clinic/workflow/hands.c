/* hands.c - a workflow's wants, carried out over the air. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/workflow/hands.h"

#include <string.h>

#include "clinic/programmer/order.h"
#include "link/permit.h"
#include "link/wish.h"

static enum contact topic_ask(struct programmer *programmer, const struct air *air, uint32_t topic,
                              cisterna_Reply *reply)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag, .ask.interrogate.topic = topic };
    return programmer_ask(programmer, air, &request, reply);
}

static bool capability_read(const cisterna_Capability *told, struct interrogation *seen)
{
    if (told->model > UINT8_MAX || told->revision > UINT8_MAX)
        return false;
    memcpy(seen->serial, told->serial, sizeof seen->serial);
    seen->serial[sizeof seen->serial - 1] = '\0';
    seen->model = (uint8_t)told->model;
    seen->revision = (uint8_t)told->revision;
    seen->calibration.ppm = told->calibration_ppm;
    seen->limits_signed = told->limits_signed;
    return true;
}

static bool contents_read(const cisterna_Contents *told, struct interrogation *seen)
{
    if (told->stretch_count > STRETCHES_MAX)
        return false;
    seen->stretches = (uint8_t)told->stretch_count;
    for (unsigned i = 0; i < seen->stretches; i++) { /* told from the tip on */
        struct mixture *mixture = &seen->stretch[seen->stretches - 1U - i];
        if (!wish_to_mixture(&told->stretch[i].mixture, mixture))
            return false;
        mixture->unknown = told->stretch[i].unknown;
    }
    return true;
}

/* Moments beyond the calendar are no moments: what is reckoned from them would run over. */
enum { MOMENT_BITS = 53, READS_MAX = 4, TRIES_OLD_SESSION = 3 /* guess */ };

static bool is_moment(int64_t ms)
{
    return ms >= 0 && ms >> MOMENT_BITS == 0;
}

/* False where a number cannot be what its name says. */
static bool status_read(const cisterna_Status *told, struct interrogation *seen)
{
    int64_t offset_ms = told->civil_offset_ms, volume_nl = told->reservoir_nl;
    if (!is_moment(told->now_ms) || !is_moment(offset_ms < 0 ? -(offset_ms + 1) : offset_ms) ||
        volume_nl < -VOL_NL_MAX || volume_nl > VOL_NL_MAX || told->mode > UINT8_MAX || told->course > UINT8_MAX)
        return false;
    seen->mode = (uint8_t)told->mode;
    seen->course = (uint8_t)told->course;
    seen->base.nl_day = told->base_nl_day;
    seen->reservoir.nl = told->reservoir_nl;
    seen->alarms = told->alarms;
    seen->now.ms = told->now_ms;
    seen->interrupted_since.ms = told->interrupted_since_ms;
    seen->civil_offset_ms = told->civil_offset_ms;
    memcpy(seen->zone, told->zone, sizeof seen->zone - 1);
    seen->head = told->ledger_head;
    if (told->therapy_token.size == TOKEN_BYTES)
        memcpy(seen->token, told->therapy_token.bytes, TOKEN_BYTES);
    return true;
}

static enum contact therapy_read(struct programmer *programmer, const struct air *air, bool staged,
                                 struct therapy *therapy, bool *there)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    enum contact contact = programmer_read_therapy(programmer, air, staged, bytes, &size);
    *there = contact == CONTACT_OK && size > 0;
    if (*there && therapy_decode(bytes, size, therapy) != RESULT_OK)
        return CONTACT_VERSION;
    return contact;
}

/* All of it of one state: when the head has moved meanwhile, the pieces may not belong together. */
static enum contact read_all(struct programmer *programmer, const struct air *air, struct interrogation *seen)
{
    cisterna_Reply reply;
    cisterna_Status status;
    enum contact contact = topic_ask(programmer, air, QUERY_CAPABILITY, &reply);
    if (contact == CONTACT_OK && !capability_read(&reply.tell.capability, seen))
        contact = CONTACT_VERSION;
    if (contact == CONTACT_OK)
        contact = programmer_status(programmer, air, &status);
    if (contact == CONTACT_OK && !status_read(&status, seen))
        contact = CONTACT_VERSION;
    if (contact != CONTACT_OK)
        return contact;
    contact = topic_ask(programmer, air, QUERY_CONTENTS, &reply);
    if (contact == CONTACT_OK && !contents_read(&reply.tell.contents, seen))
        contact = CONTACT_VERSION;
    if (contact == CONTACT_OK)
        contact = topic_ask(programmer, air, QUERY_ENERGY, &reply);
    bool dated = contact == CONTACT_OK && is_moment(reply.tell.energy.replace_ms);
    seen->replace.ms = dated ? reply.tell.energy.replace_ms : INSTANT_NEVER.ms;
    if (contact == CONTACT_OK)
        contact = topic_ask(programmer, air, QUERY_LEDGER, &reply);
    seen->metered.nl = contact == CONTACT_OK ? reply.tell.ledger.metered_fl / FL_PER_NL : 0;
    if (contact == CONTACT_OK)
        contact = therapy_read(programmer, air, false, &seen->therapy, &seen->has_therapy);
    if (seen->stretches == 1 && seen->stretch[0].unknown && !seen->has_therapy) { /* new: nobody has filled it yet */
        seen->stretches = 0;
        seen->stretch[0] = (struct mixture){ .count = 0 };
    }
    if (contact == CONTACT_OK)
        contact = programmer_status(programmer, air, &status);
    return contact == CONTACT_OK && status.ledger_head != seen->head ? CONTACT_PENDING : contact;
}

/* Again while the pump moves on: a bolus may begin between two questions. */
static enum contact read_steady(struct programmer *programmer, const struct air *air, struct interrogation *seen)
{
    enum contact contact = CONTACT_PENDING;
    for (unsigned i = 0; i < READS_MAX && contact == CONTACT_PENDING; i++) {
        *seen = (struct interrogation){ .stretches = 0 };
        contact = read_all(programmer, air, seen);
    }
    return contact;
}

/* Is there a session, and does the pump still answer in it? It ends one that was silent for a while (link/SPEC.md, section 6),
 * and what is sent into one that has ended counts as a stranger's: so it is asked a few times only. */
static bool session_stands(struct programmer *programmer, const struct air *air)
{
    cisterna_Status status;
    struct patience patience = programmer->patience;
    if (programmer->session.id == 0 || programmer->key.pending.id != 0)
        return false;
    if (patience.tries > TRIES_OLD_SESSION)
        programmer->patience.tries = TRIES_OLD_SESSION;
    bool stands = programmer_status(programmer, air, &status) == CONTACT_OK;
    programmer->patience = patience;
    return stands;
}

enum contact hands_interrogate(struct programmer *programmer, const struct air *air, struct interrogation *seen)
{
    struct interrogation read;
    bool opened = !session_stands(programmer, air);
    enum contact contact = opened ? programmer_open(programmer, air) : CONTACT_OK;
    if (contact == CONTACT_OK)
        contact = read_steady(programmer, air, &read);
    if (contact != CONTACT_OK)
        return contact;
    if (opened)
        read.settled = programmer->settled;
    *seen = read;
    return CONTACT_OK;
}

/* The signature over the hard limits of what is staged; to be told to a pump that takes no others. True when it holds there. */
static bool limits_sign(const struct draft *draft, struct programmer *programmer, const struct air *air,
                        const uint8_t token[TOKEN_BYTES], struct receipt *receipt, enum contact *contact)
{
    struct command command = { .kind = COMMAND_SIGN_LIMITS };
    memcpy(command.token, token, TOKEN_BYTES);
    memcpy(command.signature, draft->signature, sizeof command.signature);
    return programmer_command(programmer, air, &command, receipt, contact) == TOLD_APPLIED;
}

/* In a session, a new one where the last has ended or something is to be settled first. */
static enum contact session_need(struct programmer *programmer, const struct air *air)
{
    return session_stands(programmer, air) ? CONTACT_OK : programmer_open(programmer, air);
}

static enum contact stage_do(struct workflow *workflow, struct programmer *programmer, const struct air *air,
                             int64_t now_ms)
{
    struct receipt receipt = { .outcome = 0 };
    struct therapy stored;
    uint8_t token[TOKEN_BYTES];
    bool there = false;
    enum contact contact = session_need(programmer, air);
    if (contact == CONTACT_OK &&
        programmer_stage(programmer, air, &workflow->draft.therapy, token, &receipt, &contact) == TOLD_APPLIED &&
        (!workflow->seen.limits_signed || limits_sign(&workflow->draft, programmer, air, token, &receipt, &contact)))
        contact = therapy_read(programmer, air, true, &stored, &there);
    workflow_staged(workflow, there ? &stored : NULL, token, &receipt, now_ms);
    return contact;
}

static enum contact command_do(struct workflow *workflow, struct programmer *programmer, const struct air *air,
                               int64_t now_ms, const struct hands_ahead *ahead)
{
    struct command command;
    struct receipt receipt = { .outcome = 0 };
    enum contact contact = session_need(programmer, air);
    if (contact != CONTACT_OK) /* nothing was sent: it is still wanted */
        return contact;
    if (ahead != NULL && !ahead->write(ahead->context, workflow, order_next_id(&programmer->key)))
        return CONTACT_KEEP_FAILED;
    workflow_command(workflow, &command);
    if (workflow->sent == 0)
        programmer->head = workflow->seen.head; /* what was decided was decided on that state of the pump */
    enum told told = programmer_command(programmer, air, &command, &receipt, &contact);
    if (told == TOLD_NOT_APPLIED && receipt.outcome == 0 && contact != CONTACT_REFUSED)
        return contact; /* never sent */
    workflow_told(workflow,
                  told == TOLD_APPLIED   ? CHANGE_APPLIED
                  : told == TOLD_UNKNOWN ? CHANGE_UNKNOWN
                                         : CHANGE_NOT_APPLIED,
                  &receipt, now_ms);
    return contact;
}

enum contact hands_do(struct workflow *workflow, struct programmer *programmer, const struct air *air, int64_t now_ms,
                      const struct hands_ahead *ahead)
{
    struct interrogation seen;
    enum contact contact = CONTACT_OK;
    switch (workflow_want(workflow)) {
    case WANT_INTERROGATE:
        contact = hands_interrogate(programmer, air, &seen);
        seen.asked_ms = now_ms;
        workflow_interrogated(workflow, contact == CONTACT_OK ? &seen : NULL, now_ms);
        return contact;
    case WANT_STAGE:
        return stage_do(workflow, programmer, air, now_ms);
    case WANT_ACTIVATE:
    case WANT_COMMAND:
        return command_do(workflow, programmer, air, now_ms, ahead);
    case WANT_NOTHING:
    case WANT_ANSWER:
    case WANT_RECORD:
    case WANT_AUDIT:
        break;
    }
    return contact;
}
