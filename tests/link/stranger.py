#!/usr/bin/python3
"""A stranger's client: from link/SPEC.md, link/cisterna.proto and the values that link/transcript.md gives, it works out every
other byte of that page by itself, for both sides, with the reference of noise_reference.py and hashlib.

    stranger.py

Exit code 1 when one of them differs, or one was not worked out.
"""
# SPDX-License-Identifier: Apache-2.0
import binascii
import hashlib
import pathlib
import re
import subprocess
import sys

from noise_reference import Side, public, rekey, seal

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(hex|text) (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GIVEN = ("pump_id", "card", "pump_secret", "programmer_secret", "pair_1_ephemeral_secret", "pair_2_ephemeral_secret",
         "knock_ephemeral_secret", "answer_ephemeral_secret")
CLINICIAN, SLOT, VERSION = 2, 1, 1
TAG_BYTES = 16


def u32(number):
    return number.to_bytes(4, "little")


def u64(number):
    return number.to_bytes(8, "little")


def frame(body):
    """SPEC section 2."""
    checked = body + binascii.crc_hqx(body, 0xFFFF).to_bytes(2, "little")
    return b"".join(bytes([len(block) + 1]) + block for block in checked.split(b"\0")) + b"\0"


def of_card(card, pump_id, word):
    """Section 4: what the secret of the card gives."""
    return hashlib.blake2b(word + pump_id, digest_size=32, key=card + card).digest()


def tag(key, purpose, pump_id, slot, counter, covered):
    """Section 4: the gate's tag."""
    text = bytes([purpose]) + pump_id + bytes([slot]) + u64(counter) + covered
    return hashlib.blake2b(text, digest_size=TAG_BYTES, key=key).digest()


class Transcript:
    """What was worked out, by the names of the page."""

    def __init__(self, given):
        self.found = dict(given)
        self.given = given

    def say(self, name, body):
        self.found[f"{name}_body"], self.found[f"{name}_frame"] = body, frame(body)

    def both(self, name, sides, writer, payload):
        """One message of a handshake, written by one side and read by the other."""
        message = sides[writer].write(payload)
        assert sides[1 - writer].read(message) == payload and sides[0].h == sides[1].h, name
        self.found[f"{name}_hash"], self.found[f"{name}_chain"] = sides[0].h, sides[0].ck
        return message

    def pairing(self):
        """Section 5; the number of the programmer's key is 1."""
        given, found = self.given, self.found
        pump_id = given["pump_id"]
        gate_key, psk = (of_card(given["card"], pump_id, word) for word in (b"cisterna gate 1", b"cisterna psk 1"))
        prologue = b"cisterna pairing 1" + pump_id + u64(1)
        found.update(card_gate_key=gate_key, card_psk=psk, pair_1_prologue=prologue)
        found.update(pump_public=public(given["pump_secret"]), programmer_public=public(given["programmer_secret"]))
        sides = [Side("XXpsk3", True, prologue, given["programmer_secret"], given["pair_1_ephemeral_secret"], None, [psk]),
                 Side("XXpsk3", False, prologue, given["pump_secret"], given["pair_2_ephemeral_secret"], None, [psk])]
        message = self.both("pair_1", sides, 0, b"")
        self.say("pair_1", b"\x05" + u64(1) + tag(gate_key, 3, pump_id, 0, 1, message) + message)
        found["pair_2_payload"] = bytes([VERSION, SLOT]) + pump_id
        self.say("pair_2", b"\x06" + self.both("pair_2", sides, 1, found["pair_2_payload"]))
        found["pair_3_payload"] = bytes([CLINICIAN]) + b"doctor".ljust(16, b"\0")
        self.say("pair_3", b"\x07" + self.both("pair_3", sides, 0, found["pair_3_payload"]))
        _, found["paired_key"], found["gate_key"] = sides[0].split()
        found["paired_payload"] = bytes([1, SLOT])
        self.say("paired", b"\x08" + seal(found["paired_key"], 0, b"\x08", found["paired_payload"]))

    def session(self, number):
        given, found = self.given, self.found
        pump_id = given["pump_id"]
        prologue = b"cisterna session 1" + pump_id + bytes([SLOT]) + u64(2)
        found["knock_prologue"] = prologue
        sides = [Side("KK", True, prologue, given["programmer_secret"], given["knock_ephemeral_secret"],
                      found["pump_public"], []),
                 Side("KK", False, prologue, given["pump_secret"], given["answer_ephemeral_secret"],
                      found["programmer_public"], [])]
        message = self.both("knock", sides, 0, b"")
        knock_tag = tag(found["gate_key"], 1, pump_id, SLOT, 2, message)
        for name in ("knock", "knock_again"):
            self.say(name, b"\x01" + bytes([SLOT]) + u64(2) + knock_tag + message)
        counter_tag = tag(found["gate_key"], 2, pump_id, SLOT, 2, knock_tag)
        self.say("counter", b"\x03" + bytes([SLOT]) + u64(2) + counter_tag)
        found["answer_payload"] = u32(number) + bytes([VERSION, CLINICIAN, 0, 0])
        self.say("answer", b"\x02" + bytes([SLOT]) + self.both("answer", sides, 1, found["answer_payload"]))
        found["programmer_key"], found["pump_key"], _ = sides[0].split()
        for name in ("programmer_key", "pump_key"):
            found[f"{name}_moved"] = rekey(found[name])

    def message(self, name, number, nonce, text):
        """Section 6 and 7: the meaning as protobuf, sealed."""
        request = name.endswith("_request")
        plain = subprocess.run(["protoc", f"--encode=cisterna.{'Request' if request else 'Reply'}", "link/cisterna.proto"],
                               input=text.encode(), capture_output=True, check=True, cwd=ROOT).stdout
        head = b"\x04" + u32(number) + u32(nonce)
        key = self.found["programmer_key" if request else "pump_key"]
        self.found[f"{name}_plain"] = plain
        self.say(name, head + seal(key, nonce, head, plain))

    def emergency(self, status):
        """Section 8: the identity says what the status said."""
        challenge = bytes(range(1, 9))

        def told(field):
            return int(re.search(rf"\b{field}: (\d+)", status)[1])

        self.say("emergency", b"\x09\x01" + challenge)
        identity = self.given["pump_id"] + bytes([1, told("mode"), 0, 0]) + u32(0) + u32(told("base_nl_day"))
        # The bolus of the page has only begun: the reservoir is that of the status.
        self.say("identity", b"\x0a" + challenge + identity + u64(told("reservoir_nl")) + u32(60))


def main():
    page = (ROOT / "link" / "transcript.md").read_text(encoding="utf-8")
    blocks = {(match[1], match[2]): match[3] for match in BLOCK.finditer(page)}
    values = {name: bytes.fromhex(text) for (kind, name), text in blocks.items() if kind == "hex"}
    transcript = Transcript({name: values[name] for name in GIVEN})
    number = int.from_bytes(values["answer_payload"][:4], "little")  # given, too: the pump chose it
    transcript.pairing()
    transcript.session(number)
    for nonce, topic in enumerate(("capability", "status", "bolus", "close"), 1):
        for name in (f"{topic}_request", f"{topic}_reply"):
            transcript.message(name, number, nonce, blocks["text", name])
    transcript.emergency(blocks["text", "status_reply"])
    wrong = sorted(name for name in values if transcript.found.get(name) != values[name])
    if wrong or not values:
        print(f"not what the specification gives: {', '.join(wrong)}", file=sys.stderr)
        return 1
    print(f"{len(values) - len(GIVEN)} values worked out from {len(GIVEN)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
