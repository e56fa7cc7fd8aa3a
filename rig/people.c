// SPDX-License-Identifier: Apache-2.0
#include "rig/people.h"

#include <string.h>

/* A session is used for so long; the pump's own ends after 120 s of silence. */
enum { SESSION_USED_MS = 60000 };

/* The stream of a unit's secrets. */
static const uint64_t STREAM_UNIT = 0x0017000000000001u;

static const enum role ROLE_OF[PARTIES] = { ROLE_CLINICIAN, ROLE_PATIENT };

static struct air air_of(struct people *people, enum party party)
{
    struct party_with *with = &people->with[party];
    with->air.rig = people->rig;
    with->air.kept = &with->key;
    return rig_air_of(&with->air);
}

static void secret_draw(uint8_t *bytes, size_t size, uint64_t seed, uint64_t *counter)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(chance_bits(seed ^ STREAM_UNIT, (*counter)++) >> 56);
}

void people_provision(struct pump_unit *unit, uint64_t seed)
{
    uint64_t counter = 0;
    secret_draw(unit->secret, sizeof unit->secret, seed, &counter);
    secret_draw(unit->card, sizeof unit->card, seed, &counter);
}

bool people_meet(struct people *people, struct rig *rig)
{
    static const char *const labels[PARTIES] = { "clinic", "patient" };
    memset(people, 0, sizeof *people);
    people->rig = rig;
    for (unsigned party = 0; party < PARTIES; party++) {
        struct party_with *with = &people->with[party];
        struct key key = { .slot = 0 };
        uint8_t outcome = 0;
        memcpy(key.pump_id, rig->unit.serial, sizeof key.pump_id);
        memcpy(key.label, labels[party], strlen(labels[party]));
        programmer_start(&with->programmer, &key);
        rig_air_start(&with->air, rig, REACH_NEAR, party + 1, &with->key);
        struct air air = air_of(people, (enum party)party);
        if (programmer_pair(&with->programmer, &air, rig->unit.card, ROLE_OF[party], &outcome) != CONTACT_OK)
            return false;
    }
    people->with[PARTY_PATIENT].air.reach = REACH_FAR;
    return true;
}

/* A session that stands, with the pump's head as it is now; a fresh one when the last was not used of late. */
static bool session_ready(struct people *people, enum party party)
{
    struct party_with *with = &people->with[party];
    struct air air = air_of(people, party);
    cisterna_Status status;
    bool late = people->rig->now.ms - with->used_ms > SESSION_USED_MS || with->resets != people->rig->resets;
    bool stands = with->programmer.session.id != 0 && !late && with->programmer.key.pending.id == 0;
    stands = stands && programmer_status(&with->programmer, &air, &status) == CONTACT_OK;
    if (!stands)
        stands = programmer_open(&with->programmer, &air) == CONTACT_OK;
    with->used_ms = people->rig->now.ms;
    with->resets = people->rig->resets;
    return stands;
}

/* The patient's controller does not keep a session open: it would be listened to for nothing. */
static void session_over(struct people *people, enum party party)
{
    struct air air = air_of(people, party);
    if (party == PARTY_PATIENT && !people->unheard)
        programmer_close(&people->with[party].programmer, &air);
}

static void silence(struct people *people, const struct command *command, struct receipt *receipt)
{
    *receipt = (struct receipt){ .id = receipt->id, .kind = command->kind, .at = people->rig->now, .earliest = INSTANT_NEVER };
    people->unheard = true;
}

void people_command(struct people *people, enum party party, struct command *command, struct receipt *receipt)
{
    struct party_with *with = &people->with[party];
    struct air air = air_of(people, party);
    enum contact contact = CONTACT_OK;
    *receipt = (struct receipt){ .id = 0 };
    people->asked = (uint8_t)party;
    people->unheard = false;
    people->radio = session_ready(people, party);
    if (!people->radio) {
        silence(people, command, receipt);
    } else {
        enum told told = programmer_command(&with->programmer, &air, command, receipt, &contact);
        if (told == TOLD_UNKNOWN || receipt->outcome == 0)
            silence(people, command, receipt);
    }
    people->last = *receipt;
    session_over(people, party);
}

bool people_never_seen(const struct receipt *receipt)
{
    return receipt->outcome == OUTCOME_NOT_APPLIED && receipt->reasons == 0;
}

void people_settle(struct people *people, struct receipt *receipt)
{
    enum party party = (enum party)people->asked;
    struct programmer *programmer = &people->with[party].programmer;
    bool waits = people->radio && programmer->key.pending.id == people->last.id;
    *receipt = people->last;
    if (!session_ready(people, party))
        return;
    people->unheard = false;
    if (waits && programmer->settled.id == people->last.id)
        *receipt = programmer->settled;
    else
        receipt->outcome = OUTCOME_NOT_APPLIED; /* it was never sent */
    receipt->kind = people->last.kind;
    session_over(people, party);
}

/* Settles as long as there is somebody to answer; false when nobody does. */
static bool heard_at_last(struct people *people, struct receipt *receipt)
{
    for (unsigned tries = 0; people->unheard && rig_runs(people->rig) && tries < PEOPLE_TRIES; tries++)
        people_settle(people, receipt);
    return !people->unheard;
}

/* The token of a therapy that stands staged; false, with the reason in the receipt, when it does not. Begun anew when a stretch
 * of it was not heard of: staging again is harmless. */
static bool stage(struct people *people, const struct therapy *therapy, uint8_t token[TOKEN_BYTES], struct receipt *receipt)
{
    struct programmer *programmer = &people->with[PARTY_CLINICIAN].programmer;
    struct air air = air_of(people, PARTY_CLINICIAN);
    enum contact contact = CONTACT_OK;
    struct command command = { .kind = COMMAND_STAGE };
    people->asked = PARTY_CLINICIAN;
    for (unsigned tries = 0; tries < PEOPLE_TRIES; tries++) {
        *receipt = (struct receipt){ .id = 0 };
        people->unheard = false;
        people->radio = session_ready(people, PARTY_CLINICIAN);
        enum told told = TOLD_UNKNOWN;
        if (people->radio)
            told = programmer_stage(programmer, &air, therapy, token, receipt, &contact);
        if (told == TOLD_APPLIED)
            return true;
        if (told == TOLD_NOT_APPLIED && receipt->outcome != 0)
            return false;
        if (told == TOLD_NOT_APPLIED && contact == CONTACT_MALFORMED) {
            *receipt = (struct receipt){ .kind = COMMAND_STAGE, .outcome = OUTCOME_NOT_APPLIED,
                                         .reasons = VERDICT_THERAPY_FORM, .at = people->rig->now, .earliest = INSTANT_NEVER };
            return false;
        }
        silence(people, &command, receipt);
        people->last = *receipt;
        if (!rig_runs(people->rig))
            return false;
    }
    return false;
}

void people_activate(struct people *people, const struct therapy *therapy, bool retitrated, struct receipt *receipt)
{
    struct command command = { .kind = COMMAND_ACTIVATE, .retitrated = retitrated };
    if (stage(people, therapy, command.token, receipt))
        people_command(people, PARTY_CLINICIAN, &command, receipt);
}

bool people_refill(struct people *people, const struct rig_refill *refill, struct receipt *receipt)
{
    struct command command;
    struct rig_transfer transfer;
    if (!rig_refill_plan(people->rig, refill, &command, &transfer))
        return false;
    if (refill->activate != NULL && !stage(people, refill->activate, command.token, receipt))
        return true;
    people_command(people, PARTY_CLINICIAN, &command, receipt);
    if (heard_at_last(people, receipt) && receipt->outcome == OUTCOME_APPLIED)
        rig_refill_move(people->rig, &transfer);
    return true;
}
