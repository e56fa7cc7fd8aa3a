"""site_test.py - hard limits travel to the pump, signed, with the therapy: from a site's key by its release and signature to a
virtual pump made with that key, all on the command line. REQ-LIBR-02, -05, -06, REQ-SECU-02, HZ-42."""
# SPDX-License-Identifier: Apache-2.0
import copy
import json
import unittest

import common
from desk import FILLING, SERIAL, THERAPY, Desk

ENTRY = json.loads((common.ROOT / "formulary/morphine.json").read_text())
HEAD = json.loads((common.ROOT / "formulary/release.json").read_text())
LAX = copy.deepcopy(THERAPY["limits"])
LAX["drugs"][0]["day"] = "70 mg"


class Site(Desk):
    """A site with a key and a release in force: morphine alone, with the bounds of the committed entry."""

    def setUp(self):
        super().setUp()
        if not (self.folder / "site.key").exists():
            self.site_make("site")

    def formulary(self, *words, code=0):
        ran = common.cisterna(common.DEV, "formulary", *words)
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        return ran.stdout, ran.stderr

    def site_make(self, name):
        """The public half of its key; release 2 is in force."""
        key = self.formulary("key", "--out", self.folder / f"{name}.key")[0].strip()
        self.load(name, 2)
        return key

    def load(self, name, version, regions=("US", "EU"), most=None):
        """Puts a release into force; `most` is the hard bound of a day."""
        entry = {**copy.deepcopy(ENTRY), "regions": list(regions)}
        for field in ("dose", "total") if most else ():
            entry["bounds"][field].pop("soft_high", None)
            entry["bounds"][field]["hard_high"]["value"] = most
        files = [self.folder / f"{name}-{version}-{part}.json" for part in ("head", "entry")]
        for file, value in zip(files, ({**HEAD, "version": version}, entry)):
            file.write_text(json.dumps(value))
        release = self.folder / f"{name}-release-{version}"
        self.formulary("sign", "--key", self.folder / f"{name}.key", "--out", release, *files)
        self.formulary("load", release, "--key", self.folder / f"{name}.key.pub", "--into", self.folder / f"{name}-force")

    def limits(self, out, therapy=None, name="site", serial=SERIAL, code=0):
        """Signs the limits of a therapy where the key is; the file, or what was said."""
        said = self.formulary("limits", therapy or self.therapy(), "--key", self.folder / f"{name}.key", "--release",
                              self.folder / f"{name}-force/current", "--serial", serial, "--model", "C20", "--out",
                              self.folder / out, code=code)
        return self.folder / out if code == 0 else said[1]

    def force(self, name="site"):
        return ("--formulary", self.folder / f"{name}-force", "--site-key", self.folder / f"{name}.key.pub")


class Signing(Site):
    """Whoever has the key signs what the release carries, and nothing else."""

    def test_what_the_release_carries_is_signed(self):
        file = self.limits("limits").read_text()
        content = json.loads(file.split("\n", 2)[2])
        self.assertEqual({key: content[key] for key in content if key != "signature"},
                         {"cisterna_limits": 1, "pump": SERIAL, "release": 2, "region": "US", "bolus_max_nl": 20000,
                          "rate_max_nl_day": 4000000, "drugs": [{"drug": "morphine", "conc_ng_ml": 25000000,
                                                                 "hour_fg": 3 * 10**12, "day_fg": 40 * 10**12}]})
        self.assertIn("cannot write", self.limits("limits", code=1))  # what is there stays
        self.assertEqual((self.folder / "limits").read_text(), file)

    def test_what_it_does_not_carry_is_not(self):
        self.assertIn("above the hard bound", self.limits("a", self.therapy(limits=LAX), code=3))
        self.assertIn("checked against release 7", self.limits("b", self.therapy(formulary=7), code=6))
        self.assertIn('nothing for region ""', self.limits("c", self.therapy(region=None), code=6))
        self.formulary("key", "--out", self.folder / "other.key")
        for out, key, code in (("d", "other.key", 5), ("e", "site.key.pub", 3)):
            self.formulary("limits", self.therapy(), "--key", self.folder / key, "--release", self.folder / "site-force/current",
                           "--serial", SERIAL, "--model", "C20", "--out", self.folder / out, code=code)
        for name in "abcde":
            self.assertFalse((self.folder / name).exists(), name)


class Sealed(Site):
    """A pump made with the key of the site."""

    def pump_words(self):
        return ["--formulary-key", self.site_make("site")]

    def signed(self):
        """How often the pump has taken a signature over limits."""
        lines = self.done("log", "--from", "1", "--json")[0].splitlines()
        return sum(json.loads(line).get("event") == "limits_signed" for line in lines)

    def implanted(self):
        self.pair()
        self.done(*FILLING, "--therapy", self.therapy(), *self.force(), "--limits", self.limits("limits"), stdin="6 mg/day\n")

    def refused(self, code, text, *words, **more):
        """The therapy of the words does not come into force, and what was in force stays."""
        before = self.told("status")
        said, messages = self.done("program", *words, "--yes", code=code, **more)
        self.assertIn(text, said + messages)
        after = self.told("status")
        for member in ("mode", "therapy", "base"):
            self.assertEqual(before.get(member), after.get(member))
        return said, messages

    def test_no_therapy_without_signed_limits(self):
        self.pair()
        said = self.done(*FILLING, "--therapy", self.therapy(), code=3, stdin="6 mg/day\n")
        self.assertIn("takes only hard limits that its site has signed", said[1])
        self.assertIn("nothing was sent", said[1])
        said = self.done(*FILLING, "--therapy", self.therapy(), *self.force(), code=3, stdin="6 mg/day\n")
        self.assertIn("cisterna formulary limits", said[1])
        self.assertEqual(self.told("status")["mode"], "new")
        self.done(*FILLING, "--therapy", self.therapy(), *self.force(), "--limits", self.limits("limits"), stdin="6 mg/day\n")
        self.assertEqual((self.told("status")["mode"], self.signed()), ("running", 1))

    def test_each_change_brings_its_limits(self):
        self.implanted()
        less = self.therapy("less.json", program={"kind": "continuous", "dose": "4 mg/day"})
        self.refused(3, "takes only hard limits", less)
        self.done("program", less, *self.force(), "--limits", self.folder / "limits", "--yes")
        self.assertEqual(self.signed(), 2)
        tighter = {**THERAPY["limits"], "drugs": [{"drug": "morphine", "hour": "3 mg", "day": "20 mg"}]}
        tight = self.therapy("tight.json", limits=tighter)
        self.refused(3, "the limit of morphine in a day is signed as 40 mg, and the therapy has 20 mg", tight, *self.force(),
                     "--limits", self.folder / "limits")
        self.done("program", tight, *self.force(), "--limits", self.limits("tight", tight), "--yes")
        said, _ = self.done("bolus", "--volume", "0.03 mL", "--rate", "2 mL/day", code=3)
        self.assertIn("larger", said)  # the pump holds to them whoever asks

    def test_a_desk_that_is_fooled_fools_no_pump(self):
        self.implanted()
        self.site_make("forged")
        self.load("forged", 3, most="80 mg/day")
        lax = self.therapy("lax.json", limits=LAX)
        forged = self.limits("forged", lax, name="forged")
        said, messages = self.refused(3, "not applied: sign_limits: the signature does not hold", lax, *self.force("forged"),
                                      "--limits", forged)
        self.assertIn("the pump was made with another", messages)
        self.assertIn("nothing has come into force", messages)
        told = json.loads(self.done("program", lax, *self.force("forged"), "--limits", forged, "--yes", "--json", code=3)[0])
        self.assertEqual((told["command"], told["outcome"]), ("sign_limits", "not_applied"))
        self.assertEqual(self.signed(), 1)

    def test_limits_that_are_not_these(self):
        self.implanted()
        limits = self.folder / "limits"
        tampered = self.folder / "tampered"
        changes = (b'"day_fg":4', b'"day_fg":5'), (b'"release":2', b'"release":3'), (b'0042"', b'0043"'), (b'\n{', b'\n {')
        for old, new in changes:
            tampered.write_bytes(limits.read_bytes().replace(old, new))
            self.assertNotEqual(tampered.read_bytes(), limits.read_bytes())
            self.refused(5, "whole and signed by this key", self.therapy(), *self.force(), "--limits", tampered)
        self.refused(6, "signed for pump SIM-0099, and this is SIM-0042", self.therapy(), *self.force(), "--limits",
                     self.limits("other", serial="SIM-0099"))
        self.site_make("other")
        self.refused(5, "whole and signed by this key", self.therapy(), *self.force(), "--limits",
                     self.limits("of-other", name="other"))
        self.load("site", 3)
        self.refused(6, "signed by release 2 for US, and release 3 for US is in force", self.therapy(), *self.force(), "--limits",
                     limits)
        self.assertEqual(self.signed(), 1)


class Open(Site):
    """A pump made without a key: the release in force is held to all the same."""

    def setUp(self):
        super().setUp()
        self.implant()

    def refused(self, code, text, *words):
        said, messages = self.done("program", *words, "--yes", code=code)
        self.assertEqual(said, "")
        self.assertIn(text, messages)

    def test_the_release_in_force_judges(self):
        said, _ = self.done("program", self.therapy(), *self.force(), "--yes")
        self.assertRegex(said, r"(?m)^\* formulary +1 +2$")  # the release that it was checked against
        self.load("site", 3, most="30 mg/day")
        self.refused(3, "a limit of 30 mg/day", self.therapy(), *self.force())
        self.done("program", self.therapy(), "--yes")  # what is built in would have let it pass

    def test_a_release_that_is_none(self):
        self.refused(2, "belong together", self.therapy(), *self.force()[:2])
        self.refused(2, "belong together", self.therapy(), *self.force()[2:])
        self.refused(2, "needs --formulary", self.therapy(), "--limits", self.folder / "limits")
        self.formulary("key", "--out", self.folder / "other.key")
        self.refused(5, "whole and signed by this key", self.therapy(), *self.force()[:3], self.folder / "other.key.pub")
        self.refused(6, "checked against release 7 of the formulary, and release 2 is in force", self.therapy(formulary=7),
                     *self.force())
        self.load("site", 3, regions=["EU"])
        self.refused(6, 'nothing for region "US"', self.therapy(), *self.force())
        (self.folder / "site-force/current").unlink()
        self.refused(1, "cannot read", self.therapy(), *self.force())

    def test_signed_limits_are_not_sent(self):
        limits = self.limits("limits")
        _, messages = self.done("program", self.therapy(), *self.force(), "--limits", limits, "--yes")
        self.assertIn("looks at no signature", messages)
        limits.write_bytes(limits.read_bytes()[:-1])
        self.refused(5, "whole and signed", self.therapy(), *self.force(), "--limits", limits)


if __name__ == "__main__":
    unittest.main()
