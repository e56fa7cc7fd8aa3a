/* transcript.c - every byte of one pairing, one session, one bolus, a knock told again and an emergency, by name, for
 * link/transcript.md. What is not on the air is worked out beside the two that talk, and must lead to what they said. */
// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"
#include "link/noise.h"
#include "tests/link/overheard.h"

static struct programmer doctor;
static struct noise noise;
static unsigned next_frame; /* of what was overheard */

static void tell(const char *name, const char *part, const uint8_t *bytes, size_t size)
{
    printf("%s%s ", name, part);
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    printf("\n");
}

/* The next frame on the air, told with its body. */
static struct packet frame_tell(const char *name, enum packet_kind kind)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet = { .kind = 0 };
    overheard_must(next_frame < overheard.count, "one more frame was sent");
    const struct overheard_frame *frame = &overheard.frame[next_frame++];
    size_t size = frame_read(frame->bytes, frame->size, body);
    overheard_must(packet_read(body, size, &packet) && packet.kind == kind, "the frame is of the kind expected");
    tell(name, "_body", body, size);
    tell(name, "_frame", frame->bytes, frame->size);
    return packet;
}

static void noise_tell(const char *name)
{
    tell(name, "_hash", noise.hash, DIGEST_BYTES);
    tell(name, "_chain", noise.chain, DIGEST_BYTES);
}

static void given_tell(void)
{
    uint8_t key[KEY_BYTES], gate[KEY_BYTES], psk[KEY_BYTES];
    tell("pump_id", "", (const uint8_t *)stand.unit.serial, PUMP_ID_BYTES);
    tell("card", "", CARD, CARD_SECRET_BYTES);
    tell("pump_secret", "", stand.unit.secret, KEY_BYTES);
    cipher_public(stand.unit.secret, key);
    tell("pump_public", "", key, KEY_BYTES);
    tell("programmer_secret", "", doctor.key.secret, KEY_BYTES);
    cipher_public(doctor.key.secret, key);
    tell("programmer_public", "", key, KEY_BYTES);
    gate_of_card(CARD, doctor.key.pump_id, gate, psk);
    tell("card_gate_key", "", gate, KEY_BYTES);
    tell("card_psk", "", psk, KEY_BYTES);
}

/* A secret that chance gave: it counts from `first`. */
static void secret_tell(const char *name, uint8_t first, uint8_t secret[KEY_BYTES])
{
    for (unsigned i = 0; i < KEY_BYTES; i++)
        secret[i] = (uint8_t)(first + i);
    tell(name, "_ephemeral_secret", secret, KEY_BYTES);
}

/* Begins the handshake as the programmer did, whose ephemeral secret counts from `chance`. */
static void noise_start(const char *name, enum noise_pattern pattern, const char *word, uint8_t slot, uint64_t counter,
                        uint8_t chance)
{
    uint8_t prologue[64], ephemeral[KEY_BYTES], gate[KEY_BYTES], psk[KEY_BYTES], pump_key[KEY_BYTES];
    struct byte_writer writer = { .at = prologue, .left = sizeof prologue };
    byte_write_block(&writer, (const uint8_t *)word, strlen(word));
    byte_write_block(&writer, doctor.key.pump_id, PUMP_ID_BYTES);
    if (slot != PAIRING_SLOT)
        byte_write(&writer, slot, 1);
    byte_write(&writer, counter, 8);
    tell(name, "_prologue", prologue, writer.written);
    secret_tell(name, chance, ephemeral);
    gate_of_card(CARD, doctor.key.pump_id, gate, psk);
    cipher_public(stand.unit.secret, pump_key);
    noise_begin(&noise, pattern, true,
                &(struct noise_side){ .prologue = prologue, .prologue_size = writer.written, .secret = doctor.key.secret,
                                      .ephemeral = ephemeral, .remote = pump_key, .psk = psk });
}

/* The next message is the programmer's, and the same as the one on the air. */
static void noise_said(const uint8_t *payload, size_t size, const struct packet *packet)
{
    uint8_t message[PACKET_NOISE_MAX];
    size_t written = noise_write(&noise, payload, size, message, sizeof message);
    overheard_must(written == packet->size && memcmp(message, packet->bytes, written) == 0, "this handshake is theirs");
}

/* The next message is the pump's, whose ephemeral secret counts from `chance`. */
static void noise_heard(const char *name, uint8_t chance, const struct packet *packet)
{
    uint8_t payload[64], ephemeral[KEY_BYTES], key[KEY_BYTES];
    size_t size = 0;
    secret_tell(name, chance, ephemeral);
    cipher_public(ephemeral, key);
    overheard_must(memcmp(key, packet->bytes, KEY_BYTES) == 0, "the pump's chance counts");
    overheard_must(noise_read(&noise, packet->bytes, packet->size, payload, sizeof payload, &size), "the pump's seal is good");
    tell(name, "_payload", payload, size);
}

static void pairing_tell(void)
{
    static const uint8_t kind = PACKET_PAIRED;
    uint8_t claim[17] = { ROLE_CLINICIAN }, out[KEY_BYTES], in[KEY_BYTES], shared[KEY_BYTES], outcome[2];
    noise_start("pair_1", NOISE_XX_PSK3, "cisterna pairing 1", PAIRING_SLOT, 1, 0x21);
    struct packet packet = frame_tell("pair_1", PACKET_PAIR_1);
    noise_said(NULL, 0, &packet);
    noise_tell("pair_1");
    packet = frame_tell("pair_2", PACKET_PAIR_2);
    noise_heard("pair_2", 0x80, &packet);
    noise_tell("pair_2");
    memcpy(claim + 1, doctor.key.label, sizeof doctor.key.label);
    tell("pair_3", "_payload", claim, sizeof claim);
    packet = frame_tell("pair_3", PACKET_PAIR_3);
    noise_said(claim, sizeof claim, &packet);
    noise_tell("pair_3");
    noise_split(&noise, out, in, shared, NULL);
    tell("paired", "_key", in, KEY_BYTES);
    packet = frame_tell("paired", PACKET_PAIRED);
    overheard_must(cipher_open(in, 0, &kind, 1, packet.bytes, packet.size, outcome), "the outcome's seal is good");
    tell("paired", "_payload", outcome, sizeof outcome);
    overheard_must(memcmp(shared, doctor.key.gate_key, KEY_BYTES) == 0, "the gate key is the third output");
    tell("gate_key", "", shared, KEY_BYTES);
}

static void knock_tell(struct session *session)
{
    uint8_t out[KEY_BYTES], in[KEY_BYTES], shared[KEY_BYTES];
    noise_start("knock", NOISE_KK, "cisterna session 1", doctor.key.slot, 2, 0x41);
    struct packet packet = frame_tell("knock", PACKET_KNOCK);
    noise_said(NULL, 0, &packet);
    noise_tell("knock");
    packet = frame_tell("answer", PACKET_ANSWER);
    noise_heard("answer", 0xA0, &packet);
    noise_tell("answer");
    noise_split(&noise, out, in, shared, NULL);
    tell("programmer_key", "", out, KEY_BYTES);
    tell("pump_key", "", in, KEY_BYTES);
    session_begin(session, session->id, out, in);
}

/* A message of the session; `way` is its sender's. */
static void message_tell(const char *name, uint32_t id, const struct session_way *way)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    struct session ear = { .id = id, .in = *way };
    struct packet packet = frame_tell(name, PACKET_DATA);
    size_t size = session_open(&ear, &packet, plain);
    overheard_must(size > 0, "the message's seal is good");
    tell(name, "_plain", plain, size);
}

/* The key of one way after its first move. */
static void moved_tell(const char *name, const struct session_way *way)
{
    struct session mouth = { .id = 1, .out = *way };
    struct packet packet;
    mouth.out.nonce = SESSION_REKEY_EVERY - 1;
    overheard_must(session_seal(&mouth, (const uint8_t *)"", 1, &packet), "the key moves on");
    tell(name, "_moved", mouth.out.key, KEY_BYTES);
}

static void session_tell(struct session *session)
{
    static const char *const topics[] = { "capability", "status", "bolus", "close" };
    for (unsigned i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s_request", topics[i]);
        message_tell(name, session->id, &session->out);
        snprintf(name, sizeof name, "%s_reply", topics[i]);
        message_tell(name, session->id, &session->in);
    }
    moved_tell("programmer_key", &session->out);
    moved_tell("pump_key", &session->in);
}

/* The doctor's knock once more, and somebody who holds a magnet and asks who this is. */
static void strangers_call(void)
{
    const struct packet wish = { .kind = PACKET_EMERGENCY, .wish = EMERGENCY_IDENTIFY, .challenge = 0x0807060504030201 };
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    for (unsigned i = 0; i < overheard.count; i++)
        if (frame_read(overheard.frame[i].bytes, overheard.frame[i].size, body) > 0 && body[0] == PACKET_KNOCK) {
            ether_frame(overheard.frame[i].bytes, overheard.frame[i].size);
            break;
        }
    ether.magnet = true;
    ether_frame(frame, frame_write(body, packet_write(&wish, body), frame));
}

int main(void)
{
    const struct command wish = { .kind = COMMAND_CLINICIAN_BOLUS, .volume = { 8000 }, .rate = { 1440000 } };
    struct command command = wish;
    struct session session;
    struct receipt receipt;
    enum contact contact;
    overheard_on();
    overheard_pair(&doctor, ROLE_CLINICIAN, "doctor");
    overheard_must(programmer_open(&doctor, &OVERHEARD) == CONTACT_OK, "a session opens");
    session = doctor.session;
    overheard_must(programmer_command(&doctor, &OVERHEARD, &command, &receipt, &contact) == TOLD_APPLIED, "the bolus is given");
    programmer_close(&doctor, &OVERHEARD);
    strangers_call();

    given_tell();
    pairing_tell();
    knock_tell(&session);
    session_tell(&session);
    frame_tell("knock_again", PACKET_KNOCK);
    frame_tell("counter", PACKET_COUNTER);
    frame_tell("emergency", PACKET_EMERGENCY);
    frame_tell("identity", PACKET_IDENTITY);
    overheard_must(next_frame == overheard.count, "nothing else was sent");
    return 0;
}
