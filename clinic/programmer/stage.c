/* stage.c - a therapy goes to the pump in chunks and comes back as what it stored: the two are compared byte by byte. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/stage.h"

#include <string.h>

#include "link/hash.h"

_Static_assert((int)TOKEN_BYTES == (int)HASH_BYTES, "a token is the hash of the staged bytes");

/* A chunk of the therapy that is read belongs where it was asked for, and to a therapy of the length told first. */
static bool chunk_fits(const cisterna_TherapyBytes *chunk, size_t offset, size_t total)
{
    return chunk->offset_bytes == offset && chunk->total_bytes <= THERAPY_BYTES_MAX &&
           (offset == 0 || chunk->total_bytes == total) && chunk->bytes.size <= chunk->total_bytes - offset &&
           (chunk->bytes.size > 0 || chunk->total_bytes == 0);
}

enum contact stage_read(struct programmer *programmer, const struct air *air, bool staged, uint8_t bytes[THERAPY_BYTES_MAX],
                        size_t *size)
{
    size_t offset = 0, total = 0;
    do {
        cisterna_Request request = { .which_ask = cisterna_Request_read_therapy_tag,
                                     .ask.read_therapy = { .staged = staged, .offset_bytes = (uint32_t)offset } };
        cisterna_Reply reply = cisterna_Reply_init_zero;
        enum contact contact = programmer_ask(programmer, air, &request, &reply);
        const cisterna_TherapyBytes *chunk = &reply.tell.therapy;
        if (contact != CONTACT_OK)
            return contact;
        if (!chunk_fits(chunk, offset, total))
            return CONTACT_VERSION;
        total = chunk->total_bytes;
        memcpy(bytes + offset, chunk->bytes.bytes, chunk->bytes.size);
        offset += chunk->bytes.size;
    } while (offset < total);
    *size = total;
    return CONTACT_OK;
}

static enum told chunk_send(struct programmer *programmer, const struct air *air, const uint8_t *bytes, size_t size,
                            size_t offset, struct receipt *receipt, enum contact *contact)
{
    size_t left = size - offset;
    struct command command = { .kind = COMMAND_STAGE,
                               .stage = { .total = (uint32_t)size, .offset = (uint32_t)offset,
                                          .size = (uint8_t)(left < STAGE_CHUNK_MAX ? left : STAGE_CHUNK_MAX) } };
    memcpy(command.stage.bytes, bytes + offset, command.stage.size);
    return programmer_command(programmer, air, &command, receipt, contact);
}

enum told stage_send(struct programmer *programmer, const struct air *air, const struct therapy *therapy,
                     uint8_t token[TOKEN_BYTES], struct receipt *receipt, enum contact *contact)
{
    uint8_t sent[THERAPY_BYTES_MAX], stored[THERAPY_BYTES_MAX];
    size_t size = 0, stored_size = 0;
    *receipt = (struct receipt){ .kind = COMMAND_STAGE };
    *contact = CONTACT_MALFORMED;
    if (therapy_encode(therapy, sent, sizeof sent, &size) != RESULT_OK)
        return TOLD_NOT_APPLIED;
    for (size_t offset = 0; offset < size; offset += STAGE_CHUNK_MAX) {
        enum told told = chunk_send(programmer, air, sent, size, offset, receipt, contact);
        if (told != TOLD_APPLIED)
            return told;
    }
    *receipt = (struct receipt){ .id = receipt->id, .kind = COMMAND_STAGE };
    *contact = stage_read(programmer, air, true, stored, &stored_size);
    if (*contact != CONTACT_OK || stored_size != size || memcmp(stored, sent, size) != 0)
        return TOLD_NOT_APPLIED;
    hash_of(sent, size, token);
    receipt->outcome = OUTCOME_APPLIED;
    return TOLD_APPLIED;
}
