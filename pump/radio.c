// SPDX-License-Identifier: Apache-2.0
#include "pump/radio.h"

#include "core/command.h"
#include "link/packet.h"
#include "pump/abuse.h"
#include "pump/standing.h"

static unsigned bucket_of(uint8_t reach)
{
    return reach == REACH_NEAR ? GATE_NEAR : GATE_FAR;
}

static enum welcome packet_hear(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                                instant_ms now)
{
    switch ((enum packet_kind)packet->kind) {
    case PACKET_KNOCK:
        return telemetry_knock(pump, board, packet, reach, now);
    case PACKET_DATA:
        return telemetry_data(pump, board, packet, now);
    case PACKET_PAIR_1:
        return pairing_first(pump, board, packet, reach, now);
    case PACKET_PAIR_3:
        return pairing_third(pump, board, packet, reach, now);
    case PACKET_EMERGENCY:
        return emergency_hear(pump, board, packet, reach, now);
    case PACKET_ANSWER:
    case PACKET_COUNTER:
    case PACKET_PAIR_2:
    case PACKET_PAIRED:
    case PACKET_IDENTITY:
        return WELCOME_STRANGER; /* what only a pump says */
    }
    return WELCOME_STRANGER;
}

static void frame_hear(struct pump *pump, const struct board *board, const struct radio_heard *heard, instant_ms now)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    if (!gate_open(pump, bucket_of(heard->reach), now)) {
        return; /* came before the radio was told not to listen */
    }
    size_t size = frame_read(heard->bytes, heard->size, body);
    bool whole = size != 0 && packet_read(body, size, &packet);
    enum welcome welcome = whole ? packet_hear(pump, board, &packet, heard->reach, now) : WELCOME_STRANGER;
    if (welcome == WELCOME_YES || welcome == WELCOME_NOTHING) {
        return;
    }
    (void)gate_take(pump, board, bucket_of(heard->reach), now);
    if (whole && welcome == WELCOME_STRANGER && packet.kind != PACKET_EMERGENCY) { /* not noise: somebody means this pump */
        abuse_stranger(pump, now);
        pump->look_ms = pump->look_ms < now.ms + HOUR_MS ? pump->look_ms : now.ms + HOUR_MS;
    }
}

/* Frames are not even received while strangers have used up theirs: receiving is what costs. After a start the radio is told in
 * any case: where the core alone started again it still does what it was told before. */
static void listen(struct pump *pump, const struct board *board, instant_ms now)
{
    uint8_t ear = gate_open(pump, GATE_FAR, now) ? REACH_FAR : REACH_NEAR;
    uint8_t reach = gate_open(pump, GATE_NEAR, now) ? ear : REACH_NONE;
    if (reach != pump->listening) {
        board->doors->radio_listen(board->hardware, reach);
        pump->listening = reach;
    }
}

/* When a token comes in that opens an ear; INSTANT_NEVER while both are open. */
static instant_ms hears_again(const struct pump *pump, instant_ms now)
{
    if (pump->listening == REACH_NONE) {
        return gate_next(pump, GATE_NEAR, now);
    }
    return pump->listening == REACH_NEAR ? gate_next(pump, GATE_FAR, now) : INSTANT_NEVER;
}

bool radio_hear(struct pump *pump, const struct board *board, instant_ms now)
{
    struct radio_heard heard;
    unsigned fetched = 0;
    for (; fetched < RADIO_FRAMES_AT_ONCE; fetched++) {
        board->doors->radio_receive(board->hardware, &heard);
        if (heard.size == 0) {
            break;
        }
        pump->tally.count[ENERGY_RADIO_BYTE] += heard.size;
        frame_hear(pump, board, &heard, now);
    }
    if (fetched > 0) {
        pump->tally.count[ENERGY_WAKE]++;
        listen(pump, board, now);
        instant_ms next = hears_again(pump, now);
        pump->look_ms = next.ms < pump->look_ms ? next.ms : pump->look_ms;
    }
    return fetched == RADIO_FRAMES_AT_ONCE;
}

instant_ms radio_look(struct pump *pump, const struct board *board, instant_ms now)
{
    instant_ms next = instant_min(telemetry_look(pump, now), pairing_look(pump, now));
    listen(pump, board, now);
    return instant_min(next, hears_again(pump, now));
}
