"""pump_test.py - `cisterna pump` from outside: made once, killed many times, heard over its sockets, and its refusals."""
# SPDX-License-Identifier: Apache-2.0
import errno
import fcntl
import json
import os
import pathlib
import random
import re
import select
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
import unittest

import common
from frame import stuffed, unstuffed

TELLER = os.environ.get("CISTERNA_TELLER", str(common.ROOT / "build/dev/tests/rig/teller"))  # of either build's implants
QUANTUM_M3, BASE_NL_DAY = 250e-12, 100000
FOREVER_S = 120  # what hangs so long is a failure


class Pump:
    """One process; it ends with the block."""

    def __init__(self, program, folder, *words):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen([program, "pump", "--state", str(folder), *words], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate(timeout=FOREVER_S)

    def up(self):
        """Waits until it says so; what it said before."""
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "is up" in line:
                return "".join(said)
        raise AssertionError("it never came up: " + "".join(said))

    def connect(self, place):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(FOREVER_S)
        client.connect(str(self.folder / place))
        return client

    def end(self, number):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=FOREVER_S)
        return self.process.returncode, out, err


def teller(*words):
    told = subprocess.run([TELLER, *map(str, words)], capture_output=True, text=True, check=True)
    return json.loads(told.stdout) if told.stdout else None


def cradle(folder, how="make"):
    teller(how, folder, 7, time.time_ns() // 1000000)


def frame_from(client):
    frame = b""
    while not frame.endswith(b"\0"):
        byte = client.recv(1)
        assert byte, "cut off"
        frame += byte
    return frame


def identify(challenge):
    return stuffed(b"\x09\x01" + challenge)


class Live(unittest.TestCase):
    def setUp(self):
        room = tempfile.TemporaryDirectory()
        self.addCleanup(room.cleanup)
        self.room = pathlib.Path(room.name)
        self.state = self.room / "state"

    def refused(self, code, text, *words, program=common.RELEASE):
        ran = common.cisterna(program, "pump", *words, timeout=FOREVER_S)
        self.assertEqual((ran.returncode, ran.stdout), (code, ""), ran.stderr)
        self.assertIn(text, ran.stderr)
        return ran

    def test_a_new_implant_and_its_card(self):
        with Pump(common.DEV, self.state, "--model", "V20", "--catheter", "60 cm") as pump:
            said = pump.up()
            card = re.search(r"^CARD: ([0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3}-[0-9A-HJKMNP-TV-Z]{6})$", said, re.M)
            serial = re.search(r"^SERIAL: (\S{1,15})$", said, re.M)
            self.assertTrue(card and serial and re.search(r"^PUBLIC KEY: [0-9a-f]{64}$", said, re.M), said)
            self.assertIn("never for use in people", said)
            for name in ("card.txt", "implant", "far", "near", "magnet"):
                self.assertEqual(stat.S_IMODE((self.state / name).stat().st_mode), 0o600, name)
            self.assertIn(card[0], (self.state / "card.txt").read_text())
            self.refused(1, "in use", "--state", self.state)
            code, _, err = pump.end(signal.SIGTERM)
            self.assertEqual(code, 0, err)
            self.assertIn("lost its power", err)
        self.assertEqual(sorted(path.name for path in self.state.iterdir()), ["body", "card.txt", "implant"])
        with Pump(common.RELEASE, self.state, "--model", "V20", "--serial", serial[1], "--catheter", "600 mm") as pump:
            said = pump.up()
            self.assertNotIn("CARD", said)
            self.assertIn(serial[1], said)
            self.assertEqual(pump.end(signal.SIGINT)[0], 0)

    def test_two_implants_have_nothing_in_common(self):
        cards = set()
        for folder in ("one", "two"):
            with Pump(common.RELEASE, self.room / folder, "--serial", "SAME", "--seed", "1") as pump:
                pump.up()
            cards |= set((self.room / folder / "card.txt").read_text().splitlines())
        self.assertEqual(len(cards), 2 * 4 - 2)  # serial and model

    def killed_again_and_again(self, program, speed, times):
        """Its process is killed wherever it is; pump and truth agree at every start, and therapy goes on. Off it waits: a
        second of a busy machine would be days without power, and those end a therapy."""
        dice, stops, sequence = random.Random(7), 0, 0
        cradle(self.state)
        before = teller("tell", self.state)
        for _ in range(times):
            lines = dice.randrange(60, 200)  # more than a day: after three starts in a day a pump keeps to its safe rate
            with Pump(program, self.state, "--speed", speed, "--events", "--quiet", "--wait") as pump:
                for _ in range(lines):
                    event = json.loads(pump.process.stdout.readline())
                    self.assertGreater(event["sequence"], sequence)
                    sequence = event["sequence"]
                    self.assertNotIn(event["event"], ("memory_lost", "clock_lost", "driver_refused", "selftest"))
                code, _, err = pump.end(signal.SIGKILL)
                self.assertEqual((code, err.count("\n")), (-signal.SIGKILL, 2), err)
            after = teller("tell", self.state)
            stops += 1
            with self.subTest(speed=speed, stops=stops):
                moved = after["displaced"] / QUANTUM_M3
                inside = after["filled"] - after["withdrawn"] - after["displaced"]
                self.assertEqual(after["serial"], "CRADLE-1")
                self.assertGreater(after["now_ms"], before["now_ms"])
                self.assertGreaterEqual(after["wall_ms"], before["wall_ms"])
                self.assertGreater(after["displaced"], before["displaced"])
                self.assertAlmostEqual(inside, after["reservoir"], delta=1e-19)
                self.assertLessEqual(after["metered"], moved + 1e-6)
                self.assertLessEqual(moved - 1e-6, after["commanded"])
                self.assertLessEqual(after["commanded"], moved + stops + 1)
                self.assertEqual((after["mode"], after["base_nl_day"], after["alarms"]), ("running", BASE_NL_DAY, 0))
                self.has_got_all(after)
            sequence, before = max(sequence, after["last"] - 100), after

    def has_got_all(self, told):
        """What left the tip is in the person, once, whatever of it was kept."""
        self.assertLessEqual(told["kept_kg"], told["delivered_kg"])
        self.assertLessEqual(told["kept_ms"], told["now_ms"])
        self.assertEqual(told["given_kg"], told["delivered_kg"])
        self.assertAlmostEqual(told["in_body_kg"], told["delivered_kg"], delta=1e-12 * told["delivered_kg"])

    def test_the_person_goes_on(self):
        cradle(self.state)
        kept_ms, begun = 0, time.monotonic()
        for end in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
            with Pump(common.RELEASE, self.state, "--speed", "60000", "--quiet") as pump:
                pump.up()
                before = (self.state / "body").stat().st_mtime_ns  # a new one is kept at once, with nothing in it
                while (self.state / "body").stat().st_mtime_ns == before:
                    self.assertLess(time.monotonic() - begun, FOREVER_S)  # it is kept every few seconds
                    time.sleep(0.05)
                self.assertEqual(stat.S_IMODE((self.state / "body").stat().st_mode), 0o600)
                self.assertIn(pump.end(end)[0], (0, -end))
            told = teller("tell", self.state)
            self.has_got_all(told)
            self.assertGreater(told["kept_ms"], kept_ms)
            kept_ms = told["kept_ms"]
        self.assertGreater(told["kept_kg"], 0)
        self.assertEqual((told["kept_ms"], told["kept_kg"]), (told["now_ms"], told["delivered_kg"]))  # an orderly end

    def test_a_new_implant_is_in_whom_a_file_says(self):
        who = self.room / "who.json"
        look = lambda: json.loads(common.cisterna(common.DEV, "twin", "--state", self.state, "look").stdout)["person"]
        who.write_text('{ "patient": { "pain": "2", "spasticity": "80 %" } }')
        for said in ((("--patient", who),), ((),)):  # and it is still the same one when nothing is said
            with Pump(common.DEV, self.state, "--control", "--quiet", *said[0]) as pump:
                pump.up()
                person = look()
                self.assertEqual(person["spasticity"], 0.8)
                self.assertLess(person["baseline_pain"], 4)
        for text, code, words in (('{ "patient": { "comes": "freely" } }', 2, "only a scenario's patient"),
                                  ('{ "patient": { "hears": "freely" } }', 2, "only a scenario's patient"),
                                  ('{ "patient": { "pian": "2" } }', 2, "pian"), ("{}", 2, "patient")):
            who.write_text(text)
            other = self.room / "nobody"
            ran = common.cisterna(common.DEV, "pump", "--state", other, "--patient", who, timeout=FOREVER_S)
            self.assertEqual((ran.returncode, ran.stdout), (code, ""), ran.stderr)
            self.assertIn(words, ran.stderr)

    def test_who_asks_freely_presses_the_button(self):
        cradle(self.state, "asked")
        who = self.room / "who.json"
        who.write_text('{ "patient": { "asks": "freely", "pain": "9" } }')
        (self.state / "body").unlink()
        asked = [("course_start", "patient"), ("refused", "patient_bolus")]
        paired = 0
        for said in (("--patient", who), ()):  # and goes on when nothing is said, after a kill
            with Pump(common.DEV, self.state, "--speed", "max", "--events", "--quiet", *said) as pump:
                given = refused = 0
                while given < 4 or refused == 0:
                    event = json.loads(pump.process.stdout.readline())
                    paired += event["event"] == "paired"
                    told = (event["event"], event.get("kind_word", event.get("command_word")))
                    given, refused = given + (told == asked[0]), refused + (told == asked[1])
                    if told == asked[1]:
                        self.assertEqual(event["who"], "patient")
                self.assertEqual(pump.end(signal.SIGKILL)[0], -signal.SIGKILL)
            self.assertEqual(stat.S_IMODE((self.state / "button").stat().st_mode), 0o600)
        self.assertEqual(paired, 1)

    def test_whatever_is_wrong_with_the_button_the_pump_runs(self):
        who, fifo = self.room / "who.json", self.room / "fifo"
        who.write_text('{ "patient": { "asks": "freely", "pain": "9" } }')
        os.mkfifo(fifo)
        for number, (wrong, make) in enumerate((
                ("the file is damaged", lambda button: button.write_bytes(b"no key at all")),
                ("the file is damaged", lambda button: button.write_bytes(b"")),
                ("it is no regular file", lambda button: button.mkdir()),
                ("it is no regular file", lambda button: button.symlink_to(fifo)),
                ("another process is using it", None))):
            state = self.room / str(number)
            cradle(state, "asked")
            (state / "body").unlink()
            with open(state / "button.lock", "wb") as lock, self.subTest(number=number):
                if make is not None:
                    make(state / "button")
                else:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                self.runs_without_a_button(state, who, f"the key of the button cannot be read: {wrong}")

    def test_a_key_of_the_button_that_cannot_be_kept(self):
        cradle(self.state, "asked")
        who = self.room / "who.json"
        who.write_text('{ "patient": { "asks": "freely", "pain": "9" } }')
        (self.state / "body").unlink()
        (self.state / "button.part").mkdir()  # where it would be written first
        reason = "the key of the button cannot be kept: " + os.strerror(errno.EEXIST)
        self.runs_without_a_button(self.state, who, reason)

    def runs_without_a_button(self, state, who, reason):
        with Pump(common.DEV, state, "--speed", "max", "--events", "--quiet", "--patient", who) as pump:
            courses, in_vain = 0, []
            while courses < 4 or len(in_vain) < 2:
                event = json.loads(pump.process.stdout.readline())
                courses += event["event"] == "course_start"
                self.assertNotIn(event["event"], ("paired", "refused"))
                if event["event"] == "not_done":
                    in_vain.append(event["reason"])
            code, _, said = pump.end(signal.SIGKILL)
        self.assertEqual((code, set(in_vain)), (-signal.SIGKILL, {reason}))
        self.assertEqual(said.count(reason), 1, said)
        self.assertIn(f"{state}/button: {reason}", said)

    def test_a_person_that_is_not_right(self):
        cradle(self.state)
        with Pump(common.RELEASE, self.state, "--speed", "1000") as pump:
            pump.up()
            self.assertEqual(pump.end(signal.SIGTERM)[0], 0)
        body = self.state / "body"
        whole = body.read_bytes()
        for code, said, changed in ((5, "body is damaged", whole[:-1]), (5, "body is damaged", b""),
                                    (5, "body is damaged", whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:]),
                                    (6, "another version", whole[:8] + b"\x09" + whole[9:])):
            body.write_bytes(changed)
            implant = self.marks(self.state / "implant")
            self.refused(code, said, "--state", self.state, program=common.DEV)
            self.assertEqual((body.read_bytes(), self.marks(self.state / "implant")), (changed, implant))
        with Pump(common.RELEASE, self.room / "other") as pump:
            pump.up()
            self.assertEqual(pump.end(signal.SIGTERM)[0], 0)
        body.write_bytes((self.room / "other" / "body").read_bytes())
        self.refused(1, "body is of another implant", "--state", self.state)
        body.unlink()
        with Pump(common.RELEASE, self.state) as pump:
            pump.up()
            self.assertEqual(pump.end(signal.SIGTERM)[0], 0)
        self.has_got_all(teller("tell", self.state))

    def test_killed_while_it_keeps_up_with_the_clock(self):
        self.killed_again_and_again(common.RELEASE, "1000000", 25)

    def test_killed_under_sanitizers(self):
        self.killed_again_and_again(common.DEV, "1000000", 5)

    def test_killed_at_full_speed(self):
        for lines in (1, 2, 3, 10, 50, 100, 300, 1000, 3000):
            state = self.room / str(lines)
            cradle(state)
            with Pump(common.RELEASE, state, "--speed", "max", "--events", "--quiet") as pump:
                told = [json.loads(pump.process.stdout.readline()) for _ in range(lines)]
                self.assertEqual(pump.end(signal.SIGKILL)[0], -signal.SIGKILL)
            after = teller("tell", state)
            moved = after["displaced"] / QUANTUM_M3
            with self.subTest(lines=lines):
                self.assertGreaterEqual(after["now_ms"], told[-1]["tick_ms"])
                self.assertAlmostEqual(after["filled"] - after["withdrawn"] - after["displaced"], after["reservoir"], delta=1e-19)
                self.assertLessEqual(moved - 1e-6, after["commanded"])
                self.assertLessEqual(after["commanded"], moved + 2 + (1e9 if after["mode"] == "empty" else 0))

    def test_its_time_is_over_after_30_years(self):
        cradle(self.state)
        for code, said in ((0, "30 years are over"), (1, "it runs no more")):  # lived to its end; nothing left to live
            ran = common.cisterna(common.RELEASE, "pump", "--state", self.state, "--speed", "max", "--quiet", timeout=FOREVER_S)
            self.assertEqual((ran.returncode, ran.stdout), (code, ""))
            self.assertIn(said, ran.stderr)
        self.assertEqual(teller("tell", self.state)["now_ms"], 30 * 365 * 86400000)

    def test_the_sockets(self):
        cradle(self.state)
        with Pump(common.DEV, self.state, "--radio", str(self.room), "--quiet") as pump:
            pump.up()
            pump.folder = self.room
            far, near = pump.connect("far"), pump.connect("near")
            far.sendall(b"x" * 1000 + b"\0")
            far.sendall(identify(b"far far!"))
            near.sendall(identify(b"nomagnet"))
            with pump.connect("magnet") as magnet:
                # Whose frame comes first is not said: the magnet's own is repeated until it is answered.
                magnet.sendall(identify(b"\0magnet\0"))
                body = unstuffed(frame_from(magnet))
                self.assertIn(body[1:9], (b"\0magnet\0", b"nomagnet"))
                while body[1:9] != b"\0magnet\0":
                    body = unstuffed(frame_from(magnet))
                self.assertEqual((body[0], body[9:18]), (0x0A, b"CRADLE-1\0"))
                self.assertEqual(len(body), 49)
                for client in (far, near):  # everybody hears it, and nothing came of what was far
                    heard = unstuffed(frame_from(client))
                    while heard[1:9] == b"nomagnet":
                        heard = unstuffed(frame_from(client))
                    self.assertEqual(heard, body)
            self.assertEqual(select.select([far, near], [], [], 0)[0], [])
            self.assertEqual(pump.end(signal.SIGTERM)[0], 0)
            self.assertEqual(far.recv(1), b"")
            far.close()
            near.close()
        self.assertEqual(sorted(path.name for path in self.room.iterdir()), ["state"])

    def odd(self, now_ms=None, wall_ms=None):
        """The implant as a kill would leave it, with another instant or another wall clock in its marks (rig/implant.c)."""
        path = self.state / "implant"
        whole = bytearray(path.read_bytes())
        marks_at, rig_at = struct.unpack_from("<II", whole, 20)
        for mark in (marks_at, (marks_at + rig_at) // 2):
            for at, value in ((mark + 8, wall_ms), (mark + 16, now_ms)):
                if value is not None:
                    struct.pack_into("<q", whole, at, value)
        path.write_bytes(whole)
        return path

    @staticmethod
    def marks(path):
        """What is taken from the file, but for retained memory and flash."""
        whole = path.read_bytes()
        return whole[:struct.unpack_from("<I", whole, 24)[0]]

    def test_an_implant_of_another_time(self):
        life_ms, now_ms = 30 * 365 * 86400000, time.time_ns() // 1000000
        cradle(self.state)
        for change, code, said in (({"now_ms": -5000}, 5, "implant is damaged"),
                                   ({"now_ms": life_ms + 1}, 5, "implant is damaged"),
                                   ({"now_ms": life_ms, "wall_ms": now_ms}, 1, "the 30 years of the implant in"),
                                   ({"now_ms": 1000, "wall_ms": 0}, 1, "is the clock right?"),
                                   ({"wall_ms": -1}, 5, "implant is damaged")):
            with self.subTest(change):
                path = self.odd(**change)
                before = self.marks(path)
                self.refused(code, said, "--state", self.state, program=common.DEV)
                self.assertEqual(self.marks(path), before)
        self.odd(now_ms=1000, wall_ms=now_ms + 3600000)
        with Pump(common.DEV, self.state) as pump:
            self.assertRegex(pump.up(), r"shows 0 d 00:59:\S+ less than when power went: for the implant no time has passed")
            self.assertEqual(pump.end(signal.SIGTERM)[0], 0)

    def test_what_is_refused(self):
        cradle(self.state)
        self.refused(6, "C20", "--state", self.state, "--model", "C40")
        self.refused(2, "serial", "--state", self.state, "--serial", "OTHER")
        self.refused(2, "catheter", "--state", self.state, "--catheter", "41 cm")
        self.refused(2, "seed", "--state", self.state, "--seed", "8")
        self.refused(2, "--formulary-key", "--state", self.state, "--formulary-key", "ab" * 32)
        self.refused(2, "--firmware-key", "--state", self.state, "--firmware-key", "ab" * 32)
        for option in ("--formulary-key", "--firmware-key"):  # of one made without keys: it would seem to be right
            self.refused(2, f"{option} needs 64 hexadecimal digits that are not all zero (for no key it is left out), not 0000",
                         "--state", self.state, option, "0" * 64)
        self.refused(1, "socket", "--state", self.state, "--radio", str(self.room / ("long" * 30)))
        for words in (["--model", "C21"], ["--serial", "S" * 16], ["--serial", "a b"], ["--catheter", "3 m"],
                      ["--catheter", "40"], ["--seed", "x"], ["--firmware-key", "12"], ["--speed", "0"],
                      ["--formulary-key", "0" * 64], ["--firmware-key", "0" * 64], ["--formulary-key", "0" * 63],
                      ["--speed", "fast"], ["--speeed=1"], ["--state", ""], ["file"]):
            with self.subTest(words=words):
                self.refused(2, words[-1], "--state", self.room / "none", *words)
        implant = self.state / "implant"
        whole = implant.read_bytes()
        implant.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
        self.refused(5, "damaged", "--state", self.state)
        implant.write_bytes(whole[:-1])
        self.refused(5, "damaged", "--state", self.state)
        implant.unlink()
        (self.state / "card.txt").write_text("of another\n")
        self.refused(1, "card", "--state", self.state)
        self.assertEqual((self.state / "card.txt").read_text(), "of another\n")
        self.assertEqual(sorted(path.name for path in self.state.iterdir()), ["body", "card.txt"])


if __name__ == "__main__":
    unittest.main()
