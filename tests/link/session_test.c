/* session_test.c - sealed messages over a road that loses, repeats, reorders and forges them. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <stdio.h>
#include <string.h>

#include "link/session.h"
#include "tests/link/hex.h"

enum { SESSION = 0x11223344, TEXT_MAX = 40 };

static void count_up(uint8_t *bytes, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(first + i);
}

static void open_both(struct session *one, struct session *other)
{
    uint8_t there[KEY_BYTES], back[KEY_BYTES];
    count_up(there, sizeof there, 0x60);
    count_up(back, sizeof back, 0xB0);
    session_begin(one, SESSION, there, back);
    session_begin(other, SESSION, back, there);
}

/* The message that goes under a nonce. */
static size_t text_of(uint32_t nonce, uint8_t text[TEXT_MAX])
{
    int size = snprintf((char *)text, TEXT_MAX, "frame %u", nonce);
    return (size_t)size;
}

/* Seals the next message, which must get this nonce. */
static struct packet seal(struct session *session, uint32_t nonce)
{
    uint8_t text[TEXT_MAX];
    struct packet packet;
    assert_true(session_seal(session, text, text_of(nonce, text), &packet));
    assert_int_equal(packet.kind, PACKET_DATA);
    assert_int_equal(packet.nonce, nonce);
    return packet;
}

static void assert_opens(struct session *session, const struct packet *packet)
{
    uint8_t plain[PACKET_PLAIN_MAX], text[TEXT_MAX];
    size_t size = text_of(packet->nonce, text);
    assert_int_equal(session_open(session, packet, plain), size);
    assert_memory_equal(plain, text, size);
    assert_int_equal(session->in.nonce, packet->nonce);
}

/* Nothing of the session changes: no nonce, no key. */
static void assert_refused(struct session *session, const struct packet *packet)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    struct session before = *session;
    assert_int_equal(session_open(session, packet, plain), 0);
    assert_memory_equal(&before, session, sizeof before);
}

/* By seal() and rekey() of noise_reference.py: the nonce alone says how often the key has moved on. */
static void frames_as_elsewhere(void **state)
{
    (void)state;
    const struct {
        uint32_t nonce;
        const char *sealed;
    } rows[] = {
        { 1, "907d9cf6b6f88ceadc90ab82259279c2880fc050b48f83" },
        { 63, "4f42411a1181ad8d825f559713d8fb6d79aaa296d360e80a" },
        { 64, "d2215798383c1f2e0ac39f8d3e0ece66e5cedf5c6bf4bcc7" },
        { 65, "d501fd6c1ef1cf00f129fd376ef16dd03692971efde284e1" },
        { 127, "1374deaa2b19dcf9bddf26f78e8e8e637699a0a170f3861683" },
        { 128, "ee7b608fdd45422d903355807f22a666db1d84e697263b5ed1" },
        { 256, "ce8969ae6aba032bedabe995c858cdd75f73ba96a5aadcc078" },
        { 320, "3595f13b03bfe805053ce7fc594d5d1204d47f2be51b06f9c4" },
    };
    struct session one, other;
    open_both(&one, &other);
    size_t row = 0;
    for (uint32_t nonce = 1; nonce <= 320; nonce++) {
        struct packet packet = seal(&one, nonce);
        if (nonce == rows[row].nonce) {
            assert_int_equal(packet.session, SESSION);
            assert_hex(packet.bytes, packet.size, rows[row].sealed);
            assert_opens(&other, &packet); /* the frames between are lost */
            row++;
        }
    }
    assert_int_equal(row, sizeof rows / sizeof *rows);
}

/* Both ways at once over a road that loses, holds back and repeats, for longer than 20 rekeys. */
static void loss_and_repeats(void **state)
{
    (void)state;
    uint64_t seed = 1;
    unsigned taken = 0, dropped = 0;
    struct session side[2];
    open_both(&side[0], &side[1]);
    struct packet held[2][4];
    memset(held, 0, sizeof held);
    for (unsigned round = 0; round < 4000; round++) {
        unsigned from = chance_next(&seed) % 2;
        struct packet packet = seal(&side[from], side[from].out.nonce + 1);
        struct packet *late = &held[from][chance_next(&seed) % 4];
        struct packet arriving = packet;
        if (chance_next(&seed) % 3 == 0) {
            /* This one waits, and one that waited comes instead. */
            arriving = *late;
            *late = packet;
        }
        struct session *to = &side[1 - from];
        for (unsigned copies = chance_next(&seed) % 4; copies > 0; copies--) {
            if (arriving.nonce > to->in.nonce) {
                assert_opens(to, &arriving);
                taken++;
            } else {
                assert_refused(to, &arriving);
                dropped++;
            }
        }
    }
    assert_true(side[0].in.rekeys > 20 && side[1].in.rekeys > 20);
    print_message("%u frames taken, %u dropped\n", taken, dropped);
}

/* From each of the nonces about a rekey to each further one, up to the furthest that is followed and past it. */
static void rekey_boundaries(void **state)
{
    (void)state;
    enum { LAST = 6 * SESSION_REKEY_EVERY + 2 };
    static struct packet packets[LAST + 1];
    struct session one, other;
    open_both(&one, &other);
    for (uint32_t nonce = 1; nonce <= LAST; nonce++)
        packets[nonce] = seal(&one, nonce);
    for (uint32_t first = 0; first <= 130; first++) {
        for (uint32_t next = first + 1; next <= LAST; next++) {
            struct session receiver = other;
            if (first > 0)
                assert_opens(&receiver, &packets[first]);
            if (next / 64 - first / 64 <= 4)
                assert_opens(&receiver, &packets[next]);
            else
                assert_refused(&receiver, &packets[next]);
        }
    }
}

static void every_flipped_bit(void **state)
{
    (void)state;
    struct session one, other;
    open_both(&one, &other);
    for (uint32_t nonce = 1; nonce < 64; nonce++)
        (void)seal(&one, nonce);
    /* The first frame of a new key, by one who still has the old one. */
    struct packet packet = seal(&one, 64);
    uint8_t body[FRAME_BODY_MAX];
    size_t size = packet_write(&packet, body);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        struct packet changed;
        body[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (packet_read(body, size, &changed))
            assert_refused(&other, &changed);
        body[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    struct packet shorter = packet;
    for (shorter.size = 0; shorter.size < packet.size; shorter.size++)
        assert_refused(&other, &shorter);
    assert_opens(&other, &packet);
}

static void forged_nonces(void **state)
{
    (void)state;
    struct session one, other;
    open_both(&one, &other);
    struct packet packet = seal(&one, 1);
    struct packet forged = packet;
    const uint32_t nonces[] = { 2, 63, 64, 255, 256, 319, 320, 100000, UINT32_MAX - 1, UINT32_MAX, 0 };
    for (size_t i = 0; i < sizeof nonces / sizeof *nonces; i++) {
        forged.nonce = nonces[i];
        assert_refused(&other, &forged);
    }
    /* The honest one is taken after all that, and its repetition is not. */
    assert_opens(&other, &packet);
    assert_refused(&other, &packet);
    /* Nor is a frame taken by the one who sent it. */
    assert_refused(&one, &packet);
}

static void other_sessions(void **state)
{
    (void)state;
    struct session one, other, none;
    open_both(&one, &other);
    struct packet packet = seal(&one, 1), changed = packet;
    changed.session++;
    assert_refused(&other, &changed);
    changed = packet;
    changed.kind = PACKET_PAIRED;
    assert_refused(&other, &changed);
    /* The number of the session is under the seal: another session of the same keys does not take it either. */
    struct session twin = other;
    twin.id++;
    changed = packet;
    changed.session++;
    assert_refused(&twin, &changed);
    assert_refused(&twin, &packet);
    memset(&none, 0, sizeof none);
    changed.session = 0;
    assert_refused(&none, &changed);
    assert_false(session_seal(&none, (const uint8_t *)"x", 1, &changed));
}

static void sizes(void **state)
{
    (void)state;
    struct session one, other;
    open_both(&one, &other);
    uint8_t text[PACKET_PLAIN_MAX + 1], plain[PACKET_PLAIN_MAX], body[FRAME_BODY_MAX];
    count_up(text, sizeof text, 1);
    struct packet packet, untouched;
    memset(&packet, 0x5A, sizeof packet);
    untouched = packet;
    struct session before = one;
    assert_false(session_seal(&one, text, 0, &packet));
    assert_false(session_seal(&one, text, sizeof text, &packet));
    assert_memory_equal(&before, &one, sizeof one);
    assert_memory_equal(&packet, &untouched, sizeof packet);
    for (size_t size = 1; size <= PACKET_PLAIN_MAX; size++) {
        assert_true(session_seal(&one, text, size, &packet));
        assert_int_equal(packet_write(&packet, body), PACKET_DATA_HEAD + size + TAG_BYTES);
        assert_int_equal(session_open(&other, &packet, plain), size);
        assert_memory_equal(plain, text, size);
    }
    packet.size = UINT16_MAX;
    packet.nonce++;
    assert_refused(&other, &packet);
}

/* The last nonce there is, and no more: never one twice. */
static void nonces_used_up(void **state)
{
    (void)state;
    struct session one, other;
    open_both(&one, &other);
    one.out.nonce = other.in.nonce = UINT32_MAX - 2;
    one.out.rekeys = other.in.rekeys = (UINT32_MAX - 2) / SESSION_REKEY_EVERY;
    struct packet packet = seal(&one, UINT32_MAX - 1);
    assert_opens(&other, &packet);
    packet = seal(&one, UINT32_MAX);
    assert_opens(&other, &packet);
    struct packet last = packet;
    for (unsigned i = 0; i < 3; i++) {
        struct session before = one;
        assert_false(session_seal(&one, (const uint8_t *)"x", 1, &packet));
        assert_memory_equal(&before, &one, sizeof one);
        assert_refused(&other, &last);
    }
}

static void nothing_is_left(void **state)
{
    (void)state;
    struct session one, other;
    open_both(&one, &other);
    struct packet packet = seal(&one, 1);
    session_end(&other);
    for (size_t i = 0; i < sizeof other; i++)
        assert_int_equal(((const uint8_t *)&other)[i], 0);
    assert_refused(&other, &packet);
    assert_false(session_seal(&other, (const uint8_t *)"x", 1, &packet));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_as_elsewhere), cmocka_unit_test(loss_and_repeats), cmocka_unit_test(rekey_boundaries),
        cmocka_unit_test(every_flipped_bit),   cmocka_unit_test(forged_nonces),    cmocka_unit_test(other_sessions),
        cmocka_unit_test(sizes),               cmocka_unit_test(nonces_used_up),   cmocka_unit_test(nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
