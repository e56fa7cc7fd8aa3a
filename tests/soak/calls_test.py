"""calls_test.py - hundreds of sessions over a bad air without a breach, with everything in them that can go wrong; the same lives
whatever the number of processes; bad words on the command line are named."""
# SPDX-License-Identifier: Apache-2.0
import json
import unittest

import common


def lives(ran):
    return [json.loads(line) for line in ran.stdout.splitlines()]


def total(told, *names):
    """The sum over all lives of a number, found by these names one within the other."""
    result = 0
    for life in told:
        for name in names:
            life = life[name]
        result += life
    return result


class Calls(unittest.TestCase):
    def test_nothing_happens_twice_and_nothing_is_lost(self):
        ran = common.cisterna("calls", "--sessions", 1280, "--seed", 11, "--jobs", 2, "--json")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        told = lives(ran)
        self.assertEqual(total(told, "sessions"), 1280)
        for life in told:
            self.assertNotIn("breach", life)
            self.assertEqual(life["commands"]["unknown"], 0)
        # And it was a bad air, and a pump and programmers that failed.
        for least, *names in ((800, "opened"), (150, "died"), (10, "restored"), (10, "unkept"), (30, "unknown"), (100, "resets"),
                              (50, "cuts"), (10, "hangs"), (3, "memory_lost"), (200, "courses"), (100, "mode_changes"),
                              (500, "replayed"), (500, "commands", "applied"), (300, "commands", "not_applied"),
                              (15, "commands", "later_applied"), (5, "commands", "later_not_applied"),
                              (5, "commands", "later_never_seen"), (5000, "to_pump", "lost"), (500, "to_pump", "repeated"),
                              (500, "to_pump", "overtaken"), (100, "to_pump", "damaged"), (2000, "from_pump", "lost")):
            self.assertGreater(total(told, *names), least, names)

    def test_a_clear_air_loses_nothing(self):
        ran = common.cisterna("calls", "--sessions", 192, "--seed", 12, "--loss", 0, "--json")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(total(lives(ran), "to_pump", "lost") + total(lives(ran), "from_pump", "lost"), 0)

    def test_the_same_lives_in_any_number_of_processes(self):
        words = ("calls", "--sessions", 200, "--seed", 13, "--json")
        one, three = common.cisterna(*words), common.cisterna(*words, "--jobs", 3)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(one.stdout, three.stdout)
        alone = common.cisterna(*words, "--life", 3)
        self.assertEqual(lives(alone), [lives(one)[3]])
        self.assertEqual(lives(alone)[0]["sessions"], 200 - 3 * 64)

    def test_a_life_can_be_read(self):
        ran = common.cisterna("calls", "--sessions", 64, "--life", 0, "--trace")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue({"clinician", "patient", "pump"} <= {line["who"] for line in lives(ran)})

    def test_bad_words_are_named(self):
        for words, named in ((["--sessions", "0"], "--sessions"), (["--loss", "91"], "--loss"), (["--jobs", "0"], "--jobs"),
                             (["--life", "x"], "--life"), (["--life", "16"], "--life"), (["--trace"], "--life"),
                             (["file"], "file"), (["--sesions"], "sesions")):
            ran = common.cisterna("calls", *words)
            self.assertEqual(ran.returncode, 2, words)
            self.assertIn(named, ran.stderr)


if __name__ == "__main__":
    unittest.main()
