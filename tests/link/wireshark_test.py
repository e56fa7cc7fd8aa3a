#!/usr/bin/python3
"""wireshark_test - the sample capture is what pump and programmers say today, and Wireshark's dissector reads it rightly.

    wireshark_test.py SAMPLE [--write]

SAMPLE is the program that writes the capture and its keys. What tshark shows of every message is compared with what protoc
reads from it, opened by the reference of noise_reference.py; neither shares code with the dissector. With --write the sample in
docs/sample is written anew.
"""
# SPDX-License-Identifier: Apache-2.0
import binascii
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from noise_reference import P1305, aead_seal, poly1305, rekey, seal

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "docs" / "sample"
CAPTURE, KEYS = SAMPLE / "link.pcap", SAMPLE / "link.keys"
PROGRAM = sys.argv.pop(1)
TAG_BYTES, DATA_HEAD, REKEY_EVERY = 16, 9, 64


def make_sample(capture, keys):
    subprocess.run([PROGRAM, capture, keys], check=True)


def tshark(script, *options):
    """Runs a script in tshark over the sample, with nobody's own settings."""
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, WIRESHARK_CONFIG_DIR=home)
        return subprocess.run(["tshark", "-X", f"lua_script:{script}", "-r", CAPTURE, *options], capture_output=True, check=True,
                              env=environment, cwd=ROOT)


def dissect(keys=KEYS):
    """What tshark shows of each frame: its element of the PDML, by number from 1; and what it complains of."""
    answer = tshark("tools/wireshark/cisterna.lua", "-o", f"cisterna.key_log:{keys or ''}", "-T", "pdml")
    packets = xml.etree.ElementTree.fromstring(answer.stdout).findall("packet")
    frames = [packet.find("proto[@name='cisterna']") for packet in packets]
    return dict(enumerate(frames, 1)), answer.stderr.decode()


def experts(frame):
    return [found.find("field").get("name") for found in frame.iter("field") if found.get("name") == "_ws.expert"]


def shown(frame, name):
    return [field.get("showname") for field in frame.iter("field") if field.get("name") == name]


def frames_of(capture):
    """The frames of a capture: the byte of the way, and the frame."""
    data, frames, at = capture.read_bytes(), [], 24
    while at < len(data):
        size = int.from_bytes(data[at + 8:at + 12], "little")
        frames.append((data[at + 16], data[at + 17:at + 16 + size]))
        at += 16 + size
    return frames


def body_of(frame):
    """The body of a sound frame, None of another."""
    plain, at = b"", 0
    stuffed = frame.removesuffix(b"\0")
    while at < len(stuffed):
        plain, at = plain + stuffed[at + 1:at + stuffed[at]] + b"\0", at + stuffed[at]
    body, crc = plain[:-3], plain[-3:-1]
    return body if at == len(stuffed) and binascii.crc_hqx(body, 0xFFFF).to_bytes(2, "little") == crc else None


def keys_of(keys):
    rows = re.findall(r"^session (\w{8}) programmer (\w{64}) pump (\w{64})$", keys.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(number, 16): [bytes.fromhex(key) for key in pair] for number, *pair in rows}


def opened(key, body):
    """What a body of DATA says; None when it is not sealed so."""
    nonce = int.from_bytes(body[5:9], "little")
    if nonce > 1000:
        return None
    for _ in range(nonce // REKEY_EVERY):
        key = rekey(key)
    # ChaCha20 is its own inverse; the right tag is that of sealing again what was found.
    plain = seal(key, nonce, body[:DATA_HEAD], body[DATA_HEAD:-TAG_BYTES])[:-TAG_BYTES]
    return plain if seal(key, nonce, body[:DATA_HEAD], plain) == body[DATA_HEAD:] else None


def unescaped(text):
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def flat(kind, plain):
    """The fields of a message as protoc reads them, in their order: (name, value), a message's value is None."""
    text = subprocess.run(["protoc", f"--decode=cisterna.{kind}", "link/cisterna.proto"], input=plain, capture_output=True,
                          check=True, cwd=ROOT).stdout.decode()
    fields = []
    for line in text.splitlines():
        name, mark, value = line.strip().partition(":")
        value = value.strip()
        if not mark and name != "}":
            fields.append((name.removesuffix(" {"), None))
        elif value.startswith('"'):
            fields.append((name, unescaped(value[1:-1])))
        elif mark:
            fields.append((name, {"true": 1, "false": 0}[value] if value in ("true", "false") else int(value)))
    return fields


def fields_shown(frame, kind):
    """The elements of a message as tshark shows it, in their order."""
    nodes = [node for node in frame.iter("field") if node.get("name") == f"cisterna.{kind.lower()}"]
    return [field for node in nodes for field in list(node.iter("field"))[1:]]


def value_shown(field, like):
    """What a field holds, in the form of the value that it should be."""
    if like is None:
        return None if ":" not in field.get("showname") else field.get("showname")
    return bytes.fromhex(field.get("value")) if isinstance(like, bytes) else int(field.get("show"), 0)


class Sample(unittest.TestCase):
    def test_the_sample_is_what_they_say_today(self):
        with tempfile.TemporaryDirectory() as folder:
            capture, keys = pathlib.Path(folder, "capture"), pathlib.Path(folder, "keys")
            make_sample(capture, keys)
            self.assertEqual(keys.read_bytes(), KEYS.read_bytes())
            self.assertEqual(capture.read_bytes(), CAPTURE.read_bytes())


class Dissector(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.frames, cls.complaints = dissect()

    def test_it_runs_without_errors(self):
        self.assertNotIn("Lua", self.complaints)
        for number, frame in self.frames.items():
            self.assertNotIn("_ws.lua.error", experts(frame), number)

    def test_it_names_every_frame(self):
        kinds = ["KNOCK", "ANSWER", "COUNTER", "DATA", "PAIR_1", "PAIR_2", "PAIR_3", "PAIRED", "EMERGENCY", "IDENTITY"]
        for number, (way, frame) in enumerate(frames_of(CAPTURE), 1):
            body = body_of(frame)
            self.assertEqual(shown(self.frames[number], "cisterna.kind"), [] if body is None else
                             [f"kind: {kinds[body[0] - 1]} ({body[0]})" if body[0] <= 10 else f"kind: Unknown ({body[0]})"])
            self.assertEqual(bool(way & 1), "from the pump" in self.frames[number].get("showname"))
            reach = [] if way & 1 else [f".... ..{way >> 1}. = reach: {'near' if way & 2 else 'far'} ({way >> 1})"]
            self.assertEqual(shown(self.frames[number], "cisterna.near"), reach)

    def test_it_opens_what_is_authentic_and_shows_it_as_protoc_does(self):
        keys, messages = keys_of(KEYS), 0
        for number, (way, frame) in enumerate(frames_of(CAPTURE), 1):
            body = body_of(frame)
            if body is None or body[0] != 4:
                continue
            kind = "Reply" if way & 1 else "Request"
            plain = opened(keys[int.from_bytes(body[1:5], "little")][way & 1], body)
            right = [] if plain is None else flat(kind, plain)
            fields = fields_shown(self.frames[number], kind)
            self.assertEqual([field.get("name").split(".")[-1] for field in fields], [name for name, _ in right], number)
            for field, (name, value) in zip(fields, right):
                self.assertEqual(value_shown(field, value), value, f"{name} in frame {number}")
            messages += plain is not None
        self.assertGreater(messages, 150)

    def test_it_says_what_is_wrong(self):
        told = [(expert.removeprefix("cisterna."), number) for number, frame in self.frames.items() for expert in experts(frame)]
        names = [name for name, number in sorted(told, key=lambda one: one[1])]
        self.assertEqual(names, [
            "old_counter",  # the patient's first PAIR_1: the doctor's had the same counter
            "old_nonce", "bad_seal", "far_nonce", "bad_seal", "bad_side", "bad_crc", "bad_frame", "bad_kind", "bad_length",
            "bad_range", "old_nonce", "old_counter", "old_counter"])

    def test_codes_have_names_and_units(self):
        lines = {field.get("showname") for frame in self.frames.values() for field in frame.iter("field")}
        right = ("mode: running (2)", "base_nl_day: 1200000", "base_nl_day: 1000000", "command: clinician_bolus (7)",
                 "outcome: applied (1)", "outcome: not applied (2)", "reasons: 0x0000000000000040 (lockout)",
                 "interrupted_since_ms: 9223372036854775807 (never, or not known)", "topic: status (1)", "code: activated (17)",
                 "field: 1200000 (base_after_nl_day)", "volume_nl: 8000", "rate_nl_day: 1440000", "model: c20 (1)",
                 "wish: lower (2)", "alarms: 0x80000000 (emergency)", "window_minutes: 59")
        self.assertEqual([line for line in right if line not in lines], [])


class Seals(unittest.TestCase):
    """The ciphers of tools/wireshark/seal.lua, each case a call that must give true."""

    def must_be_true(self, calls):
        script = f'local seal = dofile("{ROOT}/tools/wireshark/seal.lua")\n'
        script += 'local function byte(two) return string.char(tonumber(two, 16)) end\n'
        script += 'local function bytes(hex) return (hex:gsub("..", byte)) end\n'
        script += "".join(f'print("case {i}", {call})\n' for i, call in enumerate(calls))
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(script)
            file.flush()
            told = tshark(file.name, "-c", "1").stdout.decode()
        self.assertEqual(re.findall(r"^case (\d+)\ttrue$", told, re.MULTILINE), [str(i) for i in range(len(calls))])

    def test_tags_wrap_where_they_should(self):
        """Sums at and around the modulus, as in RFC 8439, appendix A.3, and others by chance."""
        chance = random.Random(8439)
        cases = [(bytes([r]) + bytes(15) + bytes([s]) * 16, data) for r in (1, 2) for s in (0, 255)
                 for data in (b"\xff" * 16, b"\xfb" + b"\xfe" * 15 + b"\x01" * 16, b"\xfd" + b"\xff" * 15,
                              b"\xff" * 16 + b"\xf0" + b"\xff" * 15 + b"\x11" + bytes(15))]
        # With r = 1 the sum of these two blocks, each with its 2^128, is the modulus and a little more or less.
        cases += [(b"\1" + bytes(31), b"\xff" * 16 + (P1305 + off - 2**128 - (2**129 - 1)).to_bytes(16, "little"))
                  for off in range(-6, 4)]
        cases += [(chance.randbytes(32), chance.randbytes(size)) for size in range(1, 80)]
        self.must_be_true([f'seal.poly1305(bytes("{key.hex()}"), bytes("{data.hex()}")) == bytes("{poly1305(key, data).hex()}")'
                           for key, data in cases])

    def test_they_open_what_the_reference_seals(self):
        chance, calls = random.Random(1), []
        for size in (1, 15, 16, 17, 63, 64, 65, 128, 227):
            key, number, ad, plain = (chance.randbytes(32), chance.getrandbits(32), chance.randbytes(9), chance.randbytes(size))
            sealed = bytearray(aead_seal(key, bytes(4) + number.to_bytes(8, "little"), ad, plain))
            call = f'seal.open(bytes("{key.hex()}"), {number}, bytes("{ad.hex()}"), bytes("{{}}"))'
            calls.append(call.format(sealed.hex()) + f' == bytes("{plain.hex()}")')
            calls.append(f'seal.rekey(bytes("{key.hex()}")) == bytes("{rekey(key).hex()}")')
            sealed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
            calls.append(call.format(sealed.hex()) + " == nil")
        self.must_be_true(calls)


class Keys(unittest.TestCase):
    def test_without_keys_messages_stay_sealed(self):
        frames, _ = dissect(keys=None)
        data = [frame for frame in frames.values() if shown(frame, "cisterna.kind") == ["kind: DATA (4)"]]
        self.assertTrue(data)
        for frame in data:
            self.assertIn("cisterna.no_key", experts(frame))
            self.assertEqual(fields_shown(frame, "Reply") + fields_shown(frame, "Request"), [])

    def test_a_wrong_key_opens_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            keys = pathlib.Path(folder, "keys")
            keys.write_text(re.sub(r"(programmer|pump) \w\w", r"\1 00", KEYS.read_text(encoding="utf-8")), encoding="utf-8")
            frames, _ = dissect(keys=keys)
        sealed = [number for number, frame in frames.items() if "cisterna.bad_seal" in experts(frame)]
        self.assertGreater(len(sealed), 150)

    def test_a_file_that_is_not_there_is_told(self):
        _, complaints = dissect(keys="nowhere")
        self.assertIn("the file of session keys: nowhere", complaints)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        SAMPLE.mkdir(exist_ok=True)
        make_sample(CAPTURE, KEYS)
    else:
        unittest.main()
