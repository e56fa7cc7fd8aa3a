"""behaviour_test.py - the patient of a played scenario keeps refill appointments or does not, and hears alarms or does not."""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import tempfile
import unittest

import common

LATE = common.ROOT / "examples/late-refills.json"
DAY_MS = 86400000
ALWAYS, NEVER = "1000", "0.000001"  # shares of a figure, which is above 0


class Behaviour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.room.name)
        cls.late = json.loads(LATE.read_text())

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    def played(self, scenario, *words, code=0):
        """Events and summary; self.out has the files, self.said what was told."""
        number = len(list(self.folder.iterdir()))
        path, self.out = self.folder / f"{number}.json", self.folder / f"{number}.out"
        path.write_text(json.dumps({**scenario, "expect": []}))
        ran = common.cisterna(common.RELEASE, "play", path, "--out", self.out, *words)
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.said = ran.stderr
        events = [json.loads(line) for line in (self.out / "events.ndjson").read_text().splitlines()]
        return events, json.loads((self.out / "summary.json").read_text())

    def behaving(self, tardy=NEVER, lateness="9 d", deaf=NEVER, **patient):
        figures = {"behaviour.tardy": tardy, "behaviour.lateness": lateness, "behaviour.deaf": deaf}
        return {**self.late, "patient": {**self.late["patient"], "figures": figures, **patient}}

    @staticmethod
    def told(events, *words):
        return [event for event in events if event["event"] in words]

    @staticmethod
    def refills(events):
        """The days of the refills after the first fill."""
        return [event["tick_ms"] / DAY_MS for event in events if event["event"] == "refill"][1:]

    def test_by_the_script_nothing_is_said_of_it(self):
        scripted = self.behaving(ALWAYS, deaf=ALWAYS, comes="scripted", hears="scripted")
        events, summary = self.played(scripted)
        self.assertEqual(self.refills(events), [28, 56, 84])
        self.assertEqual(self.told(events, "not_come", "comes_late", "alarm_heard", "alarm_missed"), [])
        self.assertFalse({"appointments", "soundings"} & set(summary["patient"]))
        neither = {name: value for name, value in scripted["patient"].items() if name not in ("comes", "hears")}
        self.assertEqual(self.played({**scripted, "patient": neither}), (events, summary))

    def test_who_is_never_late_comes_in_time(self):
        events, summary = self.played(self.behaving())
        self.assertEqual(self.refills(events), [28, 56, 84])
        self.assertEqual(summary["patient"]["appointments"], {"made": 3, "kept": 3, "late": 0, "missed": 0, "awaited": 0})

    def test_who_is_late_comes_at_the_same_time_of_a_later_day_and_all_of_the_visit_waits(self):
        scenario = self.behaving(ALWAYS, "2 d", hears="scripted")
        visits = [{**action, "retitrated": True} if action["do"] == "refill" else action for action in scenario["timeline"]]
        events, summary = self.played({**scenario, "timeline": visits})
        refills = self.refills(events)
        self.assertEqual(len(refills), 3)
        for day, refill in zip((28, 56, 84), refills):
            self.assertTrue(day < refill < day + 28 and refill == int(refill), refills)
        self.assertEqual([event["tick_ms"] / DAY_MS for event in self.told(events, "not_come")], [28, 56, 84])
        late = self.told(events, "comes_late")
        self.assertEqual([event["tick_ms"] / DAY_MS for event in late], refills)
        self.assertEqual([int(event["late"].split(" d")[0]) for event in late],
                         [refill - day for day, refill in zip((28, 56, 84), refills)])
        cleared = [event["tick_ms"] / DAY_MS for event in events
                   if event["event"] == "alarm_cleared" or event.get("command_word") == "clear_alarm"]
        self.assertEqual(sorted(set(cleared)), refills)
        self.assertEqual(summary["patient"]["appointments"], {"made": 3, "kept": 0, "late": 3, "missed": 0, "awaited": 0})

    def test_who_does_not_come_before_the_next_appointment_has_missed_it(self):
        scenario = self.behaving(ALWAYS, "1000000 d", hears="scripted")
        events, summary = self.played(scenario)
        self.assertEqual((self.refills(events), summary["mode"]), ([], "empty"))
        self.assertEqual(summary["patient"]["appointments"], {"made": 3, "kept": 0, "late": 0, "missed": 2, "awaited": 1})
        missed = [(event["tick_ms"] / DAY_MS, event["what"], event["reason"]) for event in self.told(events, "not_done")]
        self.assertEqual(missed, [(day, what, "the patient did not come")
                                  for day in (56, 84) for what in ("refill", "clear_alarm")])
        self.assertGreater(float(summary["patient"]["withdrawal_most"]), 0.5)
        for i, sentence in ((0, "the patient did not come"), (4, "the patient has not come yet")):
            timeline = json.loads(json.dumps(scenario["timeline"]))
            timeline[i]["must"] = "apply"
            self.played({**scenario, "timeline": timeline}, code=1)
            self.assertIn(f'this "refill" must apply, and {sentence}', self.said)

    def test_who_hears_calls_and_is_seen_the_next_day(self):
        events, summary = self.played(self.behaving(ALWAYS, "1000000 d"))
        self.assertEqual(summary["patient"]["appointments"]["missed"], 0)
        soundings = summary["patient"]["soundings"]
        self.assertLess(soundings["missed"], soundings["heard"])  # a drowsy patient hears less
        called = [event for event in self.told(events, "alarm_heard") if event.get("visit") == "sooner"]
        self.assertEqual(len(called), 3)
        for call, came in zip(called, self.told(events, "comes_late")):
            self.assertTrue(0 < came["tick_ms"] - call["tick_ms"] <= DAY_MS)
        deaf = self.played(self.behaving(ALWAYS, "1000000 d", ALWAYS))
        self.assertEqual((self.told(deaf[0], "alarm_heard"), deaf[1]["patient"]["soundings"]["heard"]), ([], 0))
        self.assertEqual(len(self.told(deaf[0], "alarm_missed")), 1)  # the first; the summary counts them
        self.assertGreater(deaf[1]["patient"]["soundings"]["missed"], 1000)
        self.assertEqual(self.refills(deaf[0]), [])
        worst = [float(run["patient"]["withdrawal_most"]) for run in (summary, deaf[1])]
        self.assertLess(worst[0], worst[1])

    def test_what_is_heard_is_what_sounds(self):
        events, _ = self.played(self.behaving())
        raised = {event["tick_ms"] for event in events if event["event"] == "alarm_raised"}
        first = self.told(events, "alarm_heard")[0]
        self.assertTrue(0 <= first["tick_ms"] - min(raised) <= 300000)
        self.assertEqual((first["tone"], first["missed_before"]), ("one beep", 0))
        stall = {"at": "3 d", "who": "hardware", "do": "stall", "for": "2 d"}
        tones = [event["tone"] for event in self.told(
            self.played({**self.behaving(), "until": "6 d", "timeline": [stall]})[0], "alarm_heard")]
        self.assertEqual(tones, ["two tones", "two tones"])  # and nothing more within a day of each call
        dead = {"at": "3 d", "who": "hardware", "do": "sounder_dead"}
        silent = self.played({**self.behaving(), "until": "6 d", "timeline": [dead, stall]})
        self.assertGreater(silent[1]["alarms"]["motor_stall"]["count"], 0)
        self.assertEqual(silent[1]["patient"]["soundings"], {"heard": 0, "missed": 0})

    def test_breath_that_stops_is_told(self):
        asks = json.loads((common.ROOT / "examples/patient-asks.json").read_text())
        asks["patient"]["figures"]["breathing.apnoea-at"] = "0.8"
        events, summary = self.played(asks)
        told = self.told(events, "breathing_stops", "breathing_returns")
        self.assertGreater(len(told), 1)
        for i, event in enumerate(told):
            self.assertEqual((event["who"], event["event"]), ("patient", ("breathing_stops", "breathing_returns")[i % 2]))
        self.assertEqual(summary["patient"]["apnoea"]["times"], (len(told) + 1) // 2)
        rows = [line.split(",") for line in (self.out / "series.csv").read_text().splitlines()]
        seconds, breathing = rows[0].index("t_s"), rows[0].index("breathing")
        for row in rows[1:]:  # between the looks of five minutes it may have turned
            before = [event for event in told if event["tick_ms"] <= float(row[seconds]) * 1000]
            stopped = bool(before) and before[-1]["event"] == "breathing_stops"
            if abs(float(row[breathing]) - 0.8) > 0.005:
                self.assertEqual(float(row[breathing]) < 0.8, stopped, row[seconds])
        del asks["patient"]["figures"]["breathing.apnoea-at"]
        self.assertNotIn("apnoea", self.played(asks)[1]["patient"])

    def test_the_seed_decides_and_nothing_else(self):
        def bytes_of(*words):
            self.played(self.late, *words)
            return [(self.out / name).read_bytes() for name in ("events.ndjson", "series.csv", "summary.json")]
        whole = bytes_of()
        self.assertEqual(bytes_of(), whole)
        self.assertNotEqual(bytes_of("--seed", "2")[0], whole[0])
        part = bytes_of("--until", "40 d")[0]
        before = [line for line in whole[0].splitlines() if json.loads(line)["tick_ms"] < 40 * DAY_MS]
        self.assertEqual(part.splitlines()[:len(before)], before)
        events, summary = self.played({**self.late, "series": "5 d"})
        ran = common.cisterna(common.RELEASE, "play", self.out.with_suffix(".json"), "--json")
        self.assertEqual(json.loads(ran.stdout), summary)
        self.assertEqual(events, [json.loads(line) for line in whole[0].splitlines()])


if __name__ == "__main__":
    unittest.main()
