"""attack_test.py - every attack of `cisterna attack` on a virtual pump over its sockets: nothing changes, therapy flows on, who
has a key gets in, and what is changed by somebody with a key is seen. HZ-17, HZ-28, HZ-34, HZ-42, HZ-43, REQ-SECU-01, -02."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

import common

PUMP = common.DEV
SERIAL, PASSPHRASE = "SIM-0042", "a horse without a battery"
# Virtual time runs faster: something flows meanwhile, and a pump that has heard too many strangers listens again soon.
SPEED = 50
THERAPY = {
    "name": "morphine 5 mg/day",
    "drugs": [{"drug": "morphine", "concentration": "25 mg/mL"}],
    "program": {"kind": "continuous", "dose": "5 mg/day"},
    "patient_bolus": {"volume": "0.01 mL", "over": "10 min", "lockout": "4 h", "max_per_day": 4, "expiry": "90 d"},
    "limits": {"drugs": [{"drug": "morphine", "hour": "3 mg", "day": "40 mg"}], "bolus_max": "0.02 mL",
               "rate_max": "4 mL/day"},
    "safe_rate": "0.048 mL/day", "restart_limit": "24 h", "under_delivery": "high", "reservoir_low": "2 mL",
    "mri": "keep_program", "region": "US",
}


class Ward(unittest.TestCase):
    """A virtual pump with a therapy, its clinician, patient and reader, and whoever attacks it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="attack-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.radio = self.folder / "pump"
        self.radio.mkdir()
        self.pump = subprocess.Popen([PUMP, "pump", "--state", self.radio, "--serial", SERIAL, "--speed", str(SPEED),
                                      "--quiet"], cwd=common.ROOT, stderr=subprocess.DEVNULL)
        self.addCleanup(self.pump_end)
        while not (self.radio / "card.txt").exists() or not (self.radio / "magnet").exists():
            self.assertIsNone(self.pump.poll(), "the pump is not there")
        for role in ("clinician", "patient", "reader"):
            self.desk("pair", "--card-file", self.radio / "card.txt", "--role", role, "--label", role, keys=role)
        therapy = self.folder / "therapy.json"
        therapy.write_text(json.dumps({"catheter": {"length": "40 cm"}, "therapy": THERAPY}))
        self.desk("refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL", "--drug", "morphine",
                  "--concentration", "25 mg/mL", "--dead-drug-free", "--therapy", therapy, "--yes")

    def pump_end(self):
        self.pump.send_signal(signal.SIGTERM)
        self.pump.wait()

    def environment(self, radio=None):
        return {**os.environ, "CISTERNA_PASSPHRASE": PASSPHRASE, "CISTERNA_RADIO": str(radio or self.radio)}

    def desk(self, *words, keys="clinician", code=0, radio=None):
        """A command of a programmer; what it said on both streams."""
        ran = common.cisterna(common.DEV, *words, "--keys", self.folder / keys, env=self.environment(radio))
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        return ran.stdout, ran.stderr

    def attack(self, *words, code=0, witness=True):
        """An attack, and what it found."""
        watched = ("--witness", self.folder / "reader") if witness else ()
        ran = common.cisterna(common.DEV, "attack", *words, "--json", *watched, env=self.environment())
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        return json.loads(ran.stdout)

    def attack_begin(self, *words, line):
        """An attack that goes on; returns when it has printed a line that begins so, on either stream."""
        process = subprocess.Popen([common.DEV, "attack", *map(str, words)], cwd=common.ROOT, env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        said = process.stdout.readline()
        while not said.startswith(line):
            self.assertNotEqual(said, "", f"no line begins with {line}")
            said = process.stdout.readline()
        return process

    def relay(self, *words):
        """Somebody in between, for one programmer."""
        return self.attack_begin("relay", "--as", self.folder / "air", "--once", *words, line="cisterna attack: programmers")

    def unchanged(self, *words):
        found = self.attack(*words)
        self.assertEqual((found["verdict"], found["changes"]), ("unchanged", []), found)
        self.assertEqual(found["flowed"], found["due"], found)
        self.assertGreater(float(found["flowed"].removesuffix(" mL")), 0, "therapy flows")
        return found


class Attack(Ward):
    def strangers(self, *attacks):
        for words, sent in attacks:
            with self.subTest(attack=words):
                found = self.unchanged(*words)
                self.assertEqual((found["sent"], found["heard"]), (sent, {}))

    # Each pump is sent no more than it listens to: 200 frames near, 30 far; only knocks go beyond that on purpose.

    def test_strangers_change_nothing(self):
        self.strangers((("inject", "--hex", "09 02 0102030405060708", "--reach", "near"), 1),
                       (("inject", "--hex", "00 00 ff", "--raw", "--count", "5"), 5),
                       (("emergency", "--reach", "far"), 12), (("emergency",), 12), (("pair",), 24), (("desync",), 24),
                       (("session",), 24), (("downgrade",), 24))

    def test_fuzzing_and_knocking_change_nothing(self):
        self.strangers((("fuzz",), 100), (("fuzz", "--seed", "7", "--reach", "far", "--frames", "20"), 20), (("knock",), 60),
                       (("knock", "--slot", "3", "--reach", "near"), 60))

    def test_what_is_recorded_changes_nothing(self):
        tape = self.folder / "both.pcap"
        for words in ({"keys": "patient", "words": ("bolus",)}, {"keys": "reader", "words": ("status", "--near")}):
            relay = self.relay("--out", tape)
            self.desk(*words["words"], keys=words["keys"], radio=self.folder / "air")
            self.assertEqual(relay.wait(), 0)
            lived = self.folder / f"{words['keys']}.pcap"
            tape.rename(lived)
        self.desk("cancel")
        found = self.unchanged("replay", self.folder / "patient.pcap")
        self.assertEqual(found["heard"], {"COUNTER": 1})
        self.assertEqual(self.unchanged("replay", self.folder / "patient.pcap", "--only", "DATA")["heard"], {})
        self.unchanged("replay", self.folder / "reader.pcap", "--reflect", "--reach", "near")
        self.assertTrue(self.unchanged("starve", "--from", self.folder / "reader.pcap", "--reach", "near")["came_in_anew"])
        self.unchanged("fuzz", "--from", self.folder / "patient.pcap", "--frames", "100")

    def test_a_magnet_only_lowers(self):
        found = self.attack("emergency", "--reach", "magnet")
        self.assertEqual((found["verdict"], found["changes"]), ("lowered", []), found)
        self.assertEqual(found["heard"], {"IDENTITY": 12})
        self.assertEqual((found["after"]["mode"], found["after"]["base"]), ("safe", "0.048 mL/day"))
        self.assertIn("emergency", found["after"]["alarms"])

    def test_a_key_does_no_more_than_its_role_may(self):
        found = self.attack("role")
        self.assertEqual((found["verdict"], found["refused"]), ("unchanged", found["tried"]), found)
        self.assertGreaterEqual(found["tried"], 20)

    def test_a_change_by_somebody_with_a_key_is_seen(self):
        record = self.attack_begin("record", "--out", self.folder / "heard.pcap", "--witness", self.folder / "reader",
                                   line="before")
        self.desk("stop")
        record.send_signal(signal.SIGTERM)
        said = record.stdout.read()
        self.assertEqual(record.wait(), 1, said)
        self.assertIn("verdict   STATE CHANGED", said)
        self.assertIn("mode running became stopped", said)
        self.assertIn("a programmer opened a session (1, 2)", said)

    def test_a_pump_that_goes_away_is_told(self):
        record = self.attack_begin("record", "--out", self.folder / "heard.pcap", line="see")
        self.pump.kill()
        said = record.stdout.read()
        self.assertEqual(record.wait(), 1, said)
        self.assertIn("PROMISE BROKEN: the pump hung up", said)

    def test_a_lost_receipt_is_settled(self):
        relay = self.relay("--lose", "from", "--after", "4", "--witness", self.folder / "reader")
        said, _ = self.desk("bolus", "--volume", "0.01 mL", "--rate", "1 mL/day", "--patience", "250", code=4,
                            radio=self.folder / "air")
        self.assertIn("unknown: clinician_bolus", said)
        said = relay.stdout.read()
        self.assertEqual(relay.wait(), 1, said)
        self.assertIn("course_start", said)
        _, messages = self.desk("bolus", "--volume", "0.01 mL", "--rate", "1 mL/day", code=1)
        self.assertIn("the earlier clinician_bolus, whose outcome was unknown, was applied", messages)

    def test_a_therapy_cut_off_is_not_in_force(self):
        before = json.loads(self.desk("status", "--json")[0])
        higher = self.folder / "higher.json"
        higher.write_text(json.dumps({"catheter": {"length": "40 cm"}, "therapy": {
            **THERAPY, "name": "more", "program": {"kind": "continuous", "dose": "9 mg/day"}}}))
        for after in range(4, 10):
            with self.subTest(after=after):
                relay = self.relay("--lose", "both", "--after", str(after))
                ran = common.cisterna(common.DEV, "program", higher, "--yes", "--patience", "5", "--keys",
                                      self.folder / "clinician", env=self.environment(self.folder / "air"))
                self.assertNotEqual(ran.returncode, 0, ran.stdout)
                self.assertEqual(relay.wait(), 0)
                status = json.loads(self.desk("status", "--json")[0])
                self.assertEqual((status["mode"], status["base"], status["therapy"]),
                                 (before["mode"], before["base"], before["therapy"]))

    def test_without_a_witness_nothing_is_claimed(self):
        self.assertEqual(self.attack("knock", "--count", "5", witness=False)["verdict"], "unknown")


class Usage(unittest.TestCase):
    def test_what_cannot_be_is_told(self):
        for words, said in ((("knok",), 'did you mean "knock"'), ((), "needs a kind"),
                            (("knock", "--hex", "00"), "takes no --hex"),
                            (("inject",), "needs --hex BYTES or --file"), (("inject", "--hex", "0"), "half a byte"),
                            (("inject", "--hex", "0g"), "hexadecimal"), (("inject", "--hex", "00" * 253), "1 to 252"),
                            (("inject", "--hex", "00", "--raw", "--body"), "exclude"),
                            (("knock", "--count", "0"), "--count is a whole number"), (("knock", "--slot", "9"), "1 to 8"),
                            (("knock", "--reach", "sky"), "far, near or magnet"),
                            (("knock", "--cuont", "5"), "did you mean --count"),
                            (("record",), "needs --out"), (("replay",), "replay needs a capture"), (("starve",), "needs --from"),
                            (("replay", "absent.pcap"), "No such file"), (("relay",), "needs --as"),
                            (("relay", "--as", "x", "--lose", "all"), "to, from or both"), (("role",), "needs --witness"),
                            (("pair",), "needs --serial"), (("replay", "x", "--only", "NOISE"), "--only knows"),
                            (("knock", "knock"), "what is this for"), (("session", "--seed", "-1"), "--seed")):
            with self.subTest(words=words):
                ran = common.cisterna(common.DEV, "attack", "--radio", "nowhere", *words)
                self.assertEqual(ran.returncode, 2, ran.stderr)
                self.assertIn(said, ran.stderr)

    def test_there_must_be_a_pump(self):
        ran = common.cisterna(common.DEV, "attack", "--radio", "nowhere", "knock")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("no pump listens at nowhere/far", ran.stderr)
        with tempfile.NamedTemporaryFile() as tape:
            ran = common.cisterna(common.DEV, "attack", "--radio", "nowhere", "replay", tape.name)
        self.assertEqual(ran.returncode, 5)
        self.assertIn("no capture of this link", ran.stderr)

    def test_help_tells_every_kind(self):
        said = common.cisterna(common.DEV, "attack", "--help").stdout
        for kind in ("inject", "record", "replay", "fuzz", "knock", "pair", "emergency", "starve", "desync", "session",
                     "downgrade", "relay", "role"):
            self.assertRegex(said, rf"(?m)^  {kind} ")
            self.assertIn(f"--radio DIR {kind}", common.cisterna(common.DEV, "attack", kind, "--help").stdout)


if __name__ == "__main__":
    unittest.main()
