"""sweep_test.py - a sample of turned bits does no harm; a file that was begun is gone on with where it ends."""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import tempfile
import unittest

import common


class Sweep(unittest.TestCase):
    def test_a_sample_does_no_harm(self):
        ran = common.cisterna("sweep", "--sample", 4000, "--seed", 3)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        fates = dict(line.split()[:2] for line in ran.stderr.splitlines())
        self.assertEqual((int(fates["wrong"]), int(fates["stuck"]), int(fates["runs"])), (0, 0, 4000))
        self.assertGreater(int(fates["detected"]), 100)
        self.assertGreater(int(fates["masked"]), 100)

    def test_it_goes_on_where_the_file_ends(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, parts = pathlib.Path(folder, "whole"), pathlib.Path(folder, "parts")
            words = ("sweep", "--instants", 2, "--from", 100, "--to")
            self.assertEqual(common.cisterna(*words, 299, "--out", whole).returncode, 0)
            self.assertEqual(common.cisterna(*words, 180, "--out", parts).returncode, 0)
            self.assertEqual(common.cisterna(*words, 299, "--out", parts).returncode, 0)
            self.assertEqual(whole.read_text(), parts.read_text())
            bits = [json.loads(line) for line in whole.read_text().splitlines()]
            self.assertEqual([bit["bit"] for bit in bits], list(range(100, 300)))
            self.assertTrue(all(sum(bit.values()) - bit["bit"] == 2 for bit in bits))


if __name__ == "__main__":
    unittest.main()
