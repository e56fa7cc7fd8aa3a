/* handshake.c - both sides of a Noise handshake, with somebody in between who does what the input says: passes a message on,
 * changes it, shortens it, swaps it for one of another handshake or of his own. The two sides are never both done with
 * different hashes or keys, nor done at all where they do not share what they must; one that fails is all zeros; and where
 * nothing is changed nothing fails. REQ-SECU-06, REQ-SECU-13, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include "fuzz/tape.h"
#include "link/noise.h"

enum { MESSAGE_ROOM = 200, PAYLOAD_ROOM = 40, MEETINGS = 2, STEPS_MAX = 24 };

/* What the two sides of a meeting do not have in common; nothing when 0. */
enum { OTHER_PROLOGUE = 1, OTHER_PSK = 2, OTHER_INITIATOR = 4, OTHER_RESPONDER = 8 };

struct message {
    uint8_t bytes[MESSAGE_ROOM];
    size_t size;
    uint8_t payload; /* how many bytes of it, each of this value */
    uint8_t writer;
};

/* One handshake: side 0 began it. */
struct meeting {
    struct noise side[2];
    struct message sent[NOISE_MESSAGES_MAX];
    unsigned count, reads;
    bool touched; /* something was read that was not what the other side wrote last */
};

enum { INITIATOR, RESPONDER, STRANGER, PERSONS };

/* Static keys: the same in every meeting. */
static struct person {
    uint8_t secret[KEY_BYTES], key[KEY_BYTES];
} persons[PERSONS];

static void persons_make(void)
{
    for (unsigned i = 0; i < PERSONS && persons[i].secret[0] == 0; i++) {
        memset(persons[i].secret, (int)(0x41 + i), KEY_BYTES);
        cipher_public(persons[i].secret, persons[i].key);
    }
}

static void meet(struct meeting *meeting, enum noise_pattern pattern, unsigned number, uint8_t others)
{
    uint8_t ephemeral[2][KEY_BYTES], psk[2][NOISE_PSKS_MAX * KEY_BYTES];
    uint8_t prologue[2][8] = { "meeting", "meeting" };
    memset(meeting, 0, sizeof *meeting);
    for (unsigned i = 0; i < 2; i++) {
        memset(ephemeral[i], (int)(0x51 + 2 * number + i), KEY_BYTES);
        memset(psk[i], 0x77, sizeof psk[i]);
    }
    prologue[1][7] = (others & OTHER_PROLOGUE) != 0;
    psk[1][KEY_BYTES - 1] ^= (others & OTHER_PSK) != 0;
    for (unsigned i = 0; i < 2; i++) {
        bool deceived = (others & (i == 0 ? OTHER_RESPONDER : OTHER_INITIATOR)) != 0;
        struct noise_side side = { .prologue = prologue[i], .prologue_size = sizeof prologue[i],
                                   .secret = persons[i].secret, .ephemeral = ephemeral[i], .psk = psk[i],
                                   .remote = persons[deceived ? STRANGER : 1 - i].key };
        noise_begin(&meeting->side[i], pattern, i == 0, &side);
    }
}

/* Points of small order, and one byte from them: source: RFC 7748, section 6.1, and the list of curve25519's author. */
static const uint8_t ORDER_8[KEY_BYTES] = { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
                                            0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
                                            0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 };

/* What becomes of a message on its way. */
static void change(struct message *message, const struct meeting meetings[MEETINGS], struct tape *tape)
{
    uint8_t how = tape_byte(tape) % 8, where = tape_byte(tape);
    const struct meeting *other = &meetings[where % MEETINGS];
    switch (how) {
    case 1:
        message->bytes[where % MESSAGE_ROOM] ^= (uint8_t)(1u << (tape_byte(tape) % 8));
        break;
    case 2:
        message->size = where < message->size ? where : message->size;
        break;
    case 3:
        message->size += message->size < MESSAGE_ROOM;
        break;
    case 4:
        *message = other->sent[(where / MEETINGS) % NOISE_MESSAGES_MAX];
        break;
    case 5:
        memset(message->bytes, where == 1, KEY_BYTES);
        message->bytes[0] = where < 2;
        break;
    case 6:
        memcpy(message->bytes, ORDER_8, KEY_BYTES);
        break;
    case 7:
        message->size = tape_rest(tape, message->bytes, where % MESSAGE_ROOM);
        break;
    default:
        break;
    }
}

/* The next message of this side, if it has one to write. */
static void write_next(struct meeting *meeting, unsigned who, struct tape *tape)
{
    uint8_t payload[PAYLOAD_ROOM];
    struct noise *noise = &meeting->side[who], before = *noise;
    uint8_t size = tape_byte(tape) % PAYLOAD_ROOM, room = tape_byte(tape);
    struct message message = { .payload = size, .writer = (uint8_t)who };
    memset(payload, size, sizeof payload);
    size_t most = room < MESSAGE_ROOM / 2 ? MESSAGE_ROOM : room % MESSAGE_ROOM;
    message.size = noise_write(noise, payload, size, message.bytes, most);
    MUST(message.size <= most);
    if (message.size == 0)
        MUST(memcmp(noise, &before, sizeof before) == 0 || fuzz_zero(noise, sizeof *noise));
    else
        meeting->sent[meeting->count++ % NOISE_MESSAGES_MAX] = message;
}

/* Two who belong together understand each other as long as nobody is in between. */
static void read_next(struct meeting meetings[MEETINGS], struct meeting *meeting, unsigned who, bool belong, struct tape *tape)
{
    uint8_t payload[PAYLOAD_ROOM + 1];
    size_t size = 0, room = tape_byte(tape) % (PAYLOAD_ROOM + 1);
    struct noise *noise = &meeting->side[who];
    const struct message *last = &meeting->sent[(meeting->count + NOISE_MESSAGES_MAX - 1) % NOISE_MESSAGES_MAX];
    struct message message = *last;
    memset(payload, 0xA5, sizeof payload);
    room = room == 0 ? PAYLOAD_ROOM : room;
    change(&message, meetings, tape);
    bool same = message.size == last->size && memcmp(message.bytes, last->bytes, last->size) == 0;
    meeting->touched = meeting->touched || !same;
    bool due = noise->live && meeting->count == meeting->reads + 1 && last->writer != who && room >= last->payload;
    bool read = noise_read(noise, message.bytes, message.size, payload, room, &size);
    MUST(payload[room] == 0xA5);
    MUST(read || !due || !belong || meeting->touched);
    if (!read) {
        MUST(fuzz_zero(noise, sizeof *noise));
        return;
    }
    meeting->reads++;
    MUST(size <= room && noise->message > 0);
    if (same)
        MUST(size == last->payload && (size == 0 || (payload[0] == size && payload[size - 1] == size)));
}

/* Nothing is left of what is not needed any more. */
static void secrets_are_gone(const struct noise *noise)
{
    MUST(fuzz_zero(noise->secret, sizeof noise->secret) && fuzz_zero(noise->ephemeral, sizeof noise->ephemeral));
    MUST(fuzz_zero(noise->key, sizeof noise->key) && fuzz_zero(noise->psk, sizeof noise->psk));
}

/* The two ends of a meeting. */
static void compare(struct meeting *meeting, uint8_t others)
{
    uint8_t key[2][3][KEY_BYTES], hash[2][DIGEST_BYTES];
    bool done[2];
    for (unsigned i = 0; i < 2; i++) {
        struct noise *noise = &meeting->side[i];
        done[i] = noise_done(noise);
        if (done[i]) {
            secrets_are_gone(noise);
            MUST(memcmp(noise->remote, persons[1 - i].key, KEY_BYTES) == 0 || others != 0);
        }
        noise_split(noise, key[i][0], key[i][1], key[i][2], hash[i]);
        MUST(fuzz_zero(noise, sizeof *noise));
        MUST(done[i] != fuzz_zero(key[i], sizeof key[i]));
    }
    if (done[0] && done[1]) {
        MUST(others == 0 && !meeting->touched);
        MUST(memcmp(hash[0], hash[1], DIGEST_BYTES) == 0 && memcmp(key[0], key[1], sizeof key[0]) == 0);
    }
}

/* Do these sides differ in something that this pattern looks at? Every pattern looks at the prologue. */
static uint8_t differences(enum noise_pattern pattern, uint8_t wanted)
{
    static const struct {
        char pre;
        bool psk;
    } rows[NOISE_PATTERNS] = {
#define PATTERN(name, word, pre, one, two, three) { pre[0], sizeof word > sizeof "XX" },
#include "link/noise.def"
#undef PATTERN
    };
    uint8_t known = rows[pattern].pre == 'b' ? OTHER_INITIATOR | OTHER_RESPONDER
                    : rows[pattern].pre == 'r' ? OTHER_RESPONDER : 0;
    return wanted & (uint8_t)(OTHER_PROLOGUE | (rows[pattern].psk ? OTHER_PSK : 0) | known);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum noise_pattern of_the_link[] = { NOISE_KK, NOISE_XX_PSK3 };
    static struct meeting meetings[MEETINGS];
    struct tape tape = { bytes, size };
    uint8_t choice = tape_byte(&tape), wanted = tape_byte(&tape);
    /* Half of all choices are the two that the pump speaks, and half of all meetings are of two who belong together. */
    enum noise_pattern pattern = choice < 128 ? of_the_link[choice % 2] : (enum noise_pattern)(choice % NOISE_PATTERNS);
    uint8_t others = wanted < 128 ? 0 : differences(pattern, wanted & 15);
    persons_make();
    for (unsigned i = 0; i < MEETINGS; i++)
        meet(&meetings[i], pattern, i, i == 0 ? others : 0);
    for (unsigned i = 0; i < STEPS_MAX && tape.left > 0; i++) {
        uint8_t step = tape_byte(&tape);
        struct meeting *meeting = &meetings[(step & 4) != 0];
        if ((step & 1) != 0)
            read_next(meetings, meeting, (step >> 1) & 1, meeting == &meetings[1] || others == 0, &tape);
        else
            write_next(meeting, (step >> 1) & 1, &tape);
    }
    for (unsigned i = 0; i < MEETINGS; i++)
        compare(&meetings[i], i == 0 ? others : 0);
    return 0;
}
