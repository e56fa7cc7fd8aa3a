#!/usr/bin/python3
"""sodium_test - the part of libsodium that is built for the chip, in portable C and with its rounds in a loop, answers as
Debian's library does.

    sodium_test.py CHIP DEBIAN     the two programs of sodium_trial.c
"""
# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys
import unittest

PROGRAMS = [os.path.abspath(path) for path in (sys.argv.pop(1), sys.argv.pop(1))]


class Sodium(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chip, cls.debian = (subprocess.run((program,), capture_output=True, text=True, check=True).stdout.splitlines()
                                for program in PROGRAMS)

    def test_both_say_the_same(self):
        self.assertEqual(self.chip, self.debian)

    def test_what_is_sound_passes_and_what_was_turned_does_not(self):
        answers = {}
        for line in self.chip:
            what = line.split(": ")[0].rsplit(" ", 1)[0]
            answers.setdefault(what, []).append(int(line.split(": ")[1].split()[0]))
        self.assertGreaterEqual(len(answers["verify"]), 300)
        for what in ("open", "verify", "seal", "sign", "blake2b"):
            self.assertEqual(set(answers[what]), {0}, what)
        for what in ("open what was turned", "verify what was turned"):
            self.assertEqual(set(answers[what]), {-1}, what)
        self.assertEqual(answers["x25519"][:4], [-1, -1, 0, -1])  # points of small order give no shared secret


if __name__ == "__main__":
    unittest.main()
