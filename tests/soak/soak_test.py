"""soak_test.py - a hundred pump-years without a broken promise; the same lives whatever the number of processes; bad
words on the command line are named."""
# SPDX-License-Identifier: Apache-2.0
import json
import unittest

import common


def lives(ran):
    return [json.loads(line) for line in ran.stdout.splitlines()]


class Soak(unittest.TestCase):
    def test_no_promise_is_broken(self):
        for words in (["--years", 60, "--seed", 11], ["--years", 30, "--seed", 12, "--faults", "none"]):
            ran = common.cisterna("soak", *words, "--jobs", 2)
            self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_a_year_holds_many_quanta(self):
        told = lives(common.cisterna("soak", "--years", 30, "--seed", 13, "--json"))
        self.assertEqual(len(told), 30)
        self.assertGreater(sum(life["quanta"] for life in told) / sum(life["days"] for life in told) * 365, 300000)

    def test_every_fault_of_the_mix_strikes(self):
        told = lives(common.cisterna("soak", "--years", 40, "--seed", 14, "--json"))
        struck = set().union(*(life["faults"] for life in told))
        for word in ("brown_out", "power_off", "hang", "cut_door", "flip", "flip_two", "drift", "stall", "field", "magnet",
                     "slip", "overinfusion", "kink", "leak", "sensor_stuck"):
            self.assertIn(word, struck)
        for life in told:
            for row in life["faults"].values():
                self.assertEqual(row["injected"], row["detected"] + row["masked"] + row["harmful"])

    def test_the_same_lives_in_any_number_of_processes(self):
        one = common.cisterna("soak", "--years", 9, "--seed", 15, "--json")
        three = common.cisterna("soak", "--years", 9, "--seed", 15, "--json", "--jobs", 3)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(one.stdout, three.stdout)

    def test_one_life_alone_is_the_same(self):
        all_nine = lives(common.cisterna("soak", "--years", 9, "--seed", 15, "--json"))
        alone = lives(common.cisterna("soak", "--life", 6, "--seed", 15, "--json"))
        self.assertEqual(alone, [all_nine[6]])

    def test_faults_change_nothing_else_when_there_are_none(self):
        told = lives(common.cisterna("soak", "--years", 3, "--seed", 15, "--json", "--faults", "none"))
        self.assertTrue(all(life["faults"] == {} and life["resets"] == 0 and life["missed"] == 0 for life in told))

    def test_bad_words_are_named(self):
        for words, named in ((["--faults", "stal"], "stal"), (["--years", "x"], "--years"), (["--jobs", "0"], "--jobs"),
                             (["--until", "soon"], "soon"), (["--trace"], "--life"), (["file"], "file"), (["--yeers"], "yeers")):
            ran = common.cisterna("soak", *words)
            self.assertEqual(ran.returncode, 2, words)
            self.assertIn(named, ran.stderr)


if __name__ == "__main__":
    unittest.main()
