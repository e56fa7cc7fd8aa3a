"""faults_test.py - a hundred faults in the core of the emulated chip: no silent over-dose; the same whatever the number of
processes;
a campaign that is killed goes on where it stopped; damaged and foreign files, and bad words, are named."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import common

IMAGE = common.ROOT / "build/cortex-m/chip/pump.elf"


def faults(*words):
    return common.cisterna("faults", "--image", IMAGE, *words)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class Faults(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = pathlib.Path(self.folder.name) / "runs.ndjson"

    def wrong(self, code, *named, words=()):
        ran = faults("--runs", 3, "--out", self.file, *words)
        self.assertEqual(ran.returncode, code, ran.stderr)
        for word in named:
            self.assertIn(word, ran.stderr)

    def test_a_hundred_faults_give_no_overdose(self):
        ran = faults("--seed", 2, "--runs", 100, "--jobs", 2, "--json")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        told = lines(ran.stdout)
        self.assertEqual([line["run"] for line in told], list(range(100)))
        classes = {line["class"] for line in told}
        self.assertFalse(classes & {"over-dose", "backward", "unknown"}, ran.stderr)
        # And something was struck: cores that were reset, therapies that were hit, faults that the image told.
        self.assertTrue({"masked", "recovered"} <= classes, classes)
        self.assertTrue(all(line["done"] for line in told))
        self.assertEqual({line["glitch"]["kind"] for line in told}, {"skip", "register", "flag", "pump", "stack"})
        self.assertGreater(sum(line["core_fault"] != "" for line in told), 5)
        self.assertGreater(sum(line["less_quanta"] > 0 for line in told), 5)
        self.assertGreater(len({line["glitch"]["where"] for line in told}), 20)

    def test_a_run_is_the_same_alone_and_after_a_kill(self):
        words = ["--seed", "3", "--runs", "14", "--out", str(self.file)]
        with subprocess.Popen([common.RELEASE, "faults", "--image", str(IMAGE), *words, "--jobs", "2"], cwd=common.ROOT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as campaign:
            while campaign.poll() is None and (not self.file.exists() or self.file.read_bytes().count(b"\n") < 6):
                time.sleep(0.02)
            os.killpg(campaign.pid, signal.SIGKILL)
        before = self.file.read_bytes()
        whole = before[:before.rindex(b"\n") + 1]
        self.file.write_bytes(whole + b'{"run":99,"class":"mas')  # and a line was torn
        ran = faults(*words)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn(f"going on at run {whole.count(10) - 1}", ran.stderr)
        after = self.file.read_bytes()
        self.assertTrue(after.startswith(whole))
        told = lines(after.decode())[1:]
        self.assertEqual([line["run"] for line in told], list(range(14)))
        self.assertTrue(ran.stdout.startswith("runs 14,"), ran.stdout)
        # One alone is what it was among others; one process more or less changes nothing.
        alone = faults("--seed", 3, "--run", 4)
        self.assertEqual(lines(alone.stdout), [told[4]])
        # And can be read: what the pump logged, what had moved by then, and at the end what it came to.
        traced = lines(faults("--seed", 3, "--run", 4, "--trace").stdout)
        self.assertEqual(traced[-1], told[4])
        self.assertTrue({"course_start", "refill"} & {line.get("event") for line in traced})
        self.assertGreater(max(line.get("displaced_ul", 0) for line in traced), 0)
        # All is done: nothing is lived again, and the same is told.
        again = faults(*words)
        self.assertEqual(again.stdout.splitlines()[:-1], ran.stdout.splitlines()[:len(again.stdout.splitlines()) - 1])
        self.assertEqual(self.file.read_bytes(), after)
        # A file of another campaign is not gone on with, and not changed.
        self.wrong(2, "line 1", "--seed", words=["--seed", 4])
        self.wrong(2, "line 1", "--from", words=["--seed", 3, "--from", 7])
        self.file.write_bytes(after.replace(b'"image":', b'"image":9', 1))
        self.wrong(2, "line 1", "image", words=["--seed", 3])
        # What is damaged is named by its line.
        rows = after.splitlines(keepends=True)
        for damaged in (rows[:3] + [b"{}\n"] + rows[4:], rows[:3] + [b"nothing\n"] + rows[4:], rows[:3] + rows[4:]):
            self.file.write_bytes(b"".join(damaged))
            self.wrong(5, "line 4", words=["--seed", 3])
            self.assertEqual(self.file.read_bytes(), b"".join(damaged))

    def test_a_file_that_is_something_else_is_left_alone(self):
        for text in (b"once upon a time\n", b'{"other":1}\n', b"[]\n"):
            self.file.write_bytes(text)
            self.wrong(2, "line 1")
            self.assertEqual(self.file.read_bytes(), text)
        self.file = pathlib.Path(self.folder.name) / "no" / "folder"
        self.wrong(1, "cannot write")

    def test_bad_words_are_named(self):
        for words, named in ((["--runs", "0"], "--runs"), (["--runs", "x"], "--runs"), (["--from", "-1"], "--from"),
                             (["--seed", "1.5"], "--seed"), (["--jobs", "0"], "--jobs"), (["--jobs", "257"], "--jobs"),
                             (["--run", "1", "--out", "file"], "--run"), (["--trace"], "--run"),
                             (["file"], "file"), (["--rums", "2"], "rums"),
                             (["--out", ""], "--out")):
            ran = faults(*words)
            self.assertEqual(ran.returncode, 2, words)
            self.assertIn(named, ran.stderr)

    def test_an_image_that_is_none_is_named(self):
        image = pathlib.Path(self.folder.name) / "image.elf"
        whole = IMAGE.read_bytes()
        for content, named in ((None, "cannot be read"), (b"", "cannot be read"), (b"text" * 100, "no image"),
                               (whole[:20000], "cut off"), (pathlib.Path(common.RELEASE).read_bytes()[:100000], "no image")):
            if content is not None:
                image.write_bytes(content)
            ran = common.cisterna("faults", "--image", image, "--runs", 1)
            self.assertEqual(ran.returncode, 1, named)
            self.assertIn(str(image), ran.stderr)
            self.assertIn(named, ran.stderr)

    def test_the_bench_image_is_struck_by_nobody(self):
        ran = common.cisterna("faults", "--image", IMAGE.with_name("pump-bench.elf"), "--runs", 1)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("the bench image, which no pump would run", ran.stderr)

    def test_without_the_emulator_that_is_said(self):
        ran = subprocess.run([common.RELEASE, "faults", "--image", str(IMAGE), "--runs", "1"], cwd=common.ROOT,
                             env={"PATH": self.folder.name}, capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("qemu-system-arm", ran.stderr)
        self.assertEqual(ran.stdout, "")


if __name__ == "__main__":
    unittest.main()
