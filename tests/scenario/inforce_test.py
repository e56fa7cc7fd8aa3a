"""inforce_test.py - `cisterna plan` by the release of the drug library that a site has put into force. REQ-LIBR-02, -06."""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import tempfile
import unittest

from common import DEV, ROOT, cisterna
from planning import ZICONOTIDE, plan


class InForce(unittest.TestCase):
    """The release that a site has put into force is the one that is planned by, and nothing stands in for it."""

    def setUp(self):
        room = tempfile.TemporaryDirectory()
        self.addCleanup(room.cleanup)
        self.room = pathlib.Path(room.name)
        self.does("key", "--out", self.room / "site.key")
        self.site = ("--formulary", self.room / "force", "--site-key", self.room / "site.key.pub")

    def does(self, *words):
        done = cisterna(DEV, "formulary", *words)
        self.assertEqual(done.returncode, 0, done.stderr)

    def load(self, version, regions):
        """Puts a release into force with ziconotide alone, for these regions, at most 8 mcg/day."""
        head = json.loads((ROOT / "formulary/release.json").read_text())
        entry = json.loads((ROOT / "formulary/ziconotide-eu.json").read_text())
        entry["regions"] = regions
        for field in ("dose", "total"):
            for place, most in (("soft_high", "7 mcg/day"), ("hard_high", "8 mcg/day")):
                entry["bounds"][field][place]["value"] = most
        files = []
        for name, value in (("head", {**head, "version": version}), ("entry", entry)):
            files.append(self.room / f"{name}-{version}.json")
            files[-1].write_text(json.dumps(value))
        release = self.room / f"release-{version}"
        self.does("sign", "--key", self.room / "site.key", "--out", release, *files)
        self.does("load", release, "--key", self.room / "site.key.pub", "--into", self.room / "force")

    def refused(self, code, text, *words):
        done = cisterna(DEV, "plan", "rate", "--model", "C20", *ZICONOTIDE, "--dose", "2.4 mcg/day", *words)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        self.assertIn(text, done.stderr)

    def test_its_limits_count(self):
        words = ("--model", "C20", *ZICONOTIDE, "--dose", "9 mcg/day", "--region", "EU")
        self.assertEqual(plan("rate", *words)["inputs"]["formulary"], "release 1, region EU, built in")
        self.load(7, ["EU", "US"])
        here = plan("rate", *words, *self.site, code=3)
        self.assertEqual(here["inputs"]["formulary"], "release 7, region EU, in force at this site")
        self.assertIn("8 mcg/day", "".join(check["text"] for check in here["checks"] if check["level"] == "hard limit"))
        usual = plan("rate", *words[:-2], *self.site, code=3)
        self.assertEqual(usual["inputs"]["formulary"], "release 7, region US, in force at this site")
        shown = cisterna(DEV, "plan", "start", "--drug", "ziconotide", *self.site)
        self.assertRegex(shown.stdout, r"(?m)^  formulary +release 7, region US, in force at this site$")

    def test_what_is_not_in_force_is_not_planned_by(self):
        self.refused(1, "cannot read", *self.site)
        self.load(7, ["EU"])
        self.refused(6, 'nothing for region "US"', *self.site)
        self.refused(2, "--region is US or EU", *self.site, "--region", "UK")
        self.refused(2, "belong together", *self.site[:2])
        self.refused(2, "belong together", *self.site[2:])
        self.does("key", "--out", self.room / "other.key")
        self.refused(5, "signed by this key", *self.site[:3], self.room / "other.key.pub", "--region", "EU")
        self.refused(1, "cannot read", *self.site[:3], self.room / "none", "--region", "EU")
        current = self.room / "force/current"
        current.write_bytes(current.read_bytes().replace(b"8 mcg/day", b"9 mcg/day"))
        self.refused(5, "whole and signed", *self.site, "--region", "EU")


if __name__ == "__main__":
    unittest.main()
