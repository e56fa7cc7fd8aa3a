#!/usr/bin/python3
"""formulary_desk_test.py - `cisterna formulary` from outside: a key is made, a release signed, verified and put into force, and
each failure has its frozen exit code, a word on standard error and nothing on standard output. REQ-LIBR-02, -03, -06.

    formulary_desk_test.py CISTERNA
"""
# SPDX-License-Identifier: Apache-2.0
import hashlib
import json
import os
import pathlib
import resource
import signal
import stat
import sys
import tempfile
import unittest

import formulary_common as common

PROGRAM = sys.argv.pop(1)
FAILED, USAGE, REFUSED, DAMAGED, MISMATCH = 1, 2, 3, 5, 6


class Desk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.key, self.public = self.folder / "site.key", self.folder / "site.key.pub"
        self.does(0, "key", "--out", self.key)

    def does(self, code, *words):
        """Runs it; on failure there is a message and no data."""
        ran = common.cisterna(PROGRAM, *words)
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        if code != 0:
            self.assertEqual(ran.stdout, "")
            self.assertTrue(ran.stderr)
        return ran.stdout

    def release(self, version, key=None, files=None):
        """Signs the committed entries under another number."""
        head = self.folder / f"release-{version}.json"
        head.write_text(json.dumps({**common.load(common.RELEASE), "version": version}))
        out = self.folder / f"release-{version}-{len(list(self.folder.iterdir()))}"
        self.does(0, "sign", "--key", key or self.key, "--out", out, head, *(files or common.FILES))
        return out

    def test_key(self):
        self.assertEqual(stat.S_IMODE(self.key.stat().st_mode), 0o600)
        self.assertRegex(self.public.read_text(), r"^[0-9a-f]{64}\n$")
        again = self.folder / "again"
        self.assertEqual(self.does(0, "key", "--out", again), (self.folder / "again.pub").read_text())
        self.assertNotEqual(self.public.read_text(), (self.folder / "again.pub").read_text())
        before = self.key.read_bytes()
        self.does(FAILED, "key", "--out", self.key)
        self.assertEqual(self.key.read_bytes(), before)

    def test_the_content_is_canonical(self):
        """Written once more by Python's own writer: rising names, no blanks; the same bytes from the same files."""
        out = self.release(4)
        content = out.read_bytes().split(b"\n", 2)[2]
        again = json.dumps(json.loads(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
        self.assertEqual(content.decode(), again)
        value = json.loads(content)
        self.assertEqual(value["entries"], [common.load(path) for path in common.FILES])
        self.assertEqual({key: value[key] for key in value if key != "entries"}, {**common.load(common.RELEASE), "version": 4})
        self.assertEqual(hashlib.sha256(out.read_bytes()).digest(), hashlib.sha256(self.release(4).read_bytes()).digest())

    def test_verify(self):
        out = self.release(3)
        told = json.loads(self.does(0, "verify", out, "--key", self.public, "--region", "EU", "--json"))
        self.assertEqual((told["version"], told["entries"]), (3, len(common.FILES)))
        self.assertIn("SIMULATION", told["notice"])
        self.does(0, "key", "--out", self.folder / "other")
        self.does(DAMAGED, "verify", out, "--key", self.folder / "other.pub")
        damaged = self.folder / "damaged"
        damaged.write_bytes(out.read_bytes().replace(b"19.2 mcg/day", b"91.2 mcg/day"))
        self.does(DAMAGED, "verify", damaged, "--key", self.public)
        self.does(DAMAGED, "list", "--release", damaged, "--key", self.public)
        self.does(DAMAGED, "load", damaged, "--key", self.public, "--into", self.folder / "force")
        self.assertFalse((self.folder / "force").exists())
        us = self.release(5, files=[path for path in common.FILES if path.stem == "ziconotide-us"])
        self.does(MISMATCH, "verify", us, "--key", self.public, "--region", "EU")
        self.does(MISMATCH, "show", "ziconotide", "--release", us, "--key", self.public, "--region", "EU")
        self.does(REFUSED, "show", "morphine", "--release", us, "--key", self.public, "--region", "US")

    def test_load(self):
        force = self.folder / "force"
        second, third = self.release(2), self.release(3)
        self.does(0, "load", second, "--key", self.public, "--into", force)
        self.does(0, "load", third, "--key", self.public, "--into", force)
        self.does(MISMATCH, "load", second, "--key", self.public, "--into", force)
        self.does(MISMATCH, "load", third, "--key", self.public, "--into", force)
        self.assertEqual((force / "current").read_bytes(), third.read_bytes())
        listed = json.loads(self.does(0, "list", "--release", force / "current", "--key", self.public, "--json"))
        self.assertEqual({row["release"] for row in listed["entries"]}, {3})
        # By the code of the drug, whatever the order of the files was.
        self.assertEqual([row["drug"] for row in listed["entries"] if row["region"] == "EU"],
                         ["morphine", "HYDROmorphone", "baclofen", "ziconotide", "BUPivacaine", "cloNIDine", "SUFentanil"])
        # What is in force cannot be judged by another key, and so is not replaced by what that key signs.
        self.does(0, "key", "--out", self.folder / "other")
        foreign = self.release(9, key=self.folder / "other")
        self.does(DAMAGED, "load", foreign, "--key", self.folder / "other.pub", "--into", force)
        self.assertEqual((force / "current").read_bytes(), third.read_bytes())

    def killed_in_writing(self, most, *words):
        """Runs it until a file would grow longer than that: the system then kills it, in the middle of a write."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        ran = common.cisterna(PROGRAM, *words, preexec_fn=limit)
        self.assertEqual((ran.returncode, ran.stdout), (-signal.SIGXFSZ, ""), ran.stderr)

    def test_a_kill_leaves_no_half_release(self):
        out, whole = self.folder / "out", self.release(1)
        words = ("sign", "--key", self.key, "--out", out, self.folder / "release-1.json", *common.FILES)
        for most in (0, 1, 4096, len(whole.read_bytes()) - 1):
            with self.subTest(most=most):
                self.killed_in_writing(most, *words)
                self.assertFalse(out.exists())
        self.does(0, *words)
        self.assertEqual(out.read_bytes(), whole.read_bytes())

    def test_a_kill_leaves_no_half_key(self):
        """Both halves, the public one alone, or none: never a private one that is cut off or has no public one."""
        private, public = len(self.key.read_bytes()), len(self.public.read_bytes())
        seen = set()
        for most in (0, 1, public - 1, public, private - 1):
            key = self.folder / f"killed-{most}"
            pub = self.folder / f"killed-{most}.pub"
            with self.subTest(most=most):
                self.killed_in_writing(most, "key", "--out", key)
                self.assertFalse(key.exists())
                seen.add(pub.exists())
                if pub.exists():
                    self.assertRegex(pub.read_text(), r"^[0-9a-f]{64}\n$")
                    self.does(FAILED, "key", "--out", key)
                    self.assertFalse(key.exists())
                    pub.unlink()
                self.does(0, "key", "--out", key)
                self.assertEqual((len(key.read_bytes()), len(pub.read_bytes())), (private, public))
                self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertEqual(seen, {False, True})

    def test_what_is_there_already_is_not_written_over(self):
        for place in (self.folder / "there", self.folder / "there.pub"):
            for make in (lambda: place.write_text("of old"), lambda: place.symlink_to("nowhere")):
                make()
                before = sorted(self.folder.rglob("*"))
                ran = common.cisterna(PROGRAM, "key", "--out", self.folder / "there")
                self.assertEqual((ran.returncode, ran.stderr),
                                 (FAILED, f"formulary: cannot make {place}: File exists; move it away, or choose another name\n"))
                self.assertEqual(sorted(self.folder.rglob("*")), before)
                place.unlink()

    def loads_from_within(self, code, release):
        """Loads with the folder named by one letter, as seen from where it is."""
        ran = common.cisterna(PROGRAM, "load", release, "--key", self.public, "--into", "d", cwd=self.folder)
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.assertEqual(ran.stdout == "", code != 0)
        return ran.stderr

    def test_a_link_that_leads_somewhere_is_followed(self):
        second, third = self.release(2), self.release(3)
        (self.folder / "d").mkdir()
        current, behind = self.folder / "d/current", self.folder / "d/new"
        behind.write_bytes(third.read_bytes())
        current.symlink_to("new")
        before = {path.name for path in self.folder.iterdir()}
        self.assertIn("release 3 is in force", self.loads_from_within(MISMATCH, second))
        fourth = self.release(4)
        self.loads_from_within(0, fourth)
        self.assertTrue(current.is_symlink())
        self.assertEqual(behind.read_bytes(), fourth.read_bytes())
        self.assertEqual({path.name for path in self.folder.iterdir()} - before, {fourth.name, "release-4.json"})

    def test_what_is_no_release_stays_in_its_place(self):
        """A link to a disk that is not there may be the release in force: nothing goes in, and nothing is written elsewhere."""
        second = self.release(2)
        folder, current = self.folder / "d", self.folder / "d/current"
        folder.mkdir()
        for target in ("new", "../new", self.folder / "unmounted/current", "current"):
            with self.subTest(target=target):
                current.symlink_to(target)
                before = sorted(self.folder.rglob("*"))
                said = self.loads_from_within(FAILED, second)
                self.assertRegex(said, r"^formulary: d/current is a link to what cannot be read: .*; "
                                       r"bring back what it points to, or remove the link to start anew\n$")
                self.assertEqual(sorted(self.folder.rglob("*")), before)
                current.unlink()
        (self.folder / "elsewhere").mkdir()
        for make, link in ((current.mkdir, False), (lambda: os.mkfifo(current), False),
                           (lambda: current.symlink_to("../elsewhere"), True)):
            make()
            before = sorted(self.folder.rglob("*"))
            self.assertEqual(self.loads_from_within(FAILED, second),
                             f"formulary: d/current is no file{', and no link to one' if link else ''}; it must be a release, "
                             "a link to one, or nothing: move it away\n")
            self.assertEqual(sorted(self.folder.rglob("*")), before)
            if current.is_dir() and not link:
                current.rmdir()
            else:
                current.unlink()
        self.loads_from_within(0, second)
        self.assertEqual(current.read_bytes(), second.read_bytes())

    def test_nothing_out_of_order_is_signed(self):
        out, bad = self.folder / "out", self.folder / "bad.json"
        entry = common.load(common.ROOT / "formulary/morphine.json")
        entry["bounds"]["total"]["hard_high"]["value"] = "39 mg/day"
        bad.write_text(json.dumps(entry))
        self.does(REFUSED, "sign", "--key", self.key, "--out", out, common.RELEASE, bad)
        bad.write_text("{}")
        self.does(USAGE, "sign", "--key", self.key, "--out", out, common.RELEASE, bad)
        self.does(USAGE, "sign", "--key", self.key, "--out", out, *common.FILES)
        self.does(USAGE, "sign", "--key", self.key, "--out", out, common.RELEASE)
        self.does(USAGE, "sign", "--key", self.public, "--out", out, "--json")
        self.key.chmod(0o644)
        self.does(REFUSED, "sign", "--key", self.key, "--out", out, common.RELEASE, *common.FILES)
        self.assertFalse(out.exists())
        self.key.chmod(0o600)
        out.write_text("a release of old")
        self.does(FAILED, "sign", "--key", self.key, "--out", out, common.RELEASE, *common.FILES)
        self.assertEqual(out.read_text(), "a release of old")

    def test_show(self):
        text = self.does(0, "show", "ZICONOTIDE", "--region", "EU")
        self.assertIn("ziconotide, region EU: NOT an opioid", text)
        self.assertIn("hard, at most: 21.6 mcg/day [read: label]", text)
        self.assertNotIn("naloxone", text.lower())
        self.assertNotIn("19.2 mcg/day [", text)
        both = self.does(0, "show", "ziconotide")
        self.assertLess(both.index("region US"), both.index("region EU"))
        self.assertIn("naloxone", self.does(0, "show", "morphine"))
        # What is shown keeps to the rules of text: mcg, no trailing zeros, no signs for more and less.
        for line in both.splitlines():
            self.assertNotRegex(line, r"\bug\b|\d\.\d*0 m|[<>@&]|^\s*\.\d")

    def test_usage(self):
        for words in ((), ("lst",), ("list", "morphine"), ("list", "--region", "UK"), ("list", "--region"),
                      ("list", "--key", "x"), ("list", "--release", "x"), ("list", "--into", "x"), ("show",),
                      ("show", "morphine", "baclofen"), ("show", "heroin"), ("check",), ("key",), ("key", "--out", ""),
                      ("sign", "--key", "x"), ("verify", "x"),
                      ("verify", "--key", self.public), ("load", "x", "--key", "x"), ("list", "--no-such")):
            with self.subTest(words=words):
                self.does(USAGE, *words)
        self.does(FAILED, "verify", self.folder / "none", "--key", self.public)
        self.does(FAILED, "verify", self.folder / "none", "--key", self.folder / "none.pub")
        for words in (("--help",), ("-h",), ("list", "--help"), ("show", "-h")):
            self.assertIn("never for use in people", self.does(0, *words))


if __name__ == "__main__":
    unittest.main()
