/* tape.c - libpcap's classic file format, as rig/capture.c writes it and nothing else. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/tape.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "link/packet.h"

enum { HEAD_BYTES = 24, RECORD_BYTES = 16, LINK_USER0 = 147, WAY_BYTES = 1, FRAMES_FIRST = 64 };

#define MAGIC UINT32_C(0xA1B2C3D4)

static bool head_read(FILE *stream)
{
    uint8_t bytes[HEAD_BYTES];
    if (fread(bytes, 1, sizeof bytes, stream) != sizeof bytes)
        return false;
    struct byte_reader reader = { .at = bytes, .left = sizeof bytes };
    bool good = byte_read(&reader, 4) == MAGIC;
    good = good && byte_read(&reader, 2) == 2 && byte_read(&reader, 2) == 4; /* version 2.4 */
    (void)byte_read(&reader, 8); /* time zone and accuracy */
    (void)byte_read(&reader, 4); /* the longest packet */
    return good && byte_read(&reader, 4) == LINK_USER0;
}

static uint8_t kind_of(const struct tape_frame *frame)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    size_t size = frame_read(frame->bytes, frame->size, body);
    return size > 0 && packet_read(body, size, &packet) ? packet.kind : 0;
}

/* One record; *end when there is none any more. */
static enum tape_fault frame_next(FILE *stream, struct tape_frame *frame, bool *end)
{
    uint8_t bytes[RECORD_BYTES], way = 0;
    size_t got = fread(bytes, 1, sizeof bytes, stream);
    *end = got == 0 && feof(stream) != 0;
    if (*end)
        return TAPE_OK;
    if (got != sizeof bytes)
        return ferror(stream) != 0 ? TAPE_IO : TAPE_CUT;
    struct byte_reader reader = { .at = bytes, .left = sizeof bytes };
    int64_t seconds = (int64_t)byte_read(&reader, 4);
    *frame = (struct tape_frame){ .at_us = seconds * 1000000 + (int64_t)byte_read(&reader, 4) };
    uint64_t kept = byte_read(&reader, 4), was = byte_read(&reader, 4);
    if (kept != was || kept <= WAY_BYTES || kept > WAY_BYTES + FRAME_BYTES_MAX)
        return TAPE_FORM;
    frame->size = (uint16_t)(kept - WAY_BYTES);
    if (fread(&way, 1, WAY_BYTES, stream) != WAY_BYTES || fread(frame->bytes, 1, frame->size, stream) != frame->size)
        return ferror(stream) != 0 ? TAPE_IO : TAPE_CUT;
    if (way != CAPTURE_TO_PUMP_FAR && way != CAPTURE_TO_PUMP_NEAR && way != CAPTURE_FROM_PUMP)
        return TAPE_FORM;
    frame->way = way;
    frame->kind = kind_of(frame);
    return TAPE_OK;
}

static bool room_make(struct tape *tape, size_t *room)
{
    if (tape->count < *room)
        return true;
    size_t more = *room == 0 ? FRAMES_FIRST : *room * 2;
    struct tape_frame *larger = realloc(tape->frame, more * sizeof *larger);
    if (larger == NULL)
        return false;
    tape->frame = larger;
    *room = more;
    return true;
}

static enum tape_fault frames_read(struct tape *tape, FILE *stream)
{
    size_t room = 0;
    if (!head_read(stream))
        return ferror(stream) != 0 ? TAPE_IO : TAPE_FORM;
    for (;;) {
        struct tape_frame frame;
        bool end = false;
        enum tape_fault fault = frame_next(stream, &frame, &end);
        if (fault != TAPE_OK || end)
            return fault;
        if (tape->count == TAPE_FRAMES_MAX)
            return TAPE_LARGE;
        if (!room_make(tape, &room))
            return TAPE_IO;
        tape->frame[tape->count++] = frame;
    }
}

enum tape_fault tape_read(struct tape *tape, const char *path)
{
    *tape = (struct tape){ .count = 0 };
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return TAPE_IO;
    enum tape_fault fault = frames_read(tape, stream);
    (void)fclose(stream);
    if (fault != TAPE_OK)
        tape_free(tape);
    return fault;
}

void tape_free(struct tape *tape)
{
    free(tape->frame);
    *tape = (struct tape){ .count = 0 };
}

const char *tape_text(enum tape_fault fault)
{
    static const char *const texts[] = { "sound", "it cannot be read", "it is no capture of this link (docs/wireshark.md)",
                                         "it ends within a frame", "it holds more frames than can be sent again" };
    return texts[fault <= TAPE_LARGE ? fault : TAPE_FORM];
}
