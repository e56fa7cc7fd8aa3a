/* wish.c - commands and receipts, member by member, into the messages of cisterna.proto and back. */
// SPDX-License-Identifier: Apache-2.0
#include "link/wish.h"

#include <string.h>

#include "core/text.h"

_Static_assert(sizeof((cisterna_Mixture){ 0 }.component) / sizeof(cisterna_Component) == (size_t)MIXTURE_DRUGS_MAX,
               "a message holds as many drugs as a mixture");
_Static_assert(sizeof((cisterna_Stage){ 0 }.bytes.bytes) == (size_t)STAGE_CHUNK_MAX &&
                   sizeof((cisterna_UpdateChunk){ 0 }.bytes.bytes) == (size_t)STAGE_CHUNK_MAX,
               "a message holds as many bytes as a chunk");
_Static_assert(sizeof((cisterna_SetClock){ 0 }.zone) == (size_t)ZONE_LABEL_BYTES, "a message holds a zone's whole label");
_Static_assert(sizeof((cisterna_UpdateBegin){ 0 }.header.bytes) >= (size_t)IMAGE_HEADER_BYTES, "a message holds a header");

/* The field of `wish` for a kind of command; 0 when there is no such kind. */
static pb_size_t field_of(uint8_t kind)
{
    switch ((enum command_kind)kind) {
    case COMMAND_STAGE:
        return cisterna_Command_stage_tag;
    case COMMAND_ACTIVATE:
        return cisterna_Command_activate_tag;
    case COMMAND_STOP:
        return cisterna_Command_stop_tag;
    case COMMAND_MINIMUM:
        return cisterna_Command_minimum_tag;
    case COMMAND_RESUME:
        return cisterna_Command_resume_tag;
    case COMMAND_PATIENT_BOLUS:
        return cisterna_Command_patient_bolus_tag;
    case COMMAND_CLINICIAN_BOLUS:
        return cisterna_Command_clinician_bolus_tag;
    case COMMAND_CANCEL_COURSE:
        return cisterna_Command_cancel_course_tag;
    case COMMAND_REFILL:
        return cisterna_Command_refill_tag;
    case COMMAND_SET_CLOCK:
        return cisterna_Command_set_clock_tag;
    case COMMAND_SILENCE:
        return cisterna_Command_silence_tag;
    case COMMAND_CLEAR_ALARM:
        return cisterna_Command_clear_alarm_tag;
    case COMMAND_MRI_BEGIN:
        return cisterna_Command_mri_begin_tag;
    case COMMAND_MRI_END:
        return cisterna_Command_mri_end_tag;
    case COMMAND_UNPAIR:
        return cisterna_Command_unpair_tag;
    case COMMAND_SIGN_LIMITS:
        return cisterna_Command_sign_limits_tag;
    case COMMAND_UPDATE_BEGIN:
        return cisterna_Command_update_begin_tag;
    case COMMAND_UPDATE_CHUNK:
        return cisterna_Command_update_chunk_tag;
    case COMMAND_UPDATE_SEAL:
        return cisterna_Command_update_seal_tag;
    case COMMAND_UPDATE_APPLY:
        return cisterna_Command_update_apply_tag;
    case COMMAND_UPDATE_CONFIRM:
        return cisterna_Command_update_confirm_tag;
    }
    return 0;
}

/* The kind of command for a field of `wish`; 0 when it names none. */
static uint8_t kind_of(pb_size_t field)
{
    for (uint8_t kind = COMMAND_STAGE; kind <= COMMAND_UPDATE_CONFIRM; kind++) {
        if (field_of(kind) == field) {
            return kind;
        }
    }
    return 0;
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
    uint8_t seen = 0;
    for (size_t i = 0; i < size; i++) {
        seen |= bytes[i];
    }
    return seen == 0;
}

void wish_from_mixture(const struct mixture *mixture, cisterna_Mixture *told)
{
    *told = (cisterna_Mixture){ .component_count = mixture->count };
    for (unsigned i = 0; i < mixture->count; i++) {
        told->component[i] = (cisterna_Component){ .drug = mixture->component[i].drug,
                                                   .concentration_ng_ml = mixture->component[i].conc.ng_ml };
    }
}

bool wish_to_mixture(const cisterna_Mixture *told, struct mixture *mixture)
{
    if (told->component_count > MIXTURE_DRUGS_MAX) {
        return false;
    }
    struct mixture read = { .count = (uint8_t)told->component_count };
    for (unsigned i = 0; i < read.count; i++) {
        /* A concentration is what its type can hold from one side only: below zero it is none. */
        if (told->component[i].drug > UINT16_MAX || told->component[i].concentration_ng_ml < 0) {
            return false;
        }
        read.component[i] = (struct component){ (uint16_t)told->component[i].drug,
                                                { told->component[i].concentration_ng_ml } };
    }
    *mixture = read;
    return true;
}

static bool from_refill(const struct command *command, cisterna_Refill *told)
{
    const struct refill *refill = &command->refill;
    /* Without a token a refill activates nothing: the message has no other word for it. */
    if (refill->activate > 1 || refill->dead_drug_free > 1 || refill->fill.unknown || refill->fill.count > MIXTURE_DRUGS_MAX ||
        (refill->activate == 0 && !all_zero(command->token, TOKEN_BYTES)) || !text_valid(refill->lot, LOT_BYTES)) {
        return false;
    }
    *told = (cisterna_Refill){ .withdrawn_nl = refill->withdrawn.nl, .left_nl = refill->left.nl,
                               .filled_nl = refill->filled.nl, .drawn_up_nl = refill->drawn_up.nl,
                               .has_fill = true, .dead_drug_free = refill->dead_drug_free == 1 };
    wish_from_mixture(&refill->fill, &told->fill);
    if (refill->activate == 1) {
        told->token.size = TOKEN_BYTES;
        memcpy(told->token.bytes, command->token, TOKEN_BYTES);
    }
    memcpy(told->lot, refill->lot, LOT_BYTES);
    return true;
}

static bool to_refill(const cisterna_Refill *told, struct command *command)
{
    /* A fill that is not told at all is not taken for saline. */
    if (!told->has_fill || !wish_to_mixture(&told->fill, &command->refill.fill) ||
        (told->token.size != 0 && told->token.size != TOKEN_BYTES) || !text_valid(told->lot, LOT_BYTES)) {
        return false;
    }
    command->refill.withdrawn.nl = told->withdrawn_nl;
    command->refill.left.nl = told->left_nl;
    command->refill.filled.nl = told->filled_nl;
    command->refill.drawn_up.nl = told->drawn_up_nl;
    command->refill.dead_drug_free = told->dead_drug_free;
    command->refill.activate = told->token.size == TOKEN_BYTES;
    memcpy(command->refill.lot, told->lot, LOT_BYTES);
    memcpy(command->token, told->token.bytes, told->token.size);
    return true;
}

static bool from_chunk(const struct stage_chunk *chunk, bool image, cisterna_Command *wish)
{
    if (chunk->size > STAGE_CHUNK_MAX || (image && chunk->total != 0)) {
        return false;
    }
    if (image) {
        wish->wish.update_chunk = (cisterna_UpdateChunk){ .offset_bytes = chunk->offset, .bytes.size = chunk->size };
        memcpy(wish->wish.update_chunk.bytes.bytes, chunk->bytes, chunk->size);
    } else {
        wish->wish.stage = (cisterna_Stage){ .total_bytes = chunk->total, .offset_bytes = chunk->offset,
                                             .bytes.size = chunk->size };
        memcpy(wish->wish.stage.bytes.bytes, chunk->bytes, chunk->size);
    }
    return true;
}

static bool to_chunk(uint32_t total, uint32_t offset, const uint8_t *bytes, size_t size, struct stage_chunk *chunk)
{
    if (size > STAGE_CHUNK_MAX) {
        return false;
    }
    *chunk = (struct stage_chunk){ .total = total, .offset = offset, .size = (uint8_t)size };
    memcpy(chunk->bytes, bytes, size);
    return true;
}

static bool from_clock(const struct calendar *calendar, cisterna_SetClock *told)
{
    told->offset_ms = calendar->offset.ms;
    memcpy(told->zone, calendar->zone, ZONE_LABEL_BYTES);
    return text_valid(calendar->zone, ZONE_LABEL_BYTES);
}

static bool to_clock(const cisterna_SetClock *told, struct calendar *calendar)
{
    calendar->offset.ms = told->offset_ms;
    memcpy(calendar->zone, told->zone, ZONE_LABEL_BYTES);
    return text_valid(told->zone, ZONE_LABEL_BYTES);
}

static void from_update(const struct command *command, cisterna_UpdateBegin *told)
{
    told->header.size = IMAGE_HEADER_BYTES;
    memcpy(told->header.bytes, command->header, IMAGE_HEADER_BYTES);
    memcpy(told->signature, command->signature, COMMAND_SIGNATURE_BYTES);
}

static bool to_update(const cisterna_UpdateBegin *told, struct command *command)
{
    memcpy(command->header, told->header.bytes, IMAGE_HEADER_BYTES);
    memcpy(command->signature, told->signature, COMMAND_SIGNATURE_BYTES);
    return told->header.size == IMAGE_HEADER_BYTES;
}

/* Room for any value of a smaller type. */
static bool to_small(uint32_t told, uint32_t most, uint16_t *value)
{
    *value = (uint16_t)told;
    return told <= most;
}

static bool retitrated_stated(uint8_t kind)
{
    return kind == COMMAND_ACTIVATE || kind == COMMAND_RESUME || kind == COMMAND_REFILL;
}

bool wish_from_command(const struct command *command, cisterna_Command *wish)
{
    *wish = (cisterna_Command){ .command_id = command->id, .ledger_head = command->head,
                                .which_wish = field_of(command->kind) };
    if (retitrated_stated(command->kind)) {
        wish->retitrated = command->retitrated == 1;
        if (command->retitrated > 1) {
            return false;
        }
    }
    switch ((enum command_kind)command->kind) {
    case COMMAND_STAGE:
    case COMMAND_UPDATE_CHUNK:
        return from_chunk(&command->stage, command->kind == COMMAND_UPDATE_CHUNK, wish);
    case COMMAND_ACTIVATE:
        memcpy(wish->wish.activate.token, command->token, TOKEN_BYTES);
        return true;
    case COMMAND_CLINICIAN_BOLUS:
        wish->wish.clinician_bolus =
            (cisterna_ClinicianBolus){ .volume_nl = command->volume.nl, .rate_nl_day = command->rate.nl_day };
        return true;
    case COMMAND_REFILL:
        return from_refill(command, &wish->wish.refill);
    case COMMAND_SET_CLOCK:
        return from_clock(&command->calendar, &wish->wish.set_clock);
    case COMMAND_SILENCE:
        wish->wish.silence.minutes = command->minutes;
        return true;
    case COMMAND_CLEAR_ALARM:
        wish->wish.clear_alarm.alarm = command->alarm;
        return true;
    case COMMAND_UNPAIR:
        wish->wish.unpair.slot = command->slot;
        return true;
    case COMMAND_SIGN_LIMITS:
        memcpy(wish->wish.sign_limits.token, command->token, TOKEN_BYTES);
        memcpy(wish->wish.sign_limits.signature, command->signature, COMMAND_SIGNATURE_BYTES);
        return true;
    case COMMAND_UPDATE_BEGIN:
        from_update(command, &wish->wish.update_begin);
        return true;
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_RESUME:
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CANCEL_COURSE:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
        return true;
    }
    return false;
}

/* The members of one kind; false when one of them does not fit. */
static bool payload_read(const cisterna_Command *wish, struct command *read)
{
    const cisterna_Stage *stage = &wish->wish.stage;
    const cisterna_UpdateChunk *chunk = &wish->wish.update_chunk;
    uint16_t small = 0;
    bool fits = true;
    switch ((enum command_kind)read->kind) {
    case COMMAND_STAGE:
        return to_chunk(stage->total_bytes, stage->offset_bytes, stage->bytes.bytes, stage->bytes.size, &read->stage);
    case COMMAND_UPDATE_CHUNK:
        return to_chunk(0, chunk->offset_bytes, chunk->bytes.bytes, chunk->bytes.size, &read->stage);
    case COMMAND_ACTIVATE:
        memcpy(read->token, wish->wish.activate.token, TOKEN_BYTES);
        return true;
    case COMMAND_CLINICIAN_BOLUS:
        read->volume.nl = wish->wish.clinician_bolus.volume_nl;
        read->rate.nl_day = wish->wish.clinician_bolus.rate_nl_day;
        return true;
    case COMMAND_REFILL:
        return to_refill(&wish->wish.refill, read);
    case COMMAND_SET_CLOCK:
        return to_clock(&wish->wish.set_clock, &read->calendar);
    case COMMAND_SILENCE:
        return to_small(wish->wish.silence.minutes, UINT16_MAX, &read->minutes);
    case COMMAND_CLEAR_ALARM:
        fits = to_small(wish->wish.clear_alarm.alarm, UINT8_MAX, &small);
        read->alarm = (uint8_t)small;
        return fits;
    case COMMAND_UNPAIR:
        fits = to_small(wish->wish.unpair.slot, UINT8_MAX, &small);
        read->slot = (uint8_t)small;
        return fits;
    case COMMAND_SIGN_LIMITS:
        memcpy(read->token, wish->wish.sign_limits.token, TOKEN_BYTES);
        memcpy(read->signature, wish->wish.sign_limits.signature, COMMAND_SIGNATURE_BYTES);
        return true;
    case COMMAND_UPDATE_BEGIN:
        return to_update(&wish->wish.update_begin, read);
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_RESUME:
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CANCEL_COURSE:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
        return true;
    }
    return false;
}

bool wish_to_command(const cisterna_Command *wish, struct command *command)
{
    struct command read = { .kind = kind_of(wish->which_wish), .id = wish->command_id, .head = wish->ledger_head };
    /* A field that is none finds kind 0, which has no members. */
    if (!payload_read(wish, &read)) {
        return false;
    }
    read.retitrated = wish->retitrated && retitrated_stated(read.kind);
    *command = read;
    return true;
}

void wish_from_receipt(const struct receipt *receipt, cisterna_Receipt *told)
{
    *told = (cisterna_Receipt){ .command_id = receipt->id, .command = receipt->kind, .outcome = receipt->outcome,
                                .reasons = receipt->reasons, .at_ms = receipt->at.ms, .earliest_ms = receipt->earliest.ms,
                                .detail = receipt->detail, .ledger_head = receipt->head };
}

bool wish_to_receipt(const cisterna_Receipt *told, struct receipt *receipt)
{
    if (told->command > UINT8_MAX || told->outcome > UINT8_MAX) {
        return false;
    }
    struct receipt read = { .id = told->command_id, .kind = (uint8_t)told->command, .outcome = (uint8_t)told->outcome,
                            .reasons = told->reasons, .at = { told->at_ms }, .earliest = { told->earliest_ms },
                            .detail = told->detail, .head = told->ledger_head };
    /* What a receipt can be is written once, where its bytes are read. */
    uint8_t bytes[RECEIPT_BYTES];
    receipt_encode(&read, bytes);
    return receipt_decode(bytes, receipt) == RESULT_OK;
}
