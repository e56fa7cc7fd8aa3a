/* talk.c - packets over the air: framed, sent, heard, unframed and counted. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/talk.h"

bool talk_send(struct programmer *programmer, const struct air *air, const struct packet *packet, bool again)
{
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = frame_write(body, packet_write(packet, body), frame);
    if (size == 0 || !air->send(air->context, frame, size))
        return false;
    programmer->cost.frames_sent++;
    programmer->cost.bytes_sent += size;
    programmer->cost.repeats += again;
    return true;
}

bool talk_hear(struct programmer *programmer, const struct air *air, unsigned *heard, struct packet *packet)
{
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    while (*heard < TALK_STRANGE_MAX) {
        size_t size = air->receive(air->context, frame, programmer->patience.wait_ms);
        if (size == 0)
            return false;
        ++*heard;
        programmer->cost.frames_heard++;
        programmer->cost.bytes_heard += size;
        if (packet_read(body, frame_read(frame, size, body), packet))
            return true;
    }
    return false;
}
