// SPDX-License-Identifier: Apache-2.0
#include "pump/pairing.h"

#include "core/bytes.h"
#include "core/command.h"
#include "core/text.h"
#include "link/hash.h"
#include "link/packet.h"
#include "pump/answered.h"
#include "pump/peers.h"
#include "pump/standing.h"

enum { PAIRING_NONE = 0, PAIRING_WAITS = 1, PAIRING_ANSWERED = 2 };
enum { XX_OPERATIONS_FIRST = 4, XX_OPERATIONS_THIRD = 1, PROLOGUE_BYTES = 18 + PUMP_ID_BYTES + 8,
       OFFER_BYTES = 2 + PUMP_ID_BYTES, WISH_BYTES = 1 + PEER_LABEL_BYTES };

static bool has_card(const struct pump *pump)
{
    uint8_t seen = 0;
    for (unsigned i = 0; i < CARD_SECRET_BYTES; i++) {
        seen |= pump->card[i];
    }
    return seen != 0;
}

static void second_send(struct pump *pump, const struct board *board)
{
    struct packet second = { .kind = PACKET_PAIR_2, .size = PAIR_2_BYTES };
    for (unsigned i = 0; i < PAIR_2_BYTES; i++) {
        second.bytes[i] = pump->pairing.second[i];
    }
    telemetry_send(pump, board, &second);
}

/* Reads the first message and prepares the second. */
static void begin(struct pump *pump, const struct board *board, const struct packet *packet, const uint8_t psk[KEY_BYTES],
                  instant_ms now)
{
    static const uint8_t word[] = { 'c', 'i', 's', 't', 'e', 'r', 'n', 'a', ' ', 'p', 'a', 'i', 'r', 'i', 'n', 'g', ' ', '1' };
    struct pairing *pairing = &pump->pairing;
    uint8_t prologue[PROLOGUE_BYTES], ephemeral[KEY_BYTES], offer[OFFER_BYTES], nothing[1];
    size_t size = 0;
    struct byte_writer writer = { .at = prologue, .left = sizeof prologue };
    byte_write_block(&writer, word, sizeof word);
    byte_write_block(&writer, (const uint8_t *)pump->serial, PUMP_ID_BYTES);
    byte_write(&writer, packet->counter, 8);
    telemetry_chance(board, ephemeral, sizeof ephemeral);
    struct noise_side side = { .prologue = prologue, .prologue_size = sizeof prologue, .secret = pump->secret,
                               .ephemeral = ephemeral, .psk = psk };
    cipher_forget(pairing, sizeof *pairing);
    noise_begin(&pairing->noise, NOISE_XX_PSK3, false, &side);
    cipher_forget(ephemeral, sizeof ephemeral);
    pump->tally.count[ENERGY_PUBLIC_KEY] += XX_OPERATIONS_FIRST;
    pairing->slot = peers_free(pump, board);
    writer = (struct byte_writer){ .at = offer, .left = sizeof offer };
    byte_write(&writer, LINK_VERSION, 1);
    byte_write(&writer, pairing->slot, 1);
    byte_write_block(&writer, (const uint8_t *)pump->serial, PUMP_ID_BYTES);
    if (!noise_read(&pairing->noise, packet->bytes, packet->size, nothing, 0, &size) || size != 0 ||
        noise_write(&pairing->noise, offer, sizeof offer, pairing->second, PAIR_2_BYTES) != PAIR_2_BYTES) {
        cipher_forget(pairing, sizeof *pairing);
        return;
    }
    for (unsigned i = 0; i < TAG_BYTES; i++) {
        pairing->first[i] = packet->tag[i];
    }
    pairing->state = PAIRING_WAITS;
    pairing->until_ms = now.ms + PAIRING_LIFE_MS;
    pump->look_ms = pump->look_ms < pairing->until_ms ? pump->look_ms : pairing->until_ms;
    second_send(pump, board);
}

enum welcome pairing_first(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                           instant_ms now)
{
    uint8_t gate_key[KEY_BYTES], psk[KEY_BYTES], tag[TAG_BYTES];
    if (!has_card(pump)) {
        return WELCOME_STRANGER;
    }
    gate_of_card(pump->card, (const uint8_t *)pump->serial, gate_key, psk);
    gate_tag(gate_key, GATE_PAIR, (const uint8_t *)pump->serial, PAIRING_SLOT, packet->counter, packet->bytes, packet->size, tag);
    enum welcome welcome = cipher_same(tag, packet->tag, TAG_BYTES) ? WELCOME_STALE : WELCOME_STRANGER;
    bool asked = welcome == WELCOME_STALE && reach == REACH_NEAR; /* else perhaps recorded where it was near */
    if (asked && packet->counter <= pump->gate.counter[PAIRING_SLOT]) {
        bool same = pump->pairing.state == PAIRING_WAITS && cipher_same(pump->pairing.first, packet->tag, TAG_BYTES);
        if (same && gate_take(pump, board, (unsigned)GATE_ANSWER + PAIRING_SLOT, now)) {
            second_send(pump, board);
            welcome = WELCOME_YES;
        } else if (!same) {
            telemetry_counter(pump, board, packet, gate_key, now);
        }
    } else if (asked && packet->counter <= pump->gate.counter[PAIRING_SLOT] + GATE_LEAP_MAX) {
        bool counted = gate_count(pump, board, PAIRING_SLOT, packet->counter); /* token or not: once heard it is spent */
        welcome = gate_take(pump, board, (unsigned)GATE_HANDSHAKE + PAIRING_SLOT, now) ? WELCOME_YES : WELCOME_STALE;
        if (counted && welcome == WELCOME_YES) {
            begin(pump, board, packet, psk, now);
        }
    }
    cipher_forget(gate_key, sizeof gate_key);
    cipher_forget(psk, sizeof psk);
    return welcome;
}

/* A new key in a slot: what its slot counted for somebody else begins again. */
static void slot_renew(struct pump *pump, const struct board *board, uint8_t slot, instant_ms now)
{
    gate_renew(pump, board, slot, now);
    answered_forget(pump, slot);
}

/* Stores the peer whose wish was read. */
static enum pairing_outcome enrol(struct pump *pump, const struct board *board, const uint8_t key[KEY_BYTES],
                                  const uint8_t wish[WISH_BYTES], const uint8_t gate_key[KEY_BYTES], instant_ms now)
{
    struct pairing *pairing = &pump->pairing;
    struct peer peer = { .role = wish[0] };
    for (unsigned i = 0; i < PEER_LABEL_BYTES; i++) {
        peer.label[i] = (char)wish[1 + i];
    }
    for (unsigned i = 0; i < KEY_BYTES; i++) {
        peer.key[i] = key[i];
        peer.gate_key[i] = gate_key[i];
    }
    if (peer.role < ROLE_PATIENT || peer.role > ROLE_SERVICE || !text_valid(peer.label, PEER_LABEL_BYTES)) {
        return PAIRING_FORM;
    }
    uint8_t known = peers_slot_of(pump, board, key), slot = known != 0 ? known : peers_free(pump, board);
    if (slot == 0) {
        pairing->slot = 0;
        return PAIRING_NO_SLOT;
    }
    enum result stored = peers_set(pump, board, slot, &peer);
    cipher_forget(&peer, sizeof peer);
    if (stored == RESULT_BUSY) {
        return PAIRING_BUSY; /* and what was told in PAIR_2 stands */
    }
    pairing->slot = slot;
    if (stored != RESULT_OK) {
        return PAIRING_STORAGE;
    }
    telemetry_end(pump, pairing->slot);
    if (known == 0) {
        slot_renew(pump, board, pairing->slot, now);
    }
    note(pump, now, ACTOR_PUMP, EVENT_PAIRED, pairing->slot, wish[0], 0, 0);
    board->doors->sound(board->hardware, TONE_CONFIRM);
    pump->tally.count[ENERGY_TONE]++;
    return PAIRING_DONE;
}

static void paired_send(struct pump *pump, const struct board *board)
{
    struct packet paired = { .kind = PACKET_PAIRED, .size = PAIRED_BYTES };
    for (unsigned i = 0; i < PAIRED_BYTES; i++) {
        paired.bytes[i] = pump->pairing.paired[i];
    }
    telemetry_send(pump, board, &paired);
}

enum welcome pairing_third(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                           instant_ms now)
{
    struct pairing *pairing = &pump->pairing;
    uint8_t wish[WISH_BYTES], in[KEY_BYTES], out[KEY_BYTES], shared[KEY_BYTES], key[KEY_BYTES], told[2];
    const uint8_t ad[1] = { PACKET_PAIRED };
    uint8_t third[HASH_BYTES];
    size_t size = 0;
    if (pairing->state == PAIRING_NONE || now.ms >= pairing->until_ms || reach != REACH_NEAR) {
        return WELCOME_STRANGER;
    }
    hash_of(packet->bytes, packet->size, third);
    if (pairing->state == PAIRING_ANSWERED) {
        if (!cipher_same(pairing->third, third, HASH_BYTES)) {
            return WELCOME_STRANGER;
        }
        if (!gate_take(pump, board, (unsigned)GATE_ANSWER + PAIRING_SLOT, now)) {
            return WELCOME_STALE;
        }
        paired_send(pump, board);
        return WELCOME_YES;
    }
    struct noise noise = pairing->noise; /* a wrong message ends it for good: so that nobody else's does, it is tried on a copy */
    pump->tally.count[ENERGY_PUBLIC_KEY] += XX_OPERATIONS_THIRD;
    if (!noise_read(&noise, packet->bytes, packet->size, wish, sizeof wish, &size) || size != sizeof wish) {
        noise_forget(&noise);
        if (++pairing->tries >= PAIRING_TRIES) {
            cipher_forget(pairing, sizeof *pairing);
        }
        return WELCOME_STRANGER;
    }
    for (unsigned i = 0; i < KEY_BYTES; i++) {
        key[i] = noise.remote[i];
    }
    noise_split(&noise, in, out, shared, NULL);
    told[0] = (uint8_t)enrol(pump, board, key, wish, shared, now);
    told[1] = pairing->slot;
    if (told[0] != PAIRING_BUSY) { /* else a sector is being erased: it is asked again in a moment */
        noise_forget(&pairing->noise);
        cipher_seal(out, 0, ad, sizeof ad, told, sizeof told, pairing->paired);
        for (unsigned i = 0; i < HASH_BYTES; i++) {
            pairing->third[i] = third[i];
        }
        pairing->state = PAIRING_ANSWERED;
        paired_send(pump, board);
    }
    cipher_forget(in, sizeof in);
    cipher_forget(out, sizeof out);
    cipher_forget(shared, sizeof shared);
    return WELCOME_YES;
}

instant_ms pairing_look(struct pump *pump, instant_ms now)
{
    if (pump->pairing.state == PAIRING_NONE) {
        return INSTANT_NEVER;
    }
    if (now.ms >= pump->pairing.until_ms) {
        cipher_forget(&pump->pairing, sizeof pump->pairing);
        return INSTANT_NEVER;
    }
    return (instant_ms){ pump->pairing.until_ms };
}
