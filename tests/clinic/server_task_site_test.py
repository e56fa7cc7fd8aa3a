"""server_task_site_test.py - workflows at a site with a key of its own. REQ-LIBR-02, -05, REQ-SECU-02, HZ-42."""
# SPDX-License-Identifier: Apache-2.0
import json
import subprocess
import unittest

from server_common import CISTERNA, ROOT
from server_ward import SERIAL, THERAPY, Ward


class Signed(Ward):
    """A site with a key, and a pump that takes only hard limits that were signed with it."""

    def formulary(self, *words):
        ran = subprocess.run([CISTERNA, "formulary", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout.strip()

    def site(self):
        public = self.formulary("key", "--out", self.folder / "site.key")
        entry, head = self.folder / "entry.json", self.folder / "head.json"
        entry.write_text(json.dumps({**json.loads((ROOT / "formulary/morphine.json").read_text()), "regions": ["US"]}))
        head.write_text(json.dumps({**json.loads((ROOT / "formulary/release.json").read_text()), "version": 2}))
        self.formulary("sign", "--key", self.folder / "site.key", "--out", self.folder / "release", head, entry)
        self.formulary("load", self.folder / "release", "--key", self.folder / "site.key.pub", "--into", self.folder / "force")
        return ("--formulary-key", public), ("--formulary", self.folder / "force", "--site-key", self.folder / "site.key.pub")

    def limits(self, serial):
        """Signed where the key is, for a pump and a therapy."""
        (self.folder / "therapy.json").write_text(json.dumps({"catheter": {"length": "40 cm"}, "therapy": THERAPY}))
        file = self.folder / f"limits-{serial}"
        self.formulary("limits", self.folder / "therapy.json", "--key", self.folder / "site.key", "--release",
                       self.folder / "force/current", "--serial", serial, "--model", "C20", "--out", file)
        return file.read_text()

    def test_signed_limits_travel_with_the_therapy(self):
        self.filled()
        held = self.task(self.nina, "/therapy", status=422, therapy=THERAPY)
        self.assertIn("hard limit", [finding["level"] for finding in held["findings"]])
        good = self.limits(SERIAL)
        lax = {**THERAPY, "limits": {**THERAPY["limits"], "bolus_max": "0.019 mL"}}
        for wrong in (dict(therapy=THERAPY, limits=self.limits("SIM-0043")), dict(therapy=lax, limits=good),
                      dict(therapy=THERAPY, limits=good.replace("40000000000000", "70000000000000"))):
            answer = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/therapy", {"claim": self.token, **wrong})
            self.assertEqual((answer.status, answer.json["faults"][0]["where"]), (422, "limits"), answer.body)
        self.assertEqual(self.task(self.nina, "/therapy", therapy=THERAPY, limits=good)["step"], "prime")
        self.task(self.nina, "/prime", holds="no_drug")
        self.task(self.nina, "/finish")
        card = self.task(self.nina, "/readback", amount="5 mg/day")
        self.assertEqual((card["change"], card["as_sent"]), ("applied", True), card)


if __name__ == "__main__":
    unittest.main()
