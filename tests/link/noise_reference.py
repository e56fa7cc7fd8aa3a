#!/usr/bin/python3
"""The independent reference of the link's cryptography: slow, whole numbers and hashlib alone, straight from the documents.

    noise_reference.py NOISE_TEST NOISE_DEF PUBLISHED SEED COUNT

It first checks itself against RFC 7748, RFC 8439 and the vectors of the file PUBLISHED. Then it makes COUNT random vectors for
every row of NOISE_DEF, in the form of the published ones, and lets the program NOISE_TEST answer for them; exit code 1 when it,
or the reference itself, is wrong.

Sources: RFC 7748 (X25519), RFC 8439 (ChaCha20-Poly1305), the Noise specification, revision 34. Nothing here takes care of timing.
"""
# SPDX-License-Identifier: Apache-2.0
import hashlib
import hmac
import json
import random
import re
import subprocess
import sys
import tempfile

P25519 = 2**255 - 19
P1305 = 2**130 - 5
MASK32 = 2**32 - 1
MAX_NONCE = 2**64 - 1
HASH_BYTES = 64

# The message patterns as the specification prints them (sections 7.4 and 7.5): pre-messages, then who sends what.
PATTERNS = {
    "XX": ((), (), ["e", "e ee s es", "s se"]),
    "KK": (("s",), ("s",), ["e es ss", "e ee se"]),
    "IK": ((), ("s",), ["e es s ss", "e ee se"]),
}


def x25519(scalar, point):
    """RFC 7748, section 5: the Montgomery ladder, in the names used there."""
    k = int.from_bytes(scalar, "little") & ~7 & ~(1 << 255) | 1 << 254
    x_1 = (int.from_bytes(point, "little") & ~(1 << 255)) % P25519
    x_2, z_2, x_3, z_3 = 1, 0, x_1, 1
    for t in range(254, -1, -1):
        if k >> t & 1:
            x_2, z_2, x_3, z_3 = x_3, z_3, x_2, z_2
        a, b, c, d = x_2 + z_2, x_2 - z_2, x_3 + z_3, x_3 - z_3
        aa, bb, da, cb = a * a % P25519, b * b % P25519, d * a % P25519, c * b % P25519
        e = aa - bb
        x_3, z_3 = (da + cb) ** 2 % P25519, x_1 * (da - cb) ** 2 % P25519
        x_2, z_2 = aa * bb % P25519, e * (aa + 121665 * e) % P25519
        if k >> t & 1:
            x_2, z_2, x_3, z_3 = x_3, z_3, x_2, z_2
    return (x_2 * pow(z_2, P25519 - 2, P25519) % P25519).to_bytes(32, "little")


def public(secret):
    return x25519(secret, (9).to_bytes(32, "little"))


def chacha20_block(key, counter, nonce):
    """RFC 8439, section 2.3."""
    words = list(b"expand 32-byte k" + key + counter.to_bytes(4, "little") + nonce)
    start = [int.from_bytes(bytes(words[i:i + 4]), "little") for i in range(0, 64, 4)]
    state = list(start)

    def quarter(a, b, c, d):
        for first, second, third, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[first] = (state[first] + state[second]) & MASK32
            mixed = state[third] ^ state[first]
            state[third] = (mixed << turn | mixed >> (32 - turn)) & MASK32

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return b"".join(((a + b) & MASK32).to_bytes(4, "little") for a, b in zip(state, start))


def poly1305(key, message):
    """RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b"\x01", "little")) * r % P1305
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def aead_seal(key, nonce, ad, plain):
    """RFC 8439, section 2.8, with the nonce as 12 bytes."""
    stream = b"".join(chacha20_block(key, 1 + i, nonce) for i in range((len(plain) + 63) // 64))
    sealed = bytes(a ^ b for a, b in zip(plain, stream))

    def padded(data):
        return data + bytes(-len(data) % 16)

    covered = padded(ad) + padded(sealed) + len(ad).to_bytes(8, "little") + len(sealed).to_bytes(8, "little")
    return sealed + poly1305(chacha20_block(key, 0, nonce)[:32], covered)


def seal(key, number, ad, plain):
    """ENCRYPT of Noise, section 12.3."""
    return aead_seal(key, bytes(4) + number.to_bytes(8, "little"), ad, plain)


def rekey(key):
    """REKEY of Noise, section 4.2."""
    return seal(key, MAX_NONCE, b"", bytes(32))[:32]


def digest(data):
    return hashlib.blake2b(data).digest()


def hkdf(chain, material, outputs):
    """HKDF of Noise, section 4.3."""
    def mac(key, data):
        return hmac.new(key, data, hashlib.blake2b).digest()

    temporary, last, result = mac(chain, material), b"", []
    for number in range(1, outputs + 1):
        last = mac(temporary, last + bytes([number]))
        result.append(last)
    return result


def tokens_of(word):
    """Pre-messages of both and the messages' tokens of a name like XXpsk0+psk3 (section 9.4: psk0 stands at the beginning of the
    first message, pskN at the end of the Nth)."""
    initiator, responder, messages = PATTERNS[word[:2]]
    messages = [message.split() for message in messages]
    for modifier in filter(None, word[2:].split("+")):
        number = int(modifier.removeprefix("psk"))
        if number == 0:
            messages[0].insert(0, "psk")
        else:
            messages[number - 1].append("psk")
    return initiator, responder, messages


class Side:
    """SymmetricState and HandshakeState of one side (section 5)."""

    def __init__(self, word, initiator, prologue, static, ephemeral, remote, psks):
        before_initiator, before_responder, self.messages = tokens_of(word)
        self.has_psk = any("psk" in message for message in self.messages)
        self.initiator, self.psks = initiator, list(psks)
        self.s, self.e, self.rs, self.re = static, ephemeral, remote, None
        name = f"Noise_{word}_25519_ChaChaPoly_BLAKE2b".encode()
        self.h = name.ljust(HASH_BYTES, b"\0") if len(name) <= HASH_BYTES else digest(name)
        self.ck, self.k, self.n = self.h, None, 0
        self.mix_hash(prologue)
        if before_initiator:
            self.mix_hash(public(self.s) if initiator else self.rs)
        if before_responder:
            self.mix_hash(self.rs if initiator else public(self.s))

    def mix_hash(self, data):
        self.h = digest(self.h + data)

    def mix_key(self, material):
        self.ck, key = hkdf(self.ck, material, 2)
        self.k, self.n = key[:32], 0

    def seal_and_hash(self, plain):
        sealed = plain
        if self.k is not None:
            sealed = seal(self.k, self.n, self.h, plain)
            self.n += 1
        self.mix_hash(sealed)
        return sealed

    def open_and_hash(self, sealed):
        plain = sealed
        if self.k is not None:
            body = sealed[:-16]
            # ChaCha20 is its own inverse; the right tag is that of sealing again what was found.
            plain = seal(self.k, self.n, self.h, body)[:-16]
            assert seal(self.k, self.n, self.h, plain) == sealed
            self.n += 1
        self.mix_hash(sealed)
        return plain

    def mix_public(self, key):
        self.mix_hash(key)
        if self.has_psk:
            self.mix_key(key)

    def mix_token(self, token):
        if token == "psk":
            self.ck, hashed, key = hkdf(self.ck, self.psks.pop(0), 3)
            self.mix_hash(hashed)
            self.k, self.n = key[:32], 0
            return
        mine, theirs = token if self.initiator else reversed(token)
        self.mix_key(x25519({"e": self.e, "s": self.s}[mine], {"e": self.re, "s": self.rs}[theirs]))

    def write(self, payload):
        message = b""
        for token in self.messages.pop(0):
            if token == "e":
                message += public(self.e)
                self.mix_public(public(self.e))
            elif token == "s":
                message += self.seal_and_hash(public(self.s))
            else:
                self.mix_token(token)
        return message + self.seal_and_hash(payload)

    def read(self, message):
        for token in self.messages.pop(0):
            if token == "e":
                self.re, message = message[:32], message[32:]
                self.mix_public(self.re)
            elif token == "s":
                size = 32 if self.k is None else 48
                self.rs, message = self.open_and_hash(message[:size]), message[size:]
            else:
                self.mix_token(token)
        return self.open_and_hash(message)

    def split(self):
        return [output[:32] for output in hkdf(self.ck, b"", 3)]


def play(word, sides, payloads):
    """The ciphertexts of all messages, the handshake hash, and the third output: both sides agree on each."""
    sent, count = [], len(sides[0].messages)
    for i, payload in enumerate(payloads[:count]):
        message = sides[i % 2].write(payload)
        assert sides[1 - i % 2].read(message) == payload, word
        sent.append(message)
    assert sides[0].h == sides[1].h and sides[0].split() == sides[1].split(), word
    keys, numbers = sides[0].split(), [0, 0]
    for i, payload in enumerate(payloads[count:], count):
        sent.append(seal(keys[i % 2], numbers[i % 2], b"", payload))
        numbers[i % 2] += 1
    return sent, sides[0].h, keys[2]


def check_itself(published):
    key, nonce = bytes(range(0x80, 0xA0)), bytes.fromhex("070000004041424344454647")
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            b"sunscreen would be it.")
    sealed = aead_seal(key, nonce, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), text)
    assert sealed[:16].hex() == "d31a8d34648e60db7b86afbc53ef7ec2", "RFC 8439, section 2.8.2"
    assert sealed[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691", "RFC 8439, section 2.8.2"
    scalar = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    assert x25519(scalar, point).hex() == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552", "RFC 7748"

    with open(published, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    for vector in vectors:
        word = vector["protocol_name"].split("_")[1]
        sides = []
        for who, initiator in (("init", True), ("resp", False)):
            raw = {name: bytes.fromhex(vector.get(f"{who}_{name}", "")) for name in
                   ("prologue", "static", "ephemeral", "remote_static")}
            psks = [bytes.fromhex(psk) for psk in vector.get(f"{who}_psks", [])]
            sides.append(Side(word, initiator, raw["prologue"], raw["static"], raw["ephemeral"], raw["remote_static"], psks))
        sent, hashed, _ = play(word, sides, [bytes.fromhex(message["payload"]) for message in vector["messages"]])
        assert [message.hex() for message in sent] == [message["ciphertext"] for message in vector["messages"]], word
        assert hashed.hex() == vector["handshake_hash"], word
    print(f"the reference agrees with RFC 7748, RFC 8439 and {len(vectors)} published vectors")


def made_vector(word, chance):
    """One random vector: every length from nothing on, every psk of a pattern another."""
    secrets = [chance.randbytes(32) for _ in range(4)]
    before_initiator, before_responder, messages = tokens_of(word)
    psks = [chance.randbytes(32) for message in messages for token in message if token == "psk"]
    prologue = chance.randbytes(chance.choice([0, 1, 42, 63, 64, 65, 200]))
    known = (public(secrets[2]) if before_responder else None, public(secrets[0]) if before_initiator else None)
    sides = [Side(word, i == 0, prologue, secrets[2 * i], secrets[2 * i + 1], known[i], psks) for i in range(2)]
    payloads = [chance.randbytes(chance.choice([0, 1, 8, 17, 64, 65, 150])) for _ in range(len(messages) + 4)]
    sent, hashed, third = play(word, sides, payloads)
    vector = {"protocol_name": f"Noise_{word}_25519_ChaChaPoly_BLAKE2b", "handshake_hash": hashed.hex(),
              "third_output": third.hex()}
    for i, who in enumerate(("init", "resp")):
        vector.update({f"{who}_prologue": prologue.hex(), f"{who}_static": secrets[2 * i].hex(),
                       f"{who}_ephemeral": secrets[2 * i + 1].hex()})
        if known[i] is not None:
            vector[f"{who}_remote_static"] = known[i].hex()
        if psks:
            vector[f"{who}_psks"] = [psk.hex() for psk in psks]
    vector["messages"] = [{"payload": payload.hex(), "ciphertext": message.hex()} for payload, message in zip(payloads, sent)]
    return vector


def main():
    program, rows, published, seed, count = sys.argv[1:4] + [int(word) for word in sys.argv[4:6]]
    check_itself(published)
    with open(rows, encoding="utf-8") as file:
        words = re.findall(r'^PATTERN\(\w+, "([\w+]+)"', file.read(), re.MULTILINE)
    chance = random.Random(seed)
    vectors = [made_vector(word, chance) for word in words for _ in range(count)]
    print(f"seed {seed}: {len(vectors)} vectors for {len(words)} patterns")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"source": "noise_reference.py", "vectors": vectors}, file)
        file.flush()
        answer = subprocess.run([program, "--vectors", file.name], check=False, capture_output=True, text=True)
    print(answer.stdout + answer.stderr)
    told = f"{len(vectors)} vectors"
    return 0 if answer.returncode == 0 and words and told in answer.stdout else 1


if __name__ == "__main__":
    sys.exit(main())
