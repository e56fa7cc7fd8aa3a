"""cuts_test.py - power goes at every flash operation and door of everything that is done to a pump: what comes after is the
old or the new, and nothing happens twice."""
# SPDX-License-Identifier: Apache-2.0
import json
import unittest

import common


class Cuts(unittest.TestCase):
    def test_old_or_new_everywhere(self):
        ran = common.cisterna("cuts", "--lives", 1, "--json", "--no-pairs")
        rows = {row["what"]: row for row in map(json.loads, ran.stdout.splitlines())}
        self.assertEqual(len(rows), 14)
        for what, row in rows.items():
            self.assertEqual(row["broken"], 0, what + ": " + ran.stderr)
            self.assertGreaterEqual(row["runs"], row["doors"])
        for what in ("program", "refill_other", "hours", "boot"):
            self.assertGreater(rows[what]["cut"], 0)
        self.assertEqual(ran.returncode, 0, ran.stderr)


if __name__ == "__main__":
    unittest.main()
