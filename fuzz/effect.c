/* effect.c - what a request changes. One row for each command says what may change with it; who may give it and in which mode
 * stands in link/permit.def, read here once more and apart from link/permit.c. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/judge.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "link/hash.h"
#include "link/wish.h"

enum aspect {
    THERAPY = 1, MODE = 2, COURSE = 4, FLOW = 8, STAGING = 16, PEERS = 32, CALENDAR = 64, CONTENTS = 128, CLEARED = 256,
    SILENCE = 512, HEAD = 1024, FIELD = 2048
};

static uint32_t aspects_of(uint8_t kind)
{
    const uint32_t course = COURSE | FLOW | HEAD;
    switch ((enum command_kind)kind) {
    case COMMAND_STAGE:
    case COMMAND_SIGN_LIMITS:
        return STAGING;
    case COMMAND_ACTIVATE:
        return THERAPY | MODE | course | STAGING | CONTENTS;
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_RESUME:
        return MODE | course;
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CLINICIAN_BOLUS:
    case COMMAND_CANCEL_COURSE:
        return course;
    case COMMAND_REFILL:
        return CONTENTS | THERAPY | MODE | course | STAGING | FIELD;
    case COMMAND_SET_CLOCK:
        return CALENDAR | FLOW | HEAD;
    case COMMAND_SILENCE:
        return SILENCE;
    case COMMAND_CLEAR_ALARM:
        return CLEARED;
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
        return FIELD | MODE | course;
    case COMMAND_UNPAIR:
        return PEERS;
    case COMMAND_UPDATE_BEGIN:
    case COMMAND_UPDATE_CHUNK:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
        return 0;
    }
    return 0;
}

struct right {
    const char *roles, *modes;
};

static struct right right_of(uint8_t kind)
{
#define RIGHT_COMMAND(name, roles_, modes_)                                                                            \
    case COMMAND_##name:                                                                                               \
        return (struct right){ roles_, modes_ };
#define RIGHT_QUERY(name, roles_, modes_)
#define PERMIT(sort, name, roles, modes, verdict) RIGHT_##sort(name, roles, modes)
    switch (kind) {
#include "link/permit.def"
    default:
        return (struct right){ "", "" };
    }
#undef PERMIT
}

static bool same_flow(const struct pump *one, const struct pump *other)
{
    return one->base.nl_day == other->base.nl_day && one->course.nl_day == other->course.nl_day;
}

static bool same_staging(const struct staging *one, const struct staging *other)
{
    return one->total == other->total && one->filled == other->filled && one->whole == other->whole &&
           one->limits_signed == other->limits_signed && memcmp(one->token, other->token, sizeof one->token) == 0 &&
           memcmp(one->bytes, other->bytes, sizeof one->bytes) == 0;
}

static bool same_contents(const struct standing *one, const struct standing *other)
{
    return one->has_contents == other->has_contents && one->reservoir_nl == other->reservoir_nl &&
           memcmp(&one->contents, &other->contents, sizeof one->contents) == 0;
}

static uint32_t changes(struct scene *scene, const struct before *before)
{
    struct board board = stand_board(&scene->booth.stand);
    const struct pump *one = &before->pump, *other = scene_pump(scene);
    const struct standing *was = &one->now, *is = &other->now;
    const struct therapy_slot *old = &before->kept.therapy[0], *new = &kept_of(&board)->therapy[0];
    bool therapy = one->has_therapy != other->has_therapy || old->size != new->size ||
                   memcmp(old->bytes, new->bytes, sizeof old->bytes) != 0;
    bool mode = was->mode != is->mode || was->minimum_rate.nl_day != is->minimum_rate.nl_day ||
                was->safe_rate.nl_day != is->safe_rate.nl_day;
    bool course = was->course != is->course || was->course_rate.nl_day != is->course_rate.nl_day ||
                  was->course_volume_nl != is->course_volume_nl;
    bool field = was->field.mri != is->field.mri || was->field.empty != is->field.empty;
    uint32_t changed = (therapy ? THERAPY : 0u) | (mode ? MODE : 0u) | (course ? COURSE : 0u) | (field ? FIELD : 0u);
    changed |= same_flow(one, other) ? 0 : FLOW;
    changed |= same_staging(&one->staging, &other->staging) ? 0 : STAGING;
    changed |= memcmp(one->peers.peer, other->peers.peer, sizeof one->peers.peer) == 0 ? 0 : PEERS;
    changed |= memcmp(&was->calendar, &is->calendar, sizeof was->calendar) == 0 ? 0 : CALENDAR;
    changed |= same_contents(was, is) ? 0 : CONTENTS;
    changed |= (was->latched & ~is->latched) == 0 ? 0 : CLEARED;
    changed |= was->silent_until_ms == is->silent_until_ms || is->silent_until_ms == 0 ? 0 : SILENCE;
    return changed | (was->head == is->head ? 0 : HEAD);
}

bool effect_none(struct scene *scene, const struct before *before)
{
    return changes(scene, before) == 0;
}

void effect_lowered(struct scene *scene, const struct before *before)
{
    const struct pump *was = &before->pump, *is = scene_pump(scene);
    MUST((changes(scene, before) & ~(uint32_t)(MODE | COURSE | FLOW | HEAD)) == 0);
    MUST(is->now.mode == was->now.mode || is->now.mode == MODE_SAFE);
    MUST(is->base.nl_day <= was->base.nl_day && is->course.nl_day <= was->course.nl_day);
}

static bool holds(const char *letters, char letter)
{
    return strchr(letters, letter) != NULL;
}

/* The whole command as the pump would read it; false for one that it cannot read. */
static bool command_of(const struct authored *by, struct command *command)
{
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t size = 0;
    return wish_to_command(&by->request.ask.command, command) &&
           command_encode(command, bytes, sizeof bytes, &size) == RESULT_OK &&
           command_decode(bytes, size, command) == RESULT_OK;
}

/* What comes of a command that was carried out now. */
static void follow(struct scene *scene, const struct command *command)
{
    struct board board = stand_board(&scene->booth.stand);
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct therapy therapy;
    bool refill = command->kind == COMMAND_REFILL;
    if (refill)
        account_refill(&scene->account, command->refill.left, &command->refill.fill);
    if (command->kind == COMMAND_ACTIVATE || (refill && command->refill.activate)) {
        size_t size = pump_therapy(&board, bytes);
        MUST(therapy_decode(bytes, size, &therapy) == RESULT_OK);
        memcpy(scene->token, command->token, TOKEN_BYTES);
        account_therapy(&scene->account, scene->booth.stand.now, &therapy.limits);
    }
    if (command->kind == COMMAND_UNPAIR) {
        MUST(command->slot >= 1 && command->slot <= PEER_SLOTS && scene->roster[command->slot].who != 0);
        scene->roster[command->slot] = (struct enrolled){ .who = 0 };
    }
    if (command->kind == COMMAND_STOP)
        MUST(scene_pump(scene)->now.mode == MODE_STOPPED && scene_pump(scene)->base.nl_day == 0);
}

/* A command of somebody who may give it, in a form that can be read. */
static uint32_t command_judge(struct scene *scene, const struct before *before, struct enrolled *peer,
                              const struct command *command, const cisterna_Receipt *receipt)
{
    static const char modes[] = { [MODE_NEW] = 'N', [MODE_RUNNING] = 'R', [MODE_MINIMUM] = 'M',
                                  [MODE_STOPPED] = 'S', [MODE_SAFE] = 'F', [MODE_EMPTY] = 'E' };
    const verdict NEVER_CAME = VERDICT_REUSED_ID | VERDICT_ID_LEAP;
    bool staging = command->kind == COMMAND_STAGE, applied = receipt->outcome == OUTCOME_APPLIED;
    if (!staging && command->id <= peer->command_id)
        return 0; /* it happened once, or a later one did */
    /* There is always a way down: REQ-LINK-12. */
    MUST(command->kind != COMMAND_STOP || applied || (receipt->reasons & NEVER_CAME) != 0);
    if (!staging && (receipt->reasons & NEVER_CAME) == 0)
        peer->command_id = command->id;
    if (!applied)
        return staging ? STAGING : 0;
    MUST(holds(right_of(command->kind).modes, modes[before->pump.now.mode]));
    follow(scene, command);
    return aspects_of(command->kind);
}

void effect_judge(struct scene *scene, const struct before *before, struct authored *by, const struct packet *answer)
{
    static const char letters[] = { [ROLE_PATIENT] = 'P', [ROLE_CLINICIAN] = 'C', [ROLE_READER] = 'R', [ROLE_SERVICE] = 'S' };
    struct enrolled *peer = &scene->roster[by->slot];
    struct command command;
    uint32_t may = 0;
    /* Whatever can be read is answered, and nothing else is. */
    MUST((answer->kind == PACKET_DATA) == by->readable && scene->replied == by->readable);
    if (by->readable) {
        MUST(scene->reply.request == by->request.request);
        MUST(scene->reply.which_tell != cisterna_Reply_closed_tag || by->request.which_ask == cisterna_Request_close_tag);
    }
    if (by->readable && by->request.which_ask == cisterna_Request_command_tag) {
        const cisterna_Receipt *receipt = &scene->reply.tell.receipt;
        MUST(scene->reply.which_tell == cisterna_Reply_receipt_tag);
        MUST((receipt->outcome == OUTCOME_APPLIED) == (receipt->reasons == 0));
        bool read = command_of(by, &command);
        MUST(read || receipt->outcome == OUTCOME_NOT_APPLIED);
        if (read && holds(right_of(command.kind).roles, letters[peer->role]))
            may = command_judge(scene, before, peer, &command, receipt);
        else /* but for one that was carried out before its giver was paired anew, as somebody who may not */
            MUST(receipt->outcome == OUTCOME_NOT_APPLIED || (read && command.id <= peer->command_id));
    }
    MUST((changes(scene, before) & ~may) == 0);
}
