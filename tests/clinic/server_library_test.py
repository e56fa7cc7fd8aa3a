"""server_library_test.py - a clinic's server that plans by the release of the drug library that its site has put into force.
REQ-LIBR-02, -06."""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import subprocess
import tempfile
import unittest

from server_common import CISTERNA, ROOT, ServerCase


class Library(ServerCase):
    """A release for the EU alone, with ziconotide alone, at most 8 mcg/day."""

    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory(prefix="library-")
        room = cls.site = pathlib.Path(cls.room.name)
        head = json.loads((ROOT / "formulary/release.json").read_text())
        entry = json.loads((ROOT / "formulary/ziconotide-eu.json").read_text())
        for field in ("dose", "total"):
            for place, most in (("soft_high", "7 mcg/day"), ("hard_high", "8 mcg/day")):
                entry["bounds"][field][place]["value"] = most
        for name, value in (("head", {**head, "version": 7}), ("entry", entry)):
            (room / name).write_text(json.dumps(value))
        for name in ("site.key", "other.key"):
            cls.does("key", "--out", room / name)
        cls.does("sign", "--key", room / "site.key", "--out", room / "release", room / "head", room / "entry")
        cls.does("load", room / "release", "--key", room / "site.key.pub", "--into", room / "force")
        cls.OPTIONS = ("--formulary", str(room / "force"), "--site-key", str(room / "site.key.pub"))
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.room.cleanup()

    @staticmethod
    def does(*words):
        subprocess.run([CISTERNA, "formulary", *map(str, words)], check=True, capture_output=True)

    def plan(self, **more):
        person = self.server.sign_in("fay")
        return person.ask("POST", "/api/plan/rate", {"model": "C20", "drug": "ziconotide", "concentration": "25 mcg/mL",
                                                     "dose": "9 mcg/day", **more})

    def test_plans_are_held_to_it(self):
        for region in ({"region": "EU"}, {}):  # what is there is the usual one
            answer = self.plan(**region)
            self.assertEqual(answer.status, 200, answer.body)
            hard = [check["text"] for check in answer.json["checks"] if check["level"] == "hard limit"]
            self.assertIn("8 mcg/day", "".join(hard))

    def test_its_drugs_are_told(self):
        person = self.server.sign_in("nina")
        told = person.ask("GET", "/api/formulary").json
        self.assertEqual((told["version"], told["region"], [row["drug"] for row in told["drugs"]]), (7, "EU", ["ziconotide"]))
        self.assertEqual(person.ask("GET", "/api/formulary/ziconotide?region=EU").status, 200)
        self.assertEqual(person.ask("GET", "/api/formulary/morphine?region=EU").status, 404)

    def test_a_region_it_has_nothing_for(self):
        person = self.server.sign_in("phil")
        for path in ("/api/formulary?region=US", "/api/formulary/ziconotide?region=US"):
            self.assertEqual(person.ask("GET", path).status, 404, path)
        self.assertIn("there is EU", person.ask("GET", "/api/formulary?region=US").json["detail"])
        answer = self.plan(region="US")
        self.assertEqual((answer.status, answer.json["where"]), (400, "region"))

    def test_it_does_not_begin_without_one(self):
        folder, key, other = self.site / "force", self.site / "site.key.pub", self.site / "other.key.pub"
        for code, text, words in ((5, "signed by this key", ("--formulary", folder, "--site-key", other)),
                                  (1, "cannot read", ("--formulary", self.site, "--site-key", key)),
                                  (2, "belong together", ("--formulary", folder)), (2, "belong together", ("--site-key", key))):
            done = subprocess.run([CISTERNA, "clinic", "--db", self.url, "--listen", "127.0.0.1:0", *map(str, words)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            self.assertIn(text, done.stderr)


if __name__ == "__main__":
    unittest.main()
