// SPDX-License-Identifier: Apache-2.0
#include "pump/telemetry.h"

#include <stddef.h>

#include "core/bytes.h"
#include "core/command.h"
#include "link/cipher.h"
#include "link/noise.h"
#include "link/packet.h"
#include "pump/peers.h"
#include "pump/reply.h"
#include "pump/standing.h"

enum { KK_OPERATIONS = 6, PROLOGUE_BYTES = 18 + PUMP_ID_BYTES + 1 + 8, SESSION_TOLD_BYTES = 8 };

void telemetry_chance(const struct board *board, uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i += 8) {
        uint64_t word = board->doors->random(board->hardware);
        for (uint32_t j = i; j < size && j < i + 8; j++) {
            bytes[j] = (uint8_t)(word >> (8 * (j - i)));
        }
    }
}

void telemetry_send(struct pump *pump, const struct board *board, const struct packet *packet)
{
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    size_t size = packet_write(packet, body);
    size = size != 0 ? frame_write(body, size, frame) : 0;
    if (size != 0) {
        board->doors->radio_send(board->hardware, frame, (uint32_t)size);
        pump->tally.count[ENERGY_RADIO_BYTE] += (uint32_t)size;
    }
}

void telemetry_counter(struct pump *pump, const struct board *board, const struct packet *packet,
                       const uint8_t gate_key[KEY_BYTES], instant_ms now)
{
    if (!gate_take(pump, board, (unsigned)GATE_ANSWER + packet->slot, now)) {
        return;
    }
    struct packet told = { .kind = PACKET_COUNTER, .slot = packet->slot, .counter = pump->gate.counter[packet->slot] };
    gate_tag(gate_key, GATE_COUNTER, (const uint8_t *)pump->serial, told.slot, told.counter, packet->tag, TAG_BYTES, told.tag);
    telemetry_send(pump, board, &told);
}

/* Sessions of people who come near, of patients, and of what only reads do not push each other out: else a clinic's watch and a
 * patient's controller would end each other's at every turn, and what comes into a session that has ended is a stranger's. */
static enum line_kind line_of(uint8_t role)
{
    return role == ROLE_CLINICIAN || role == ROLE_SERVICE ? LINE_CLINIC : role == ROLE_PATIENT ? LINE_PATIENT : LINE_READER;
}

static void line_end(struct line *line)
{
    session_end(&line->session);
    cipher_forget(line, sizeof *line);
}

void telemetry_end(struct pump *pump, uint8_t slot)
{
    for (unsigned i = 0; i < LINES; i++) {
        if (pump->line[i].session.id != 0 && pump->line[i].slot == slot) {
            line_end(&pump->line[i]);
        }
    }
}

void telemetry_end_all(struct pump *pump)
{
    for (unsigned i = 0; i < LINES; i++) {
        line_end(&pump->line[i]);
    }
}

static void prologue_write(const struct pump *pump, const struct packet *packet, uint8_t prologue[PROLOGUE_BYTES])
{
    static const uint8_t word[] = { 'c', 'i', 's', 't', 'e', 'r', 'n', 'a', ' ', 's', 'e', 's', 's', 'i', 'o', 'n', ' ', '1' };
    struct byte_writer writer = { .at = prologue, .left = PROLOGUE_BYTES };
    byte_write_block(&writer, word, sizeof word);
    byte_write_block(&writer, (const uint8_t *)pump->serial, PUMP_ID_BYTES);
    byte_write(&writer, packet->slot, 1);
    byte_write(&writer, packet->counter, 8);
}

/* Reads the first message and writes the second; false when the first cannot be right. */
static bool handshake(struct pump *pump, const struct board *board, const struct packet *packet, const struct peer *peer,
                      struct line *line, struct packet *answer)
{
    struct noise noise;
    uint8_t prologue[PROLOGUE_BYTES], ephemeral[KEY_BYTES], told[SESSION_TOLD_BYTES] = { 0 }, nothing[1];
    uint8_t in[KEY_BYTES], out[KEY_BYTES], shared[KEY_BYTES];
    size_t size = 0;
    prologue_write(pump, packet, prologue);
    telemetry_chance(board, ephemeral, sizeof ephemeral);
    struct noise_side side = { .prologue = prologue, .prologue_size = sizeof prologue, .secret = pump->secret,
                               .ephemeral = ephemeral, .remote = peer->key };
    noise_begin(&noise, NOISE_KK, false, &side);
    cipher_forget(ephemeral, sizeof ephemeral);
    pump->tally.count[ENERGY_PUBLIC_KEY] += KK_OPERATIONS;
    bool read = noise_read(&noise, packet->bytes, packet->size, nothing, 0, &size) && size == 0;
    uint8_t number[4];
    telemetry_chance(board, number, sizeof number);
    uint32_t id = (uint32_t)number[0] | (uint32_t)number[1] << 8 | (uint32_t)number[2] << 16 | (uint32_t)number[3] << 24;
    id = id != 0 ? id : 1;
    struct byte_writer writer = { .at = told, .left = sizeof told };
    byte_write(&writer, id, 4);
    byte_write(&writer, LINK_VERSION, 1);
    byte_write(&writer, peer->role, 1);
    answer->size = read ? (uint16_t)noise_write(&noise, told, sizeof told, answer->bytes, sizeof answer->bytes) : 0;
    bool done = answer->size != 0 && noise_done(&noise);
    if (done) {
        noise_split(&noise, in, out, shared, NULL);
        session_begin(&line->session, id, out, in);
    }
    noise_forget(&noise);
    cipher_forget(in, sizeof in);
    cipher_forget(out, sizeof out);
    cipher_forget(shared, sizeof shared);
    return done;
}

/* The same knock as the one this session came of: its answer was lost. */
static bool answer_again(struct pump *pump, const struct board *board, const struct packet *packet, const struct line *line,
                         instant_ms now)
{
    if (line->session.id == 0 || line->slot != packet->slot || line->session.in.nonce != 0 ||
        !cipher_same(line->knock, packet->tag, TAG_BYTES)) {
        return false;
    }
    if (!gate_take(pump, board, (unsigned)GATE_ANSWER + packet->slot, now)) {
        return false;
    }
    struct packet answer = { .kind = PACKET_ANSWER, .slot = packet->slot, .size = ANSWER_BYTES - 1 };
    for (unsigned i = 0; i < ANSWER_BYTES - 1; i++) {
        answer.bytes[i] = line->answer[1 + i];
    }
    telemetry_send(pump, board, &answer);
    return true;
}

static void line_begin(struct pump *pump, const struct board *board, const struct packet *packet, const struct peer *peer,
                       instant_ms now)
{
    struct line *line = &pump->line[line_of(peer->role)];
    struct line fresh = { .slot = packet->slot, .began_ms = now.ms, .heard_ms = now.ms };
    struct packet answer = { .kind = PACKET_ANSWER, .slot = packet->slot };
    if (!handshake(pump, board, packet, peer, &fresh, &answer)) {
        return;
    }
    for (unsigned i = 0; i < TAG_BYTES; i++) {
        fresh.knock[i] = packet->tag[i];
    }
    fresh.answer[0] = packet->slot;
    for (unsigned i = 0; i < ANSWER_BYTES - 1; i++) {
        fresh.answer[1 + i] = answer.bytes[i];
    }
    line_end(line);
    *line = fresh;
    cipher_forget(&fresh, sizeof fresh);
    pump->look_ms = pump->look_ms < now.ms + SESSION_IDLE_MS ? pump->look_ms : now.ms + SESSION_IDLE_MS;
    note(pump, now, ACTOR_PUMP, EVENT_SESSION, packet->slot, peer->role, 0, 0);
    telemetry_send(pump, board, &answer);
}

/* A token of the slot for a handshake. Whoever holds a clinician's key to the skin may be about to stop the pump: beyond the
 * burst the bucket of messages serves, which no session in the clinic uses. */
static bool token_take(struct pump *pump, const struct board *board, uint8_t slot, uint8_t role, instant_ms now)
{
    return gate_take(pump, board, (unsigned)GATE_HANDSHAKE + slot, now) ||
           (line_of(role) == LINE_CLINIC && gate_take(pump, board, (unsigned)GATE_MESSAGE + slot, now));
}

enum welcome telemetry_knock(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                             instant_ms now)
{
    const struct peer *peer = peers_find(pump, board, packet->slot);
    uint8_t tag[TAG_BYTES];
    if (peer == NULL) {
        return WELCOME_STRANGER;
    }
    gate_tag(peer->gate_key, GATE_KNOCK, (const uint8_t *)pump->serial, packet->slot, packet->counter, packet->bytes,
             packet->size, tag);
    if (!cipher_same(tag, packet->tag, TAG_BYTES)) {
        return WELCOME_STRANGER;
    }
    if (line_of(peer->role) == LINE_CLINIC && reach != REACH_NEAR) {
        return WELCOME_STALE; /* perhaps recorded where it was near */
    }
    if (packet->counter <= pump->gate.counter[packet->slot]) {
        if (answer_again(pump, board, packet, &pump->line[line_of(peer->role)], now)) {
            return WELCOME_YES;
        }
        telemetry_counter(pump, board, packet, peer->gate_key, now);
        return gate_repeated(pump, packet->slot, packet->counter) ? WELCOME_NOTHING : WELCOME_STALE;
    }
    bool leaps = packet->counter > pump->gate.counter[packet->slot] + GATE_LEAP_MAX;
    bool counted = !leaps && gate_count(pump, board, packet->slot, packet->counter); /* token or not: once heard it is spent */
    if (leaps || !token_take(pump, board, packet->slot, peer->role, now)) {
        /* Near, a key that calls too often deafens nobody else: only its holder can make a frame that is not spent. */
        return counted && reach == REACH_NEAR ? WELCOME_NOTHING : WELCOME_STALE;
    }
    if (counted) {
        line_begin(pump, board, packet, peer, now);
    }
    return WELCOME_YES;
}

static struct line *line_find(struct pump *pump, uint32_t session)
{
    for (unsigned i = 0; i < LINES; i++) {
        if (session != 0 && pump->line[i].session.id == session) {
            return &pump->line[i];
        }
    }
    return NULL;
}

static bool line_over(const struct line *line, instant_ms now)
{
    return now.ms >= line->heard_ms + SESSION_IDLE_MS || now.ms >= line->began_ms + SESSION_LIFE_MS;
}

/* What was asked may have unpaired anybody, the one who asked too. */
static void unpaired_end(struct pump *pump, const struct board *board)
{
    for (unsigned i = 0; i < LINES; i++) {
        struct line *line = &pump->line[i];
        if (line->session.id != 0 && peers_find(pump, board, line->slot) == NULL) {
            line_end(line);
        }
    }
}

enum welcome telemetry_data(struct pump *pump, const struct board *board, const struct packet *packet, instant_ms now)
{
    struct line *line = line_find(pump, packet->session);
    uint8_t plain[PACKET_PLAIN_MAX];
    struct packet answer;
    if (line == NULL || line_over(line, now)) {
        return WELCOME_STRANGER;
    }
    const struct peer *peer = peers_find(pump, board, line->slot);
    if (peer == NULL) {
        line_end(line);
        return WELCOME_NOTHING;
    }
    if (packet->nonce <= line->session.in.nonce) {
        /* Once more, or too late: ordinary on the air, as long as it is not much more than what came rightly. */
        return ++line->stale > line->session.in.nonce + SESSION_STALE_FREE ? WELCOME_STALE : WELCOME_NOTHING;
    }
    size_t size = session_open(&line->session, packet, plain);
    if (size == 0) {
        return WELCOME_STRANGER;
    }
    bool home = line != &pump->line[LINE_CLINIC];
    if (home && !gate_take(pump, board, (unsigned)GATE_MESSAGE + line->slot, now)) {
        return WELCOME_STALE; /* a key at home is no licence to empty the battery */
    }
    line->heard_ms = now.ms;
    struct sender sender = { peer->role, line->slot };
    uint32_t id = packet->session;
    bool last = false;
    size = reply_make(pump, board, sender, plain, size, now, &last);
    line = line_find(pump, id); /* what was asked may have ended it */
    if (size != 0 && line != NULL && session_seal(&line->session, plain, size, &answer)) {
        telemetry_send(pump, board, &answer);
    }
    if (line != NULL && last) {
        line_end(line);
    }
    unpaired_end(pump, board);
    cipher_forget(plain, sizeof plain);
    return WELCOME_YES;
}

instant_ms telemetry_look(struct pump *pump, instant_ms now)
{
    instant_ms next = INSTANT_NEVER;
    for (unsigned i = 0; i < LINES; i++) {
        struct line *line = &pump->line[i];
        if (line->session.id == 0) {
            continue;
        }
        if (line_over(line, now)) {
            line_end(line);
            continue;
        }
        next = instant_min(next, (instant_ms){ line->heard_ms + SESSION_IDLE_MS });
        next = instant_min(next, (instant_ms){ line->began_ms + SESSION_LIFE_MS });
    }
    return next;
}
