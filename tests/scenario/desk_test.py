"""desk_test.py - a programmer on the command line at a virtual pump: pairing, status, therapy, refill, commands whose outcome is
applied, not applied or unknown, the log, and what stands in files. REQ-LINK-04, REQ-CLIN-02, -03, -06, HZ-28."""
# SPDX-License-Identifier: Apache-2.0
import datetime
import fcntl
import json
import os
import subprocess
import unittest

import common
import desk
from desk import PASSPHRASE, SERIAL, THERAPY, Proxy


class Commands(desk.Desk):
    def test_a_pump_is_paired_filled_and_programmed(self):
        said, _ = self.pair()
        self.assertIn(f'paired with {SERIAL} as clinician "ward tablet", slot 1', said)
        status = self.told("status")
        self.assertEqual(status["mode"], "new")
        self.assertEqual(status["clock"], "not known how far from this programmer's clock: it was never set")
        self.done("clock", "2026-03-01T08:00:00+01:00")
        said, asked = self.done("refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL", "--drug", "morphine",
                                "--concentration", "25 mg/mL", "--dead-drug-free", "--therapy", self.therapy(),
                                stdin="6 mg/day\n")
        self.assertIn("applied: refill, at 2026-03-01T0", said)
        self.assertRegex(said, r"\* morphine, base of a day +- +5 mg/day\n")
        self.assertRegex(said, r"\* morphine, most in any 24 h +- +6 mg/day\n")  # four boluses of 0.01 mL besides
        self.assertIn("Type the most morphine", asked)
        status = self.told("status")
        self.assertEqual((status["pump"], status["mode"], status["base"]), (SERIAL, "running", "0.2 mL/day"))
        self.assertEqual(status["drugs"], {"morphine": {"concentration": "25 mg/mL", "dose_at_this_flow": "5 mg/day"}})
        self.assertRegex(status["reservoir_calculated"], r"^1(7\.99\d+|8\.0+) mL$")
        text, _ = self.done("status")
        self.assertIn("running: the therapy in force flows", text)
        self.assertIn("5 mg/day at this flow", text)
        self.assertIn("reservoir, calculated", text)

    def test_how_far_the_pump_s_clock_is_from_this_one(self):
        """In each zone the same; a correction stands in the pump's log with the offsets before and after. REQ-TIME-08, HZ-29"""
        self.pair()
        now = datetime.datetime.now(datetime.timezone.utc)
        for zone, hours, words in (("+00:00", -5, "behind"), ("+02:00", -5, "behind"), ("-03:30", 5, "ahead of")):
            local = now.astimezone(datetime.datetime.strptime(zone, "%z").tzinfo) + datetime.timedelta(hours=hours)
            self.done("clock", local.strftime("%Y-%m-%dT%H:%M:%S") + zone)
            # The pump here may run faster than the world: the hours hold, within one.
            self.assertRegex(self.told("status")["clock"], rf"^[456] h (\d+ min )?{words} this programmer's clock$")
            self.assertRegex(self.done("status")[0], rf"\n +[456] h (\d+ min )?{words} this programmer's clock\n")
        told = [json.loads(line) for line in self.done("log", "--json")[0].splitlines()]
        offsets = [(one["offset_before_ms"], one["offset_after_ms"]) for one in told if one["event"] == "clock_set"]
        self.assertEqual(len(offsets), 3)
        self.assertEqual([before for before, _ in offsets[1:]], [after for _, after in offsets[:-1]])

    def test_the_time_of_utc_is_one(self):
        self.pair()
        self.done("clock", "2026-03-01T08:00:00Z")
        self.assertRegex(self.done("clock", "2026-03-01T08:00:00Z")[0], r"at 2026-03-01T08:0\d:[0-9.]+\+00:00")

    def test_a_label_that_is_taken_is_told_whole(self):
        self.pair(label="desk")
        _, said = self.done("pair", "--card-file", self.radio / "card.txt", "--role", "reader", "--label", "Desk", code=2)
        self.assertIn("the clinician's key for this pump already; give another than Desk", said)

    def test_a_dose_is_typed_again_and_steep_steps_are_not_taken(self):
        self.implant()
        double = self.therapy("double.json", program={"kind": "continuous", "dose": "10 mg/day"}, patient_bolus=None)
        for typed in ("", "yes\n", "10 mg/day\n", "10 mg/day\n5 mg/day\n", "10 mg/day\n10 mg\n",
                      "5 mg/day\n10 mg/day\n"):
            _, messages = self.done("program", double, code=1, stdin=typed)
            self.assertIn("not activated", messages)
        self.assertEqual(self.told("status")["base"], "0.2 mL/day")
        self.assertIn("not activated", self.done("program", double, "--yes", code=1)[1])
        said, messages = self.done("program", double, stdin="10 mg/day\n10 mg/day\n")
        self.assertIn("!! the base of morphine becomes twice as much, or more: now 5 mg/day, NEW 10 mg/day", messages)
        self.assertRegex(said, r"\* base flow +0\.2 mL/day +0\.4 mL/day\n")
        self.assertRegex(said, r"  largest flow +4 mL/day +4 mL/day\n")
        self.assertRegex(said, r"\* patient's bolus, lockout +240 min +-\n")
        self.assertIn("applied: activate", said)
        self.assertEqual(self.told("status")["base"], "0.4 mL/day")
        steep = self.therapy("steep.json", program={"kind": "continuous", "rate": "0.048 mL/day"}, patient_bolus=None)
        _, messages = self.done("program", steep, "--yes")
        self.assertIn("half the present dose of morphine, or less; withdrawal of this drug is a hazard", messages)
        tenfold = self.therapy("tenfold.json", program={"kind": "continuous", "rate": "0.48 mL/day"}, patient_bolus=None)
        _, messages = self.done("program", tenfold, "--yes", code=3)
        self.assertIn("the base of morphine goes from 1.2 mg/day to 12 mg/day, 10 times as much or more: not activated; at "
                      "once it may go to less than 12 mg/day", messages)
        low = {"kind": "continuous", "rate": "0.048 mL/day"}
        asked = {"volume": "0.02 mL", "over": "10 min", "lockout": "30 min", "max_per_day": 24, "expiry": "90 d"}
        often = self.therapy("often.json", program=low, patient_bolus=asked)
        _, messages = self.done("program", often, "--yes", code=3)
        self.assertIn("the most in any 24 h of morphine goes from 1.2 mg/day to 13.2 mg/day", messages)
        bridge = {"kind": "bridge", "volume": "0.1 mL", "rate": "0.48 mL/day"}
        bridged = self.therapy("bridged.json", program=low, patient_bolus=None, opening=bridge)
        _, messages = self.done("program", bridged, "--yes", code=3)
        self.assertIn("the flow of the bridge goes from 0.048 mL/day to 0.48 mL/day", messages)
        # Not in two steps either, unless each is typed.
        half_way = self.therapy("half_way.json", program={"kind": "continuous", "rate": "0.2 mL/day"}, patient_bolus=None)
        self.done("program", half_way, "--yes", code=1)
        self.assertEqual(self.told("status")["base"], "0.048 mL/day")

    def test_the_24_hours_of_a_program_are_shown(self):
        """REQ-CLIN-07, HZ-01, HZ-22: the curve, and doses a day times dose as the daily total."""
        self.implant()
        week = {"monday": "work", "tuesday": "work", "wednesday": "work", "thursday": "work", "friday": "work",
                "saturday": "rest", "sunday": "rest"}
        flex = {"kind": "flex", "week": week,
                "day_sets": {"work": [{"from": "00:00", "dose": "4 mg/day"}, {"from": "06:00", "dose": "6 mg/day"},
                                      {"from": "18:00", "dose": "5 mg/day"}],
                             "rest": [{"from": "00:00", "dose": "5 mg/day"}]}}
        said, _ = self.done("program", self.therapy("flex.json", program=flex, patient_bolus=None), code=1, stdin="\n")
        for line in ("  24 hours of the new program, morphine:", "  Monday, Tuesday, Wednesday, Thursday, Friday",
                     "    0 h |" + 12 * "*" + 24 * "@" + 12 * "#" + "| 24 h",
                     "    00:00 4 mg/day, 06:00 6 mg/day, 18:00 5 mg/day",
                     "    daily total 5.25 mg", "  Saturday, Sunday", "    00:00 5 mg/day", "    daily total 5 mg"):
            self.assertIn(line + "\n", said)
        periodic = {"kind": "periodic", "dose": "2.4 mg/day",
                    "bolus": {"dose": "0.5 mg", "over": "30 min", "every": "6 h", "first": "1 h"}}
        said, _ = self.done("program", self.therapy("periodic.json", program=periodic, patient_bolus=None), code=1, stdin="\n")
        for line in ("  from the beginning of a bolus", "    0 h |" + 4 * ("@" + 11 * ".") + "| 24 h",
                     "    every 6 hours: 4 doses a day times 0.5 mg = 2 mg, and the base 2.4 mg", "    daily total 4.4 mg"):
            self.assertIn(line + "\n", said)

    def test_all_that_is_counted_into_the_most_of_a_day_is_typed(self):
        self.implant()
        more = {"opening": {"kind": "single", "volume": "0.02 mL", "over": "20 min"}}
        path = self.therapy("opening.json", **more)
        said, _ = self.done("program", path, code=1, stdin="6 mg/day\n")
        self.assertRegex(said, r"\* morphine, most in any 24 h +6 mg/day +6\.5 mg/day\n")
        self.assertRegex(said, r"  morphine, base of a day +5 mg/day +5 mg/day\n")
        said, _ = self.done("program", path, stdin="6.5 mg/day\n")
        self.assertIn("applied: activate", said)

    def test_a_slip_of_ten_is_caught_wherever_it_is(self):
        low = {"drug": "morphine", "hour": "2 mg", "day": "10 mg"}
        limits = {"drugs": [low], "bolus_max": "0.01 mL", "rate_max": "4 mL/day"}
        bolus = {"volume": "0.002 mL", "over": "10 min", "lockout": "2 h", "max_per_day": 2, "expiry": "90 d"}
        first = {"limits": limits, "patient_bolus": bolus}
        self.pair()
        self.done("refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL", "--drug", "morphine",
                  "--concentration", "25 mg/mL", "--dead-drug-free", "--lot", "L-17", "--therapy", self.therapy(**first), "--yes")
        tenfold = {
            "the patient's bolus of morphine goes from 0.05 mg to 0.5 mg":
                {"limits": {**limits, "bolus_max": "0.02 mL"}, "patient_bolus": {**bolus, "volume": "0.02 mL"}},
            "the patient's boluses of a day of morphine goes from 0.1 mg to 1 mg":
                {**first, "patient_bolus": {**bolus, "max_per_day": 20}},
            "the largest bolus of morphine goes from 0.25 mg to 2.5 mg": {**first, "limits": {**limits, "bolus_max": "0.1 mL"}},
            "the limit of an hour of morphine goes from 2 mg to 20 mg":
                {**first, "limits": {**limits, "drugs": [{**low, "hour": "20 mg", "day": "40 mg"}]}},
            "the limit of a day of morphine goes from 10 mg to 100 mg":
                {**first, "limits": {**limits, "drugs": [{**low, "day": "100 mg"}]}},
        }
        for said, changes in tenfold.items():
            with self.subTest(said):
                self.assertIn(said, self.done("program", self.therapy(**changes), "--yes", code=3)[1])
        twice = {"!! the patient's bolus of morphine becomes twice as much, or more: now 0.05 mg, NEW 0.1 mg":
                     ({**first, "patient_bolus": {**bolus, "volume": "0.004 mL"}}, "0.1 mg\n0.2 mg\n"),
                 "!! the limit of a day of morphine becomes twice as much, or more: now 10 mg, NEW 39 mg":
                     ({**first, "limits": {**limits, "drugs": [{**low, "day": "39 mg"}]}}, "39 mg\n")}
        for said, (changes, typed) in twice.items():
            with self.subTest(said):
                path = self.therapy(**changes)
                _, messages = self.done("program", path, code=1, stdin="1 mg\n" + typed)
                self.assertIn(said, messages)
                self.assertIn("not activated", messages)
                _, messages = self.done("program", path, code=1, stdin=typed)
                self.assertIn("Type the most morphine", messages)  # all but the last was right

    def test_a_stop_never_waits_for_a_person_who_is_asked(self):
        self.implant()
        higher = self.therapy("higher.json", program={"kind": "continuous", "dose": "6 mg/day"})
        waiting = self.asked("program", higher)
        self.assertEqual(self.told("stop")["outcome"], "applied")
        code, said, _ = self.answered(waiting, "7 mg/day\n")
        self.assertIn("the pump's ledger has moved on", said)
        self.assertEqual((code, self.told("status")["mode"]), (3, "stopped"))
        self.done("resume")
        # Somebody who only looks costs it the session, not the answer; and what it wrote down is not written over.
        waiting = self.asked("program", higher)
        self.assertEqual(self.told("status")["base"], "0.2 mL/day")
        before = self.told("bolus", "--volume", "0.03 mL", "--rate", "1 mL/day", code=3)["id"]
        code, said, _ = self.answered(waiting, "7 mg/day\n")
        self.assertIn("applied: activate", said)
        self.assertEqual((code, self.told("status")["base"]), (0, "0.24 mL/day"))
        self.assertGreater(int(self.told("receipt")["id"]), int(before))

    def test_a_command_waits_a_little_for_one_who_has_the_keys(self):
        self.implant()
        environment = {**os.environ, "CISTERNA_PASSPHRASE": PASSPHRASE, "CISTERNA_RADIO": str(self.radio)}
        with open(f"{self.keys}.lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with subprocess.Popen([common.DEV, "stop", "--keys", str(self.keys)], cwd=common.ROOT, env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as stop:
                self.assertIn("another process is using it; waiting for it", stop.stderr.readline())
                fcntl.flock(lock, fcntl.LOCK_UN)
                said, messages = stop.communicate()
        self.assertIn("applied: stop", said)
        self.assertEqual((stop.returncode, messages), (0, ""))

    def test_keys_that_are_gone_or_left_unsettled_end_what_was_asked(self):
        self.implant()
        waiting = self.asked("program", self.therapy())
        Proxy(self.folder / "lossy", self.radio / "near", 4).start()
        self.done("stop", "--patience", "50", code=4, radio=self.folder / "lossy")
        code, _, messages = self.answered(waiting, "6 mg/day\n")
        self.assertIn("the earlier stop, whose outcome was unknown, was applied", messages)
        self.assertEqual(code, 1)
        self.done("resume")
        waiting = self.asked("program", self.therapy())
        self.keys.rename(self.folder / "elsewhere")
        code, said, messages = self.answered(waiting, "6 mg/day\n")
        self.assertIn("there is no such file", messages)
        self.assertEqual(code, 1)
        self.assertNotIn("applied", said)

    def test_refusals_tell_every_reason_and_what_would_be_possible(self):
        self.implant()
        said, _ = self.done("bolus", "--volume", "0.03 mL", "--rate", "1 mL/day", code=3)
        self.assertIn("not applied: clinician_bolus: the bolus is larger than the largest allowed", said)
        self.assertIn("nearest possible: 0.020000 mL", said)
        told = self.told("bolus", "--volume", "0.03 mL", "--rate", "1 mL/day", code=3)
        self.assertEqual((told["outcome"], told["nearest"]), ("not_applied", "0.020000 mL"))
        self.assertIn("bolus_size", told["reasons"])
        self.pair("patient", "pocket")
        self.assertEqual(self.told("bolus", "--role", "patient")["outcome"], "applied")
        told = self.told("bolus", "--role", "patient", code=3)
        self.assertIn("lockout", told["reasons"])
        self.assertIn("earliest", told)
        self.assertEqual(self.told("receipt", "--role", "patient")["reasons"], told["reasons"])
        said, _ = self.done("stop", "--role", "patient", code=3)
        self.assertIn("this key may not give this command", said)

    def test_the_clinics_rules_refuse_before_anything_is_sent(self):
        """Formulary, residual and fill are judged by the clinic's workflow; the pump hears nothing of what it holds up."""
        self.implant()
        fill = {"--withdrawn": "18 mL", "--filled": "18 mL", "--drawn-up": "18 mL", "--drug": "morphine",
                "--concentration": "25 mg/mL"}
        held = {
            ("--drawn-up", "19 mL"): "18 mL is said to be in the pump, but the syringe held 19 mL: both must be the same",
            ("--filled", "40 mL"): "a fill of 40 mL does not go into the reservoir of C20: at most 20 mL would",
            ("--concentration", "10 mg/mL"): "workflow bridge is for that",
            ("--drug", "fentanyl"): "fentaNYL has no entry in the formulary of region US",
            ("--withdrawn", "0 mL"): "a needle that gives none may be in the pocket",
            ("--withdrawn", "16 mL"): "over-infusion: measure again",
        }
        for (option, value), said in held.items():
            with self.subTest(said):
                words = [word for pair in {**fill, option: value}.items() for word in pair]
                _, messages = self.done("refill", *words, code=3)
                self.assertIn(said, messages)
                self.assertIn("refused by the clinic's rules: nothing was sent", messages)
        limits = {"drugs": [{"drug": "morphine", "hour": "3 mg", "day": "45 mg"}], "bolus_max": "0.02 mL", "rate_max": "4 mL/day"}
        _, messages = self.done("program", self.therapy("high.json", limits=limits), "--yes", code=3)
        self.assertIn("would let the pump give up to 45 mg/day of morphine: a limit of 40 mg/day or less would pass", messages)
        other = self.therapy("other.json", region="XX")
        self.assertIn('therapy.region: "XX" is not known here', self.done("program", other, code=2)[1])
        events = [json.loads(line)["event"] for line in self.done("log", "--json")[0].splitlines()]
        self.assertEqual((events.count("staged"), events.count("refill"), events.count("refused")), (1, 1, 0))
        words = [word for pair in {**fill, "--withdrawn": "16 mL", "--cause": "over_infusion"}.items() for word in pair]
        said, messages = self.done("refill", *words)
        self.assertIn("applied: refill", said)
        self.assertIn("watch the patient for 30 min", messages)

    def test_an_unknown_outcome_is_settled_before_anything_else(self):
        self.implant()
        # What passes: the answer to the knock, capability, status twice; then the receipt is lost.
        Proxy(self.folder / "lossy", self.radio / "near", 4).start()
        said, _ = self.done("stop", "--patience", "50", code=4, radio=self.folder / "lossy")
        self.assertIn("unknown: stop was sent", said)
        self.assertIn("cisterna status", said)
        _, messages = self.done("resume", code=1)
        self.assertIn("the earlier stop, whose outcome was unknown, was applied", messages)
        self.assertIn("not given, because of that", messages)
        self.assertEqual(self.told("status")["mode"], "stopped")
        self.assertEqual(self.told("resume")["outcome"], "applied")
        self.assertEqual(self.told("receipt")["command"], "resume")

    def test_what_was_lowered_goes_up_again_only_with_a_word_on_how_long(self):
        """The pump does not count its least flow as an interruption: who resumes says it, and sees by how much the flow rises."""
        self.implant()
        self.done("minimum")
        _, messages = self.done("resume", code=3)
        self.assertIn("0.048 mL/day flows now; the therapy in force gives up to 0.2 mL/day: 4.166667 times as much", messages)
        self.assertIn("--stopped-for SPAN would pass, up to 24 h", messages)
        _, messages = self.done("resume", "--stopped-for", "25 h", code=3)
        self.assertIn("the dose must be found anew", messages)
        self.done("resume", "--stopped-for", "25 mL", code=2)
        self.assertEqual(self.told("status")["mode"], "minimum")
        self.done("resume", "--stopped-for", "24 h")
        self.assertEqual(self.told("status")["mode"], "running")
        self.done("minimum")
        self.done("resume", "--retitrated")
        self.assertEqual(self.told("status")["mode"], "running")
        # And another therapy: the table compares with what flows, not with what is in force.
        self.done("minimum")
        higher = self.therapy("higher.json", program={"kind": "continuous", "dose": "6 mg/day"})
        _, messages = self.done("program", higher, "--yes", code=3)
        self.assertIn("the dose must be found anew", messages)
        said, messages = self.done("program", higher, "--yes", "--stopped-for", "1 h")
        self.assertIn("morphine flows at 1.2 mg/day now, as the dose was lowered; 6 mg/day is 5 times as much", messages)
        self.assertRegex(said, r"\* morphine, base of a day +1\.2 mg/day +6 mg/day")

    def test_the_log_tells_what_happened(self):
        self.implant()
        self.done("stop")
        lines = [json.loads(line) for line in self.done("log", "--json")[0].splitlines()]
        events = [line["event"] for line in lines]
        self.assertEqual([line["sequence"] for line in lines], list(range(1, len(lines) + 1)))
        for event in ("boot", "paired", "session", "staged", "refill", "activated", "mode"):
            self.assertIn(event, events)
        lot = lines[events.index("lot")]
        self.assertEqual((lot["lot_low"], lot["lot_high"]), (int.from_bytes(b"L-17", "little"), 0))
        self.assertEqual(lines[-2]["to_word"] if events[-2] == "mode" else "stopped", "stopped")
        self.done("bolus", "--volume", "0.03 mL", "--rate", "1 mL/day", code=3)
        common.cisterna(common.DEV, "emergency", "lower", "--radio", self.radio)
        text, messages = self.done("log", "--from", "1")
        for said in (r"paired  slot 1  role clinician\n", r"mode  from running  to stopped  cause \d", r"lot  \"L-17\"\n",
                     r"opening none\n", r"alarm_raised  alarm emergency  priority 3",
                     r"refused  command clinician_bolus  because of not_running  earliest_ms never  detail 0\n"):
            self.assertRegex(text, said)
        self.assertIn("0 gaps, 0 breaks of the chain", messages)
        self.done("log", "--ring", "faults")

    def test_programmers_are_listed_and_forgotten(self):
        self.pair()
        self.pair("reader", "ward screen")
        peers = self.told("peers", "--role", "clinician")["peers"]
        self.assertEqual([(peer["slot"], peer["role"], peer["label"], peer["here"]) for peer in peers],
                         [(1, "clinician", "ward tablet", True), (2, "reader", "ward screen", False)])
        self.done("unpair", "2", "--role", "clinician")
        self.done("status", "--role", "reader", "--patience", "20", code=1)
        said, _ = self.pair("reader", "ward screen")
        self.assertIn("slot 2", said)
        _, messages = self.done("status", code=2)
        self.assertIn("--role reader", messages)
        self.done("program", self.therapy(), "--role", "reader", code=3, stdin="5 mg/day\n")

    def test_an_emergency_needs_no_key(self):
        self.implant()
        told = json.loads(self.done("stop", "--json")[0])
        self.assertEqual(told["outcome"], "applied")
        self.done("resume")
        identity = json.loads(common.cisterna(common.DEV, "emergency", "lower", "--radio", self.radio, "--json").stdout)
        self.assertEqual((identity["pump"], identity["lowered"], identity["base"]), (SERIAL, True, "0.048 mL/day"))
        self.assertIn("emergency", [alarm["alarm"] for alarm in self.told("status")["alarms"]])
        self.done("clear-alarm", "emergency")
        self.assertEqual(self.told("status")["alarms"], [])

    def test_keys_are_guarded(self):
        self.pair()
        self.assertEqual(self.keys.stat().st_mode & 0o777, 0o600)
        _, messages = self.done("status", code=1, CISTERNA_PASSPHRASE="another")
        self.assertIn("the passphrase is not the one it was sealed with; give the other one: --passphrase-file", messages)
        whole = self.keys.read_bytes()
        self.keys.write_bytes(whole[:-1])
        self.assertIn("put a sound copy in its place", self.done("status", code=5)[1])
        self.keys.write_bytes(whole[:4] + b"\2" + whole[5:])
        self.done("status", code=6)
        self.keys.write_bytes(whole)
        self.done("status")
        passphrase = self.folder / "passphrase"
        passphrase.write_text(PASSPHRASE + "\n")
        self.done("status", "--passphrase-file", passphrase, CISTERNA_PASSPHRASE="")
        self.done("status", CISTERNA_PASSPHRASE="", stdin=PASSPHRASE + "\n")

    def test_what_cannot_be_is_told_as_usage(self):
        self.pair()
        for words, said in ((("bolus", "--volume", "2", "--rate", "1 mL/day"), "--volume needs a volume"),
                            (("bolus", "--volume", "0.01 mL"), "--rate needs"),
                            (("silence",), "--minutes"), (("silence", "--minutes", "721"), "1 to 720"),
                            (("silence", "--minutes", "-1"), "1 to 720"), (("clear-alarm", "nothing"), "no such alarm"),
                            (("clear-alarm",), "needs ALARM"), (("unpair", "9"), "1 to 8"),
                            (("stop", "--volume", "1 mL"), "takes no"),
                            (("stop", "now"), "takes no more"), (("status", "--near", "--far"), "exclude"),
                            (("status", "--jsn"), "did you mean --json"), (("log", "--ring", "onion"), "events or faults"),
                            (("clock", "noon"), "2026-03-01"), (("receipt", "x"), "whole number"),
                            (("status", "--pump", "SIM-0043"), "no such key"), (("emergency", "kill"), "identify or lower"),
                            (("refill", "--withdrawn", "0 mL", "--filled", "1 mL", "--drawn-up", "1 mL", "--drug", "gold"),
                             "no drug"),
                            (("clock", "2026-03-01T08:00:00z"), "2026-03-01T07:00:00Z"),
                            (("clock", "2026-02-30T08:00:00Z"), "2026-03-01T07:00:00Z"),
                            (("program", self.folder / "absent.json"), "cannot read")):
            with self.subTest(words=words):
                self.assertIn(said, self.done(*words, code=2)[1])
        card = self.folder / "card"
        card.write_text("0123456789")
        self.assertIn("that is no card", self.done("pair", "--card-file", card, "--role", "reader", "--label", "x", code=2)[1])
        card.write_text("00000-00000-00000-00000-000000")
        words = ("pair", "--card-file", card, "--role", "reader", "--label", "x", "--serial", SERIAL, "--patience", "20")
        self.assertIn("another pump's", self.done(*words, code=1)[1])


if __name__ == "__main__":
    unittest.main()
