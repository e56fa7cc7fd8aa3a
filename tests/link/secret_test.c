/* secret_test.c - no branch and no address depends on a secret. Runs under valgrind: secrets are marked as memory that was never
 * written, and memcheck reports every decision that is made on them.
 *
 *     valgrind --error-exitcode=99 secret_test          handshakes, sessions, gate: nothing is reported
 *     valgrind --error-exitcode=99 secret_test leak     a tag compared the careless way: must be reported */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "link/gate.h"
#include "link/noise.h"
#include "link/session.h"

enum { MESSAGE_ROOM = 200 };

/* Keys, pre-shared keys, cards: from here on nobody may decide anything by them. */
static void make_secret(void *memory, size_t size)
{
    VALGRIND_MAKE_MEM_UNDEFINED(memory, size);
}

/* The one way out: what everybody on the air sees or learns anyway. That is public keys, messages, tags sent, and whether
 * a key or a seal was good. */
static void make_public(const void *memory, size_t size)
{
    VALGRIND_MAKE_MEM_DEFINED(memory, size);
}

/* The linker puts these before libsodium's own (--wrap). The other's key is public before it is looked at, the outcome after. */
int __real_crypto_scalarmult_curve25519(unsigned char *q, const unsigned char *n, const unsigned char *p);
int __wrap_crypto_scalarmult_curve25519(unsigned char *q, const unsigned char *n, const unsigned char *p);
int __wrap_crypto_scalarmult_curve25519(unsigned char *q, const unsigned char *n, const unsigned char *p)
{
    make_public(p, KEY_BYTES);
    int outcome = __real_crypto_scalarmult_curve25519(q, n, p);
    make_public(&outcome, sizeof outcome);
    return outcome;
}

int __real_crypto_aead_chacha20poly1305_ietf_decrypt_detached(unsigned char *m, unsigned char *nsec, const unsigned char *c,
                                                              unsigned long long clen, const unsigned char *mac,
                                                              const unsigned char *ad, unsigned long long adlen,
                                                              const unsigned char *npub, const unsigned char *k);
int __wrap_crypto_aead_chacha20poly1305_ietf_decrypt_detached(unsigned char *m, unsigned char *nsec, const unsigned char *c,
                                                              unsigned long long clen, const unsigned char *mac,
                                                              const unsigned char *ad, unsigned long long adlen,
                                                              const unsigned char *npub, const unsigned char *k);
int __wrap_crypto_aead_chacha20poly1305_ietf_decrypt_detached(unsigned char *m, unsigned char *nsec, const unsigned char *c,
                                                              unsigned long long clen, const unsigned char *mac,
                                                              const unsigned char *ad, unsigned long long adlen,
                                                              const unsigned char *npub, const unsigned char *k)
{
    int outcome = __real_crypto_aead_chacha20poly1305_ietf_decrypt_detached(m, nsec, c, clen, mac, ad, adlen, npub, k);
    make_public(&outcome, sizeof outcome);
    return outcome;
}

static unsigned faults;

static void expect(bool right, const char *what)
{
    if (!right) {
        faults++;
        fprintf(stderr, "secret_test: not so: %s\n", what);
    }
}

/* Does memcheck still take each byte for a secret? Otherwise nothing of what went before was watched. */
static bool is_secret(const uint8_t *bytes, size_t size)
{
    uint8_t unknown[MESSAGE_ROOM] = { 0 };
    VALGRIND_GET_VBITS(bytes, unknown, size);
    for (size_t i = 0; i < size; i++)
        if (unknown[i] == 0)
            return false;
    return true;
}

static void fill(uint8_t *bytes, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(first + 7 * i);
    make_secret(bytes, size);
}

static void begin(struct noise *noise, enum noise_pattern pattern, unsigned who)
{
    uint8_t secret[2][KEY_BYTES], ephemeral[KEY_BYTES], psk[NOISE_PSKS_MAX * KEY_BYTES], remote[KEY_BYTES];
    fill(secret[0], KEY_BYTES, 1);
    fill(secret[1], KEY_BYTES, 2);
    fill(ephemeral, sizeof ephemeral, 3 + who);
    fill(psk, sizeof psk, 5);
    cipher_public(secret[1 - who], remote);
    make_public(remote, sizeof remote);
    const struct noise_side side = { .secret = secret[who], .ephemeral = ephemeral, .remote = remote, .psk = psk };
    noise_begin(noise, pattern, who == 0, &side);
}

/* A whole handshake; and in every message once a changed bit, which must be refused. */
static void shake_hands(enum noise_pattern pattern)
{
    struct noise side[2];
    begin(&side[0], pattern, 0);
    begin(&side[1], pattern, 1);
    for (unsigned from = 0; !noise_done(&side[0]) || !noise_done(&side[1]); from = 1 - from) {
        uint8_t payload[8], message[MESSAGE_ROOM], read[MESSAGE_ROOM];
        size_t count = 0;
        fill(payload, sizeof payload, 9);
        size_t size = noise_write(&side[from], payload, sizeof payload, message, sizeof message);
        expect(size > 0, "a message is written");
        make_public(message, size);
        struct noise copy = side[1 - from];
        message[size - 1] ^= 1;
        bool sealed = pattern != NOISE_XX || copy.message > 0;
        expect(noise_read(&copy, message, size, read, sizeof read, &count) != sealed, "a changed message is refused");
        message[size - 1] ^= 1;
        bool good = noise_read(&side[1 - from], message, size, read, sizeof read, &count);
        expect(good && count == sizeof payload, "a message is read");
        if (!good)
            return;
    }
    uint8_t key[3][KEY_BYTES], hash[DIGEST_BYTES];
    for (unsigned who = 0; who < 2; who++) {
        noise_split(&side[who], key[0], key[1], key[2], hash);
        expect(is_secret(key[0], KEY_BYTES) && is_secret(key[1], KEY_BYTES) && is_secret(key[2], KEY_BYTES),
               "the keys are secrets");
    }
}

/* Over two rekeys, with frames lost and frames changed. */
static void talk(void)
{
    struct session one, other;
    uint8_t there[KEY_BYTES], back[KEY_BYTES], text[20], plain[PACKET_PLAIN_MAX];
    fill(there, sizeof there, 1);
    fill(back, sizeof back, 2);
    session_begin(&one, 7, there, back);
    session_begin(&other, 7, back, there);
    for (unsigned i = 1; i <= 3 * SESSION_REKEY_EVERY; i++) {
        struct packet packet;
        fill(text, sizeof text, i);
        expect(session_seal(&one, text, sizeof text, &packet), "a frame is sealed");
        make_public(packet.bytes, packet.size);
        if (i % 5 == 0)
            continue;
        packet.bytes[i % packet.size] ^= 4;
        expect(session_open(&other, &packet, plain) == 0, "a changed frame is refused");
        packet.bytes[i % packet.size] ^= 4;
        expect(session_open(&other, &packet, plain) == sizeof text, "a frame is opened");
        expect(is_secret(plain, sizeof text) && is_secret(other.in.key, KEY_BYTES), "text and key are secrets");
    }
    session_end(&one);
    session_end(&other);
}

/* Compares as nobody should: leaves at the first difference. */
static bool carelessly_same(const uint8_t *one, const uint8_t *other, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (one[i] != other[i])
            return false;
    return true;
}

static void knock(bool leak)
{
    const uint8_t id[PUMP_ID_BYTES] = "P", bytes[48] = { 4 };
    uint8_t card[CARD_SECRET_BYTES], key[KEY_BYTES], psk[KEY_BYTES], sent[TAG_BYTES], tag[TAG_BYTES];
    fill(card, sizeof card, 1);
    gate_of_card(card, id, key, psk);
    expect(is_secret(key, sizeof key) && is_secret(psk, sizeof psk), "what the card gives is secret");
    gate_tag(key, GATE_PAIR, id, PAIRING_SLOT, 5, bytes, sizeof bytes, sent);
    make_public(sent, sizeof sent);
    for (unsigned wrong = 0; wrong <= 1; wrong++) {
        sent[3] ^= (uint8_t)wrong;
        gate_tag(key, GATE_PAIR, id, PAIRING_SLOT, 5, bytes, sizeof bytes, tag);
        expect(is_secret(tag, sizeof tag), "the right tag is a secret");
        bool same = leak ? carelessly_same(sent, tag, sizeof tag) : cipher_same(sent, tag, sizeof tag);
        make_public(&same, sizeof same);
        expect(same == (wrong == 0), "a tag is told from a wrong one");
    }
}

int main(int count, char **word)
{
    if (!RUNNING_ON_VALGRIND) {
        fprintf(stderr, "secret_test: run it under valgrind, nothing is watched without\n");
        return 2;
    }
    bool leak = count == 2 && strcmp(word[1], "leak") == 0;
    for (unsigned pattern = 0; pattern < NOISE_PATTERNS && !leak; pattern++)
        shake_hands((enum noise_pattern)pattern);
    if (!leak)
        talk();
    knock(leak);
    printf("secret_test: %u faults\n", faults);
    return faults == 0 ? 0 : 1;
}
