/* recorded.c - listening, and sending again. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/recorded.h"

bool recorded_listen(struct attack *attack)
{
    /* Time that is up is how listening ends. */
    (void)attack->aerial.pass(attack->aerial.context, attack->wish.span_ms);
    return true;
}

static bool wanted(const struct attack_wish *wish, const struct tape_frame *frame)
{
    if (frame->way == CAPTURE_FROM_PUMP && !wish->reflect)
        return false;
    return wish->only == 0 || (wish->only & ANSWERS_BIT(frame->kind)) != 0;
}

static enum place place_of(const struct attack_wish *wish, const struct tape_frame *frame)
{
    if (wish->placed || frame->way == CAPTURE_FROM_PUMP)
        return wish->place;
    return frame->way == CAPTURE_TO_PUMP_NEAR ? PLACE_NEAR : PLACE_FAR;
}

bool recorded_replay(struct attack *attack)
{
    const struct attack_wish *wish = &attack->wish;
    int64_t before_us = -1;
    for (size_t i = 0; i < attack->tape.count; i++) {
        const struct tape_frame *frame = &attack->tape.frame[i];
        if (!wanted(wish, frame))
            continue;
        int64_t pause_ms = wish->speed > 0 && before_us >= 0 ? (frame->at_us - before_us) / 1000 / wish->speed : 0;
        before_us = frame->at_us;
        if (pause_ms > 0 && !attack->aerial.pass(attack->aerial.context, pause_ms))
            return false;
        if (!attack_send(attack, place_of(wish, frame), frame->bytes, frame->size))
            return false;
    }
    return true;
}

/* Is it a frame that the gate would let through once? */
static bool knocks(const struct tape_frame *frame, uint8_t slot)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    if (frame->way == CAPTURE_FROM_PUMP || !packet_read(body, frame_read(frame->bytes, frame->size, body), &packet))
        return false;
    return (packet.kind == PACKET_KNOCK && (slot == 0 || slot == packet.slot)) || (packet.kind == PACKET_PAIR_1 && slot == 0);
}

bool recorded_starve(struct attack *attack)
{
    const struct attack_wish *wish = &attack->wish;
    uint64_t sent = 0, before = 0;
    do {
        before = sent;
        for (size_t i = 0; i < attack->tape.count && sent < wish->count; i++) {
            const struct tape_frame *frame = &attack->tape.frame[i];
            if (!knocks(frame, wish->slot))
                continue;
            if (!attack_send(attack, wish->place, frame->bytes, frame->size))
                return false;
            sent++;
        }
    } while (sent < wish->count && sent > before);
    return true;
}
