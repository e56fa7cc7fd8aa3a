/* packet_test.c - the bodies of frames against the table of link/SPEC.md §3, written out a second time. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "link/packet.h"
#include "tests/link/hex.h"

/* One row a kind: whole lengths, and the body with letters for its members, two a byte. S slot, W wish, C counter, T tag,
 * N session and nonce, H challenge; what follows is the bytes. */
static const struct {
    size_t least, most;
    const char *head;
} table[11] = {
    [1] = { 74, 74, "01 S CCCCCCCC TTTTTTTTTTTTTTTT" },
    [2] = { 58, 58, "02 S" },
    [3] = { 26, 26, "03 S CCCCCCCC TTTTTTTTTTTTTTTT" },
    [4] = { 26, 252, "04 NNNNNNNN" },
    [5] = { 73, 73, "05 CCCCCCCC TTTTTTTTTTTTTTTT" },
    [6] = { 115, 115, "06" },
    [7] = { 82, 82, "07" },
    [8] = { 19, 19, "08" },
    [9] = { 10, 10, "09 W HHHHHHHH" },
    [10] = { 49, 49, "0A HHHHHHHH" },
};

/* Random, but for a slot, a wish, a session and a nonce in range. */
static void sound_body(uint64_t *seed, uint8_t kind, size_t size, uint8_t *body)
{
    for (size_t i = 0; i < size; i++)
        body[i] = (uint8_t)chance_next(seed);
    body[0] = kind;
    if (kind <= 3)
        body[1] = (uint8_t)chance_between(seed, kind == 3 ? 0 : 1, 8);
    if (kind == 9)
        body[1] = (uint8_t)chance_between(seed, 1, 2);
    if (kind == 4)
        body[1 + chance_next(seed) % 4] |= 1, body[5 + chance_next(seed) % 4] |= 1;
}

/* Reads the members one after another, by the letters. */
static struct packet slow_read(const uint8_t *body, size_t size)
{
    struct packet packet = { .kind = body[0] };
    unsigned counter = 0, tag = 0, number = 0, challenge = 0;
    size_t at = 1;
    for (const char *letter = table[body[0]].head + 2; *letter != '\0'; letter++) {
        if (*letter == ' ')
            continue;
        uint8_t byte = body[at++];
        if (*letter == 'S')
            packet.slot = byte;
        if (*letter == 'W')
            packet.wish = byte;
        if (*letter == 'C')
            packet.counter |= (uint64_t)byte << 8 * counter++;
        if (*letter == 'T')
            packet.tag[tag++] = byte;
        if (*letter == 'N' && number < 4)
            packet.session |= (uint32_t)byte << 8 * number;
        if (*letter == 'N' && number >= 4)
            packet.nonce |= (uint32_t)byte << 8 * (number - 4);
        number += *letter == 'N';
        if (*letter == 'H')
            packet.challenge |= (uint64_t)byte << 8 * challenge++;
    }
    packet.size = (uint16_t)(size - at);
    memcpy(packet.bytes, body + at, size - at);
    return packet;
}

static void assert_same(const struct packet *one, const struct packet *other)
{
    assert_int_equal(one->kind, other->kind);
    assert_int_equal(one->slot, other->slot);
    assert_int_equal(one->wish, other->wish);
    assert_true(one->counter == other->counter);
    assert_memory_equal(one->tag, other->tag, TAG_BYTES);
    assert_int_equal(one->session, other->session);
    assert_int_equal(one->nonce, other->nonce);
    assert_true(one->challenge == other->challenge);
    assert_int_equal(one->size, other->size);
    assert_memory_equal(one->bytes, other->bytes, sizeof one->bytes); /* zeros behind the size, too */
}

static void every_kind_and_length(void **state)
{
    (void)state;
    uint64_t seed = 1;
    uint8_t body[FRAME_BODY_MAX + 60], again[FRAME_BODY_MAX];
    for (unsigned kind = 0; kind <= 255; kind++) {
        for (size_t size = 0; size <= sizeof body; size++) {
            sound_body(&seed, (uint8_t)kind, size > 9 ? size : 9, body);
            struct packet packet, untouched;
            memset(&packet, 0x5A, sizeof packet);
            memset(&untouched, 0x5A, sizeof untouched);
            bool expected = kind <= 10 && kind >= 1 && size >= table[kind].least && size <= table[kind].most;
            assert_int_equal(packet_read(body, size, &packet), expected);
            if (!expected) {
                assert_memory_equal(&packet, &untouched, sizeof packet);
                continue;
            }
            struct packet slow = slow_read(body, size);
            assert_same(&packet, &slow);
            assert_int_equal(packet_write(&packet, again), size);
            assert_memory_equal(again, body, size);
        }
    }
}

static void written_out(void **state)
{
    (void)state;
    uint8_t body[FRAME_BODY_MAX];
    struct packet counter = { .kind = PACKET_COUNTER, .slot = 3, .counter = UINT64_C(0x1122334455667788) };
    for (unsigned i = 0; i < TAG_BYTES; i++)
        counter.tag[i] = (uint8_t)(0xA0 + i);
    assert_hex(body, packet_write(&counter, body), "03038877665544332211a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
    const struct packet data = { .kind = PACKET_DATA, .session = 0x01020304, .nonce = 0x0A0B0C0D, .size = 17, .bytes = { 0xFF } };
    assert_hex(body, packet_write(&data, body), "04040302010d0c0b0aff00000000000000000000000000000000");
    const struct packet emergency = { .kind = PACKET_EMERGENCY, .wish = EMERGENCY_LOWER, .challenge = 5 };
    assert_hex(body, packet_write(&emergency, body), "09020500000000000000");
}

/* One member of one byte over all its values. */
static void check_range(uint8_t kind, size_t at, unsigned least, unsigned most)
{
    uint64_t seed = kind;
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet = { 0 };
    for (unsigned value = 0; value <= 255; value++) {
        sound_body(&seed, kind, table[kind].least, body);
        assert_true(packet_read(body, table[kind].least, &packet));
        body[at] = (uint8_t)value;
        bool good = value >= least && value <= most;
        struct packet changed = packet;
        assert_int_equal(packet_read(body, table[kind].least, &changed), good);
        if (kind == PACKET_EMERGENCY)
            changed.wish = (uint8_t)value;
        else
            changed.slot = (uint8_t)value;
        assert_int_equal(packet_write(&changed, body), good ? table[kind].least : 0);
    }
}

static void members_out_of_range(void **state)
{
    (void)state;
    check_range(PACKET_KNOCK, 1, 1, PEER_SLOTS);
    check_range(PACKET_ANSWER, 1, 1, PEER_SLOTS);
    check_range(PACKET_COUNTER, 1, PAIRING_SLOT, PEER_SLOTS);
    check_range(PACKET_EMERGENCY, 1, EMERGENCY_IDENTIFY, EMERGENCY_LOWER);
}

/* A session and a nonce are never 0. */
static void no_session_or_no_nonce(void **state)
{
    (void)state;
    uint8_t body[FRAME_BODY_MAX] = { PACKET_DATA, 1, 0, 0, 0, 0, 0, 0, 1 };
    struct packet packet;
    assert_true(packet_read(body, 30, &packet));
    packet.session = 0;
    assert_int_equal(packet_write(&packet, body), 0);
    body[1] = 0;
    assert_false(packet_read(body, 30, &packet));
    body[4] = 1;
    assert_true(packet_read(body, 30, &packet));
    packet.nonce = 0;
    assert_int_equal(packet_write(&packet, body), 0);
    body[8] = 0;
    assert_false(packet_read(body, 30, &packet));
}

/* What a kind does not use is not dropped in silence when it is written. */
static void members_of_other_kinds(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (uint8_t kind = 1; kind <= 10; kind++) {
        uint8_t body[FRAME_BODY_MAX];
        struct packet packet;
        sound_body(&seed, kind, table[kind].least, body);
        assert_true(packet_read(body, table[kind].least, &packet));
        struct packet changed[7];
        for (unsigned i = 0; i < 7; i++)
            changed[i] = packet;
        changed[0].slot = 4;
        changed[1].wish = 1;
        changed[2].counter = UINT64_C(1) << 63;
        changed[3].tag[15] = 1;
        changed[4].session = 9;
        changed[5].nonce = 9;
        changed[6].challenge = UINT64_C(1) << 63;
        const char letter[7] = { 'S', 'W', 'C', 'T', 'N', 'N', 'H' };
        for (unsigned i = 0; i < 7; i++) {
            bool used = strchr(table[kind].head, letter[i]) != NULL;
            assert_int_equal(packet_write(&changed[i], body), used ? table[kind].least : 0);
        }
        packet.size++;
        assert_int_equal(packet_write(&packet, body), kind == PACKET_DATA ? table[kind].least + 1 : 0);
        packet.size = UINT16_MAX;
        assert_int_equal(packet_write(&packet, body), 0);
    }
    const struct packet none = { .kind = 0 };
    uint8_t body[FRAME_BODY_MAX];
    assert_int_equal(packet_write(&none, body), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_and_length),
        cmocka_unit_test(written_out),
        cmocka_unit_test(members_out_of_range),
        cmocka_unit_test(no_session_or_no_nonce),
        cmocka_unit_test(members_of_other_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
