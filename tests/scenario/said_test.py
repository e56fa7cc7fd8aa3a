"""said_test.py - what the commands at a pump say: names that are what they look like, and words that are true. HZ-28."""
# SPDX-License-Identifier: Apache-2.0
import datetime
import json
import os
import subprocess
import unittest

import common
import desk
import frame


COMMANDS = ("stop", "mri", "bolus", "refill", "unpair", "clear-alarm")


class Deaf(desk.Proxy):
    """Asks the pump only who it is, whatever the programmer wishes: the same packet with the other wish and its own CRC."""

    def __init__(self, folder, behind):
        super().__init__(folder, behind, 1 << 30, name="magnet")

    def outward(self, data):
        return b"".join(frame.stuffed(body[:1] + b"\x01" + body[2:]) for body in map(frame.unstuffed, data.split(b"\0")[:-1]))


class Said(desk.Desk):
    def test_what_could_not_be_written_was_not_told(self):
        self.pair()
        with open("/dev/full", "w", encoding="utf-8") as full:
            for words, code in ((("life", "--json"), 1), (("plan", "--help"), 1),
                                (("clock", "2026-03-01T08:00:00+01:00", "--keys", self.keys), 4)):
                given = {**os.environ, "CISTERNA_PASSPHRASE": desk.PASSPHRASE, "CISTERNA_RADIO": str(self.radio)}
                done = subprocess.run([common.DEV, *map(str, words)], stdout=full, stderr=subprocess.PIPE, text=True,
                                      check=False, env=given)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn("could not be written", done.stderr)

    def test_a_name_is_what_it_looks_like(self):
        self.pair(label="ward tablet")
        card = ("pair", "--card-file", self.radio / "card.txt", "--role", "reader", "--label")
        for label, said in (("ward\u202etelbat", "--label holds U+202E at byte 5, which nobody sees; it must be"),
                            ("ward\u200b tab", "U+200B at byte 5"), ("ward\u00a0tablet", "U+00A0"),
                            ("ward  tablet", "a blank too much at byte 5"), (" ward", "byte 1"), ("ward\x1b[2J", "U+001B"),
                            ("", "1 to 15 bytes"),
                            ("a ward too far away", "not of 19"),
                            ("Ward Tablet", "that of the clinician's key for this pump already")):
            with self.subTest(label):
                self.assertIn(said, self.done(*card, label, code=2)[1])
        self.pair("reader", "ward screen")
        refill = ("refill", "--withdrawn", "0 mL", "--filled", "1 mL", "--drawn-up", "1 mL", "--role", "clinician", "--lot")
        self.assertIn("--lot holds U+2066 at byte 2", self.done(*refill, "L\u206617", code=2)[1])

    def test_names_in_files_are_what_they_look_like(self):
        self.pair()
        path = self.therapy(name="names.json")
        whole = path.read_text()
        for old, new, said in (('"morphine 5 mg/day"', r'"morphine \u202e5 mg/day"', "therapy.name: holds U+202E at byte 10"),
                               ('"drug": "morphine"', r'"drug": "mor\u200bphine"', "drug: holds U+200B at byte 4"),
                               ('"US"', r'"U\u00ad"', 'therapy.region: "U<U+00AD>" is not known here'),
                               ('"hour"', r'"hou\u202e\u001b"', "hou<U+202E><U+001B>")):
            with self.subTest(new):
                path.write_text(whole.replace(old, new))
                ran = self.desk("program", path)
                self.assertEqual(ran.returncode, 2)
                self.assertIn(said, ran.stderr)
                self.assertNotIn("\u202e", ran.stderr)
                self.assertNotIn("\x1b", ran.stderr)

    def test_programmers_of_the_same_name_are_pointed_out(self):
        self.pair()
        mine, self.keys = self.keys, self.folder / "other"
        self.pair("service", "Ward Tablet")
        self.keys = mine
        said, _ = self.done("peers")
        self.assertIn("called the same as slot 2", said)
        self.assertEqual([peer.get("called_the_same_as") for peer in self.told("peers")["peers"]], [2, 1])

    def test_the_time_of_the_next_bolus_is_true(self):
        """During a prime the permission is there, and no bolus is given all the same."""
        self.pair()
        prime = {"kind": "prime", "volume": "0.24 mL", "rate": "1.2 mL/day"}  # 0.2 of a day
        self.done("refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL", "--drug", "morphine",
                  "--concentration", "25 mg/mL", "--dead-drug-free", "--therapy", self.therapy(opening=prime), "--yes")
        self.pair("patient", "pocket")
        self.assertIn("course_running", self.told("bolus", "--role", "patient", code=3)["reasons"])
        status = self.told("status", "--role", "clinician")
        self.assertEqual((status["course"], status["patient_bolus_waits_for"]),
                         ("prime", "when what is given besides has ended"))
        flowed = 0.24 - float(status["course_left"].split()[0])
        begun = status["now_ms"] - flowed / 1.2 * 86400e3
        ends = datetime.datetime.fromisoformat(status["patient_bolus_from"]).replace(tzinfo=None)
        self.assertAlmostEqual((ends - datetime.datetime(1970, 1, 1)).total_seconds() * 1000, begun + 0.2 * 86400e3, delta=1000)
        text, _ = self.done("status", "--role", "clinician")
        self.assertRegex(text, r"patient's bolus from +\S+, when what is given besides has ended\n")
        self.done("cancel", "--role", "clinician")
        text, _ = self.done("status", "--role", "clinician")
        self.assertRegex(text, r"patient's bolus from +now on, within its limits\n")
        self.done("stop", "--role", "clinician")
        text, _ = self.done("status", "--role", "clinician")
        self.assertRegex(text, r"patient's bolus from +none in this mode\n")
        self.assertIsNone(self.told("status", "--role", "patient")["patient_bolus_from"])

    def test_a_refusal_says_what_would_pass(self):
        self.implant()
        self.pair("patient", "pocket")
        patient, clinician = ("--role", "patient"), ("--role", "clinician")
        for words, said in (((*patient, "stop"), ("this key may not give this command", "roles that may: clinician\n")),
                            ((*clinician, "mri", "end"), ("not possible in the pump's present mode",
                                                          "look at cisterna status for the mode and the alarms that stand")),
                            ((*clinician, "bolus", "--volume", "0.03 mL", "--rate", "1 mL/day"),
                             ("nearest possible: 0.020000 mL", "a bolus of at most the largest that the therapy's limits allow")),
                            ((*clinician, "unpair", "7"), ("a slot that cisterna peers lists",)),
                            ((*clinician, "clear-alarm", "reservoir_empty"), ("look at cisterna status",))):
            with self.subTest(words):
                words = [word for word in words if word in COMMANDS] + [word for word in words if word not in COMMANDS]
                text, _ = self.done(*words, code=3)
                for part in said:
                    self.assertIn(part, text)
                self.assertEqual(text.count("what would pass: "), len(self.told(*words, code=3)["what_would_pass"]))
        self.done("stop", *clinician)
        text, _ = self.done("bolus", *patient, code=3)
        self.assertIn("  what would pass: the same when the therapy flows: cisterna resume, or cisterna program\n"
                      "  modes in which it may be: running\n", text)

    def test_what_cannot_be_read_says_what_would_be_right(self):
        self.implant()
        bolus = ("bolus", "--rate", "1 mL/day", "--volume")
        for words, said in (((*bolus, "0 mL"), 'from 0.000001 mL to 100.000000 mL; "0 mL" is outside'),
                            ((*bolus, "2 mg"), '"2 mg" has the wrong unit'), ((*bolus, "1,5 mL"), '"1,5 mL" has a comma'),
                            ((*bolus, "0.0000001 mL"), 'is no whole number of nL')):
            with self.subTest(words):
                self.assertIn(said, self.done(*words, code=2)[1])
        _, messages = self.done("program", self.therapy("safe.json", safe_rate="0.5 mL/day"), code=3)
        self.assertIn("what would pass: a safe rate of zero, or a flow that this pump, the limits and the program's", messages)
        self.assertIn("this pump gives flows from 0.048 mL/day to 24 mL/day, or none", messages)
        prime = self.therapy("prime.json", opening={"kind": "prime", "volume": "0.3 mL", "rate": "1 mL/day"})
        self.assertIn("tubing and catheter of this implant hold 0.244000 mL", self.done("program", prime, code=3)[1])

    def emergency(self, word, code=0, radio=None):
        """What it says in words, and as JSON when asked again."""
        said = []
        for how in ((), ("--json",)):
            ran = common.cisterna(common.DEV, "emergency", word, "--radio", radio or self.radio, *how)
            self.assertEqual(ran.returncode, code, (ran.stdout, ran.stderr))
            said.append(ran.stdout)
        return said[0], json.loads(said[1])

    def test_lowering_says_whether_anything_was_lowered(self):
        said, told = self.emergency("lower")
        self.assertIn("already: nothing flowed before", said)
        self.assertEqual((told["outcome"], told["mode"], told["lowered"]), ("already", "new", False))
        self.implant()
        said, told = self.emergency("lower")
        self.assertIn("lowered: the base was 0.2 mL/day and is 0.048 mL/day now\n", said)
        self.assertEqual((told["outcome"], told["mode"], told["base_before"]), ("already", "safe", "0.048 mL/day"))
        said, _ = self.emergency("lower")
        self.assertIn("already: the base was 0.048 mL/day before, so nothing was lowered\n", said)
        self.done("stop")
        said, told = self.emergency("lower")
        self.assertIn("already: nothing flowed before", said)
        self.assertEqual((told["outcome"], told["base"]), ("already", "0 mL/day"))

    def test_a_pump_that_flows_on_is_not_called_lowered(self):
        """Somebody who answers as the pump does and lowers nothing."""
        self.implant()
        Deaf(self.folder / "deaf", self.radio / "magnet").start()
        ran = common.cisterna(common.DEV, "emergency", "lower", "--radio", self.folder / "deaf")
        self.assertEqual(ran.returncode, 3, ran.stderr)
        self.assertIn("NOT LOWERED: the pump answers, and its therapy flows on at 0.2 mL/day", ran.stdout)


if __name__ == "__main__":
    unittest.main()
