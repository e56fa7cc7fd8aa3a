// SPDX-License-Identifier: Apache-2.0
#include "rig/tap.h"

#include <inttypes.h>
#include <string.h>

#include "link/message.h"
#include "link/packet.h"
#include "link/wish.h"

void tap_start(struct tap *tap, const struct ether *ether, instant_ms now)
{
    memset(tap, 0, sizeof *tap);
    tap->ear = ether_ear(ether, now);
}

static uint64_t print_of(const uint8_t *bytes, size_t size)
{
    uint64_t print = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        print = (print ^ bytes[i]) * UINT64_C(0x100000001B3);
    return print;
}

static struct tap_line *line_find(struct tap *tap, uint32_t id)
{
    for (unsigned i = 0; i < TAP_LINES; i++)
        if (id != 0 && tap->line[i].id == id)
            return &tap->line[i];
    return NULL;
}

/* Before its first rekeying, since this is called with the first frame of a session. */
static struct tap_line *line_begin(struct tap *tap, uint8_t slot, const struct session *session)
{
    struct tap_line *line = &tap->line[tap->next];
    tap->next = (tap->next + 1) % TAP_LINES;
    memset(line, 0, sizeof *line);
    line->id = session->id;
    line->slot = slot;
    line->to_pump = session->out;
    line->to_pump.nonce = 0;
    line->from_pump = session->in;
    return line;
}

/* Opens a frame of one way, in whatever order they come: from keys that follow well behind the newest frame. */
static size_t way_open(struct session_way *way, const struct packet *packet, uint8_t plain[PACKET_PLAIN_MAX])
{
    struct session scratch = { .id = packet->session, .in = *way };
    scratch.in.nonce = 0;
    size_t size = session_open(&scratch, packet, plain);
    if (size != 0 && scratch.in.rekeys > way->rekeys + SESSION_REKEYS_AHEAD / 2)
        *way = scratch.in;
    return size;
}

static void knock_sent(struct tap *tap, struct umpire *umpire, const struct packet *packet, bool restored, uint64_t print)
{
    struct tap_knock *last = &tap->knock[packet->slot];
    bool again = packet->counter == last->counter && print == last->print;
    if (!again && packet->counter <= last->counter && !restored)
        umpire_break(umpire, WRONG_REUSED, "slot %u knocks with counter %" PRIu64 " once more", packet->slot, packet->counter);
    if (packet->counter >= last->counter)
        *last = (struct tap_knock){ packet->counter, print };
}

void tap_restored(struct tap *tap, uint8_t slot, uint64_t taken)
{
    if (tap->knock[slot].counter > taken)
        tap->knock[slot] = (struct tap_knock){ taken, 0 };
}

static void data_sent(struct tap *tap, struct umpire *umpire, uint8_t slot, const struct session *session,
                      const struct packet *packet)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    cisterna_Request request = cisterna_Request_init_zero;
    struct command command;
    struct tap_line *line = line_find(tap, packet->session);
    if (line == NULL)
        line = line_begin(tap, slot, session);
    if (packet->nonce <= line->sent)
        umpire_break(umpire, WRONG_REUSED, "slot %u seals under nonce %" PRIu32 " once more", slot, packet->nonce);
    line->sent = packet->nonce;
    size_t size = way_open(&line->to_pump, packet, plain);
    if (size == 0 || !message_read_request(plain, size, &request)) {
        umpire_break(umpire, WRONG_STUCK, "the tap cannot open what slot %u sends", slot);
        return;
    }
    if (request.which_ask == cisterna_Request_command_tag && wish_to_command(&request.ask.command, &command))
        umpire_sent(umpire, line->slot, &command);
}

void tap_sent(struct tap *tap, struct umpire *umpire, uint8_t slot, const struct session *session, bool restored,
              const uint8_t *frame, size_t size)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    size_t length = frame_read(frame, size, body);
    if (length == 0 || !packet_read(body, length, &packet))
        umpire_break(umpire, WRONG_STUCK, "slot %u sends what is no packet", slot);
    else if (packet.kind == PACKET_KNOCK)
        knock_sent(tap, umpire, &packet, restored, print_of(body, length));
    else if (packet.kind == PACKET_DATA)
        data_sent(tap, umpire, slot, session, &packet);
}

static void reply_heard(struct umpire *umpire, uint8_t slot, const uint8_t *plain, size_t size)
{
    cisterna_Reply reply = cisterna_Reply_init_zero;
    struct receipt receipt;
    if (!message_read_reply(plain, size, &reply)) {
        umpire_break(umpire, WRONG_STUCK, "the tap cannot read what the pump replies to slot %u", slot);
        return;
    }
    if (reply.which_tell != cisterna_Reply_receipt_tag)
        return;
    bool none = reply.tell.receipt.command == 0 && reply.tell.receipt.outcome == 0;
    if (none && reply.tell.receipt.reasons != 0)
        umpire_gone(umpire, slot, reply.tell.receipt.command_id);
    else if (none)
        umpire_answered(umpire, slot, reply.tell.receipt.command_id, NULL);
    else if (wish_to_receipt(&reply.tell.receipt, &receipt))
        umpire_answered(umpire, slot, receipt.id, &receipt);
}

static void data_heard(struct tap *tap, struct umpire *umpire, const struct packet *packet, uint64_t print)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    struct tap_line *line = line_find(tap, packet->session);
    if (line == NULL)
        return; /* of long ago, played once more by a stranger */
    size_t size = way_open(&line->from_pump, packet, plain);
    unsigned place = packet->nonce % TAP_NONCES;
    if (size == 0)
        return;
    if (packet->nonce > line->sent)
        umpire_break(umpire, WRONG_REUSED, "the pump has answered slot %u more often than it was asked", line->slot);
    if (line->nonce[place] == packet->nonce && line->print[place] != print)
        umpire_break(umpire, WRONG_REUSED, "the pump seals under nonce %" PRIu32 " of slot %u once more", packet->nonce,
                     line->slot);
    bool again = line->nonce[place] == packet->nonce;
    line->nonce[place] = packet->nonce;
    line->print[place] = print;
    if (!again)
        reply_heard(umpire, line->slot, plain, size);
}

void tap_listen(struct tap *tap, struct umpire *umpire, const struct ether *ether, instant_ms now)
{
    uint8_t frame[RADIO_FRAME_MAX], body[FRAME_BODY_MAX];
    struct packet packet;
    size_t size;
    while ((size = ether_hear(ether, &tap->ear, now, frame)) != 0) {
        size_t length = frame_read(frame, size, body);
        if (length != 0 && packet_read(body, length, &packet) && packet.kind == PACKET_DATA)
            data_heard(tap, umpire, &packet, print_of(body, length));
    }
}
