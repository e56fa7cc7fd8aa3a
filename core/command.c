/* command.c - the bytes of commands and receipts. Every field is read by one list and written by one list, in one
 * order. */
// SPDX-License-Identifier: Apache-2.0
#include "core/command.h"

#include "core/bytes.h"
#include "core/catalog.h"
#include "core/text.h"
#include "core/therapy.h"

enum {
    RECEIPT_VERSION = 1,
    /* The longest of all: header, chunk header, chunk. */
    STAGE_BYTES_MAX = 1 + 1 + 8 + 8 + 2 + 2 + 1 + STAGE_CHUNK_MAX
};
/* From 1970 to the end of 2199: no clock needs a larger offset. */
#define OFFSET_MS_MAX INT64_C(7258118400000)

_Static_assert(STAGE_BYTES_MAX <= (int)COMMAND_BYTES_MAX, "the longest command fits");

/* What a command is, by its row. One case for each row: a code used twice does not compile. */
struct command_row {
    const char *word;
    bool head;
};

static struct command_row command_row(uint8_t kind)
{
#define COMMAND(name, number, word_, head_)                                                                            \
    case number:                                                                                                       \
        return (struct command_row){ .word = word_, .head = head_ };
    switch (kind) {
#include "core/command.def"
    default:
        return (struct command_row){ .word = NULL, .head = false };
    }
#undef COMMAND
}

const char *command_word(uint8_t kind)
{
    return command_row(kind).word;
}

const char *role_word(uint8_t role)
{
    switch ((enum role)role) {
    case ROLE_PATIENT:
        return "patient";
    case ROLE_CLINICIAN:
        return "clinician";
    case ROLE_READER:
        return "reader";
    case ROLE_SERVICE:
        return "service";
    }
    return NULL;
}

bool command_needs_head(uint8_t kind)
{
    return command_row(kind).head;
}

static bool volume_fits(vol_nl volume, int64_t least)
{
    return volume.nl >= least && volume.nl <= VOL_NL_MAX;
}

static bool token_is_zero(const uint8_t token[TOKEN_BYTES])
{
    uint8_t seen = 0;
    for (unsigned i = 0; i < TOKEN_BYTES; i++)
        seen |= token[i];
    return seen == 0;
}

static bool stage_fits(const struct stage_chunk *stage)
{
    return stage->total >= 1 && stage->total <= THERAPY_BYTES_MAX && stage->size >= 1 &&
           stage->size <= STAGE_CHUNK_MAX && stage->size <= stage->total && stage->offset <= stage->total - stage->size;
}

static bool image_chunk_fits(const struct stage_chunk *chunk)
{
    return chunk->total == 0 && chunk->size >= 1 && chunk->size <= STAGE_CHUNK_MAX &&
           chunk->offset <= (uint32_t)IMAGE_BYTES_MAX - chunk->size;
}

static bool refill_fits(const struct refill *refill, const uint8_t token[TOKEN_BYTES])
{
    bool volumes = volume_fits(refill->withdrawn, 0) && volume_fits(refill->left, 0) &&
                   volume_fits(refill->filled, 0) && volume_fits(refill->drawn_up, 0);
    return volumes && mixture_valid(&refill->fill) && refill->dead_drug_free <= 1 && refill->activate <= 1 &&
           (refill->activate == 1 || token_is_zero(token)) && text_valid(refill->lot, LOT_BYTES);
}

static bool calendar_fits(const struct calendar *calendar)
{
    return calendar->offset.ms >= -OFFSET_MS_MAX && calendar->offset.ms <= OFFSET_MS_MAX &&
           text_valid(calendar->zone, ZONE_LABEL_BYTES);
}

/* Are all members that this kind uses within their ranges? */
static bool command_fits(const struct command *command)
{
    if (command->id == 0 || (!command_needs_head(command->kind) && command->head != 0))
        return false;
    switch ((enum command_kind)command->kind) {
    case COMMAND_STAGE:
        return stage_fits(&command->stage);
    case COMMAND_ACTIVATE:
    case COMMAND_RESUME:
        return command->retitrated <= 1;
    case COMMAND_CLINICIAN_BOLUS:
        return volume_fits(command->volume, 1) && command->rate.nl_day >= 1 &&
               command->rate.nl_day <= RATE_NL_DAY_MAX;
    case COMMAND_REFILL:
        return command->retitrated <= 1 && refill_fits(&command->refill, command->token);
    case COMMAND_SET_CLOCK:
        return calendar_fits(&command->calendar);
    case COMMAND_SILENCE:
        return command->minutes >= 1 && command->minutes <= SILENCE_MINUTES_MAX;
    case COMMAND_CLEAR_ALARM:
        return alarm_position(command->alarm) < ALARM_COUNT;
    case COMMAND_UNPAIR:
        return command->slot >= 1 && command->slot <= SENDER_SLOTS;
    case COMMAND_UPDATE_CHUNK:
        return image_chunk_fits(&command->stage);
    case COMMAND_SIGN_LIMITS:
    case COMMAND_UPDATE_BEGIN:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CANCEL_COURSE:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
        return true;
    }
    return false;
}

static void refill_write(struct byte_writer *writer, const struct refill *refill)
{
    byte_write(writer, (uint64_t)refill->withdrawn.nl, 4);
    byte_write(writer, (uint64_t)refill->left.nl, 4);
    byte_write(writer, (uint64_t)refill->filled.nl, 4);
    byte_write(writer, (uint64_t)refill->drawn_up.nl, 4);
    mixture_write(writer, &refill->fill);
    byte_write(writer, refill->dead_drug_free, 1);
    byte_write(writer, refill->activate, 1);
}

static void refill_read(struct byte_reader *reader, struct refill *refill)
{
    refill->withdrawn.nl = (int64_t)byte_read(reader, 4);
    refill->left.nl = (int64_t)byte_read(reader, 4);
    refill->filled.nl = (int64_t)byte_read(reader, 4);
    refill->drawn_up.nl = (int64_t)byte_read(reader, 4);
    mixture_read(reader, &refill->fill);
    refill->dead_drug_free = (uint8_t)byte_read(reader, 1);
    refill->activate = (uint8_t)byte_read(reader, 1);
}

static void payload_write(struct byte_writer *writer, const struct command *command)
{
    switch ((enum command_kind)command->kind) {
    case COMMAND_STAGE:
        byte_write(writer, command->stage.total, 2);
        byte_write(writer, command->stage.offset, 2);
        byte_write(writer, command->stage.size, 1);
        byte_write_block(writer, command->stage.bytes, command->stage.size);
        break;
    case COMMAND_ACTIVATE:
        byte_write(writer, command->retitrated, 1);
        byte_write_block(writer, command->token, TOKEN_BYTES);
        break;
    case COMMAND_RESUME:
        byte_write(writer, command->retitrated, 1);
        break;
    case COMMAND_CLINICIAN_BOLUS:
        byte_write(writer, (uint64_t)command->volume.nl, 4);
        byte_write(writer, (uint32_t)command->rate.nl_day, 4);
        break;
    case COMMAND_REFILL:
        refill_write(writer, &command->refill);
        byte_write(writer, command->retitrated, 1);
        byte_write_block(writer, command->token, TOKEN_BYTES);
        byte_write_block(writer, (const uint8_t *)command->refill.lot, LOT_BYTES);
        break;
    case COMMAND_SET_CLOCK:
        byte_write(writer, (uint64_t)command->calendar.offset.ms, 8);
        byte_write_block(writer, (const uint8_t *)command->calendar.zone, ZONE_LABEL_BYTES);
        break;
    case COMMAND_SILENCE:
        byte_write(writer, command->minutes, 2);
        break;
    case COMMAND_CLEAR_ALARM:
        byte_write(writer, command->alarm, 1);
        break;
    case COMMAND_UNPAIR:
        byte_write(writer, command->slot, 1);
        break;
    case COMMAND_SIGN_LIMITS:
        byte_write_block(writer, command->token, TOKEN_BYTES);
        byte_write_block(writer, command->signature, COMMAND_SIGNATURE_BYTES);
        break;
    case COMMAND_UPDATE_BEGIN:
        byte_write_block(writer, command->header, IMAGE_HEADER_BYTES);
        byte_write_block(writer, command->signature, COMMAND_SIGNATURE_BYTES);
        break;
    case COMMAND_UPDATE_CHUNK:
        byte_write(writer, command->stage.offset, 4);
        byte_write(writer, command->stage.size, 1);
        byte_write_block(writer, command->stage.bytes, command->stage.size);
        break;
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CANCEL_COURSE:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
        break;
    }
}

/* A therapy's chunk has its total in front, and offsets of two bytes. */
static void chunk_read(struct byte_reader *reader, bool image, struct stage_chunk *stage)
{
    stage->total = image ? 0 : (uint32_t)byte_read(reader, 2);
    stage->offset = (uint32_t)byte_read(reader, image ? 4 : 2);
    stage->size = (uint8_t)byte_read(reader, 1);
    if (stage->size > STAGE_CHUNK_MAX)
        reader->bad = true;
    else
        byte_read_block(reader, stage->bytes, stage->size);
}

static void payload_read(struct byte_reader *reader, struct command *command)
{
    switch ((enum command_kind)command->kind) {
    case COMMAND_STAGE:
        chunk_read(reader, false, &command->stage);
        break;
    case COMMAND_ACTIVATE:
        command->retitrated = (uint8_t)byte_read(reader, 1);
        byte_read_block(reader, command->token, TOKEN_BYTES);
        break;
    case COMMAND_RESUME:
        command->retitrated = (uint8_t)byte_read(reader, 1);
        break;
    case COMMAND_CLINICIAN_BOLUS:
        command->volume.nl = (int64_t)byte_read(reader, 4);
        command->rate.nl_day = (int32_t)byte_read(reader, 4);
        break;
    case COMMAND_REFILL:
        refill_read(reader, &command->refill);
        command->retitrated = (uint8_t)byte_read(reader, 1);
        byte_read_block(reader, command->token, TOKEN_BYTES);
        byte_read_block(reader, (uint8_t *)command->refill.lot, LOT_BYTES);
        break;
    case COMMAND_SET_CLOCK:
        command->calendar.offset.ms = (int64_t)byte_read(reader, 8);
        byte_read_block(reader, (uint8_t *)command->calendar.zone, ZONE_LABEL_BYTES);
        break;
    case COMMAND_SILENCE:
        command->minutes = (uint16_t)byte_read(reader, 2);
        break;
    case COMMAND_CLEAR_ALARM:
        command->alarm = (uint8_t)byte_read(reader, 1);
        break;
    case COMMAND_UNPAIR:
        command->slot = (uint8_t)byte_read(reader, 1);
        break;
    case COMMAND_SIGN_LIMITS:
        byte_read_block(reader, command->token, TOKEN_BYTES);
        byte_read_block(reader, command->signature, COMMAND_SIGNATURE_BYTES);
        break;
    case COMMAND_UPDATE_BEGIN:
        byte_read_block(reader, command->header, IMAGE_HEADER_BYTES);
        byte_read_block(reader, command->signature, COMMAND_SIGNATURE_BYTES);
        break;
    case COMMAND_UPDATE_CHUNK:
        chunk_read(reader, true, &command->stage);
        break;
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CANCEL_COURSE:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
        break;
    }
}

enum result command_encode(const struct command *command, uint8_t *bytes, size_t room, size_t *size)
{
    if (!command_fits(command))
        return RESULT_MALFORMED;
    struct byte_writer writer = { .at = bytes, .left = room };
    byte_write(&writer, COMMAND_VERSION, 1);
    byte_write(&writer, command->kind, 1);
    byte_write(&writer, command->id, 8);
    byte_write(&writer, command->head, 8);
    payload_write(&writer, command);
    if (writer.bad)
        return RESULT_NO_ROOM;
    *size = writer.written;
    return RESULT_OK;
}

enum result command_decode(const uint8_t *bytes, size_t size, struct command *command)
{
    struct byte_reader reader = { .at = bytes, .left = size };
    struct command read = { 0 };
    uint8_t version = (uint8_t)byte_read(&reader, 1);
    read.kind = (uint8_t)byte_read(&reader, 1);
    read.id = byte_read(&reader, 8);
    read.head = byte_read(&reader, 8);
    if (reader.bad)
        return RESULT_TRUNCATED;
    if (version != COMMAND_VERSION)
        return RESULT_UNKNOWN_VERSION;
    payload_read(&reader, &read);
    if (reader.bad || reader.left != 0)
        return RESULT_TRUNCATED;
    if (!command_fits(&read))
        return RESULT_MALFORMED;
    *command = read;
    return RESULT_OK;
}

void receipt_encode(const struct receipt *receipt, uint8_t bytes[RECEIPT_BYTES])
{
    struct byte_writer writer = { .at = bytes, .left = RECEIPT_BYTES };
    byte_write(&writer, RECEIPT_VERSION, 1);
    byte_write(&writer, receipt->kind, 1);
    byte_write(&writer, receipt->outcome, 1);
    byte_write(&writer, 0, 1);
    byte_write(&writer, receipt->id, 8);
    byte_write(&writer, receipt->reasons, 8);
    byte_write(&writer, (uint64_t)receipt->at.ms, 8);
    byte_write(&writer, (uint64_t)receipt->earliest.ms, 8);
    byte_write(&writer, (uint64_t)receipt->detail, 8);
    byte_write(&writer, receipt->head, 8);
    while (writer.left > 0)
        byte_write(&writer, 0, 1);
}

/* A receipt says either that it was done, or why not: never both, never neither. */
static bool receipt_fits(const struct receipt *receipt)
{
    if (receipt->kind != 0 && command_word(receipt->kind) == NULL)
        return false;
    if (receipt->outcome != OUTCOME_APPLIED && receipt->outcome != OUTCOME_NOT_APPLIED)
        return false;
    bool reasons_known = receipt->reasons >> VERDICT_COUNT == 0;
    return reasons_known && (receipt->reasons == 0) == (receipt->outcome == OUTCOME_APPLIED);
}

enum result receipt_decode(const uint8_t bytes[RECEIPT_BYTES], struct receipt *receipt)
{
    struct byte_reader reader = { .at = bytes, .left = RECEIPT_BYTES };
    struct receipt read = { 0 };
    if (byte_read(&reader, 1) != RECEIPT_VERSION)
        return RESULT_UNKNOWN_VERSION;
    read.kind = (uint8_t)byte_read(&reader, 1);
    read.outcome = (uint8_t)byte_read(&reader, 1);
    uint64_t reserved = byte_read(&reader, 1);
    read.id = byte_read(&reader, 8);
    read.reasons = byte_read(&reader, 8);
    read.at.ms = (int64_t)byte_read(&reader, 8);
    read.earliest.ms = (int64_t)byte_read(&reader, 8);
    read.detail = (int64_t)byte_read(&reader, 8);
    read.head = byte_read(&reader, 8);
    while (reader.left > 0)
        reserved |= byte_read(&reader, 1);
    if (reserved != 0 || !receipt_fits(&read))
        return RESULT_MALFORMED;
    *receipt = read;
    return RESULT_OK;
}
