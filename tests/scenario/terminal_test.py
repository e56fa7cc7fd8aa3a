"""terminal_test.py - the command line: help, exit codes, suggestions, clean streams, a progress bar on a terminal only,
and files that are whole or absent when the player is killed."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import unittest

import common

YEAR = "examples/year-1-ml-day.json"
PLAIN = "tests/scenario/plain.json"


def on_terminal(term, *words):
    """Runs the player with standard error on a pseudo-terminal; returns what was drawn there."""
    ours, theirs = pty.openpty()
    drawn = b""
    with subprocess.Popen([common.DEV, *map(str, words)], cwd=common.ROOT, stdout=subprocess.DEVNULL, stderr=theirs,
                          env={**os.environ, "TERM": term}) as player:
        os.close(theirs)
        while True:
            try:
                part = os.read(ours, 65536) if select.select([ours], [], [], 60)[0] else b""
            except OSError:  # the other end is closed
                break
            if not part:
                break
            drawn += part
        player.wait()
    os.close(ours)
    return drawn


def year_times(years, folder):
    """The year's scenario over so many years, so that playing it takes a while."""
    scenario = json.loads((common.ROOT / YEAR).read_text())
    refill = scenario["timeline"][0]
    scenario["timeline"] = [{**refill, "at": f"{30 * i} d 10:00"} for i in range(1, years * 12)]
    scenario["until"] = f"{years * 360} d"
    scenario["expect"] = []
    path = pathlib.Path(folder) / "years.json"
    path.write_text(json.dumps(scenario))
    return path


class Terminal(unittest.TestCase):
    def test_help_begins_with_examples(self):
        for words in (["--help"], ["-h"], ["play", "--help"]):
            ran = common.cisterna(common.RELEASE, *words)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertTrue(ran.stdout.startswith("Examples:\n"))
            self.assertIn("never for use in people", ran.stdout)

    def test_version(self):
        ran = common.cisterna(common.RELEASE, "--version")
        self.assertEqual(ran.returncode, 0)
        self.assertRegex(ran.stdout, r"^cisterna [0-9]+\.[0-9]+\.[0-9]+ \(")

    def test_usage_errors(self):
        table = [
            ([], "needs a command"),
            (["pley"], 'did you mean "play"?'),
            (["zzzzzz"], "unknown command"),
            (["play"], "needs a scenario file"),
            (["play", PLAIN, PLAIN], "one scenario file"),
            (["play", "no-such-file.json"], "cannot read no-such-file.json"),
            (["play", "examples"], "cannot read examples"),
            (["play", PLAIN, "--untl", "1 d"], "did you mean --until?"),
            (["play", PLAIN, "--seed", "-1"], "whole number"),
            (["play", PLAIN, "--seed", "1e3"], "whole number"),
            (["play", PLAIN, "--until", "7"], "span of time"),
            (["play", PLAIN, "--until", "8 d"], "after the end of the scenario"),
            (["play", PLAIN, "--gdb", "1234"], "need --target chip"),
            (["play", PLAIN, "--target", "moon"], "host or chip"),
            (["play", PLAIN, "--json", "--show"], "cannot share"),
        ]
        for words, message in table:
            with self.subTest(words=words):
                ran = common.cisterna(common.RELEASE, *words)
                self.assertEqual((ran.returncode, ran.stdout), (2, ""), ran.stderr)
                self.assertIn(message, ran.stderr)

    def test_json_is_all_of_standard_output(self):
        ran = common.cisterna(common.RELEASE, "play", PLAIN, "--json", "--until", "2 d 12:00", "--seed", "99")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        summary = json.loads(ran.stdout)
        self.assertEqual((summary["seed"], summary["played"]), (99, "2 d 12:00:00.000"))
        self.assertIn("never for use in people", summary["notice"])

    def test_a_run_cut_short_is_not_judged(self):
        ran = common.cisterna(common.RELEASE, "play", YEAR, "--until", "3 d")
        self.assertEqual(ran.returncode, 0)
        self.assertIn("not judged", ran.stderr)

    def test_show_fits_eighty_columns(self):
        for locale, mark in (("C.UTF-8", "\u2588"), ("C", "#")):
            ran = common.cisterna(common.RELEASE, "play", PLAIN, "--show", env={**os.environ, "LC_ALL": locale})
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertIn(mark, ran.stdout)
            self.assertIn("SIMULATION, never for use in people", ran.stdout)
            self.assertLessEqual(max(map(len, ran.stdout.splitlines())), 80)
            if locale == "C":
                self.assertTrue(ran.stdout.isascii())

    def test_progress_on_a_terminal_only(self):
        with tempfile.TemporaryDirectory() as folder:
            years = year_times(2, folder)
            self.assertIn(b" left ", on_terminal("xterm", "play", years))
            self.assertEqual(on_terminal("dumb", "play", years), b"")
            ran = common.cisterna(common.DEV, "play", years, env={**os.environ, "TERM": "xterm"})
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_unmet_expectation_and_must(self):
        plain = json.loads((common.ROOT / PLAIN).read_text())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "unmet.json"
            wish = {"path": "totals.metered", "at_least": "9 mL"}
            request = {"at": "1 d", "who": "patient", "do": "bolus", "must": "apply"}
            for change, message in (({"expect": [wish]}, "expected totals.metered"),
                                    ({"timeline": [request]}, "must apply and did not")):
                path.write_text(json.dumps({**plain, **change}))
                ran = common.cisterna(common.RELEASE, "play", path, "--out", pathlib.Path(folder) / "out")
                self.assertEqual(ran.returncode, 1)
                self.assertIn(message, ran.stderr)

    def test_out_that_cannot_be_made(self):
        ran = common.cisterna(common.RELEASE, "play", PLAIN, "--out", "/proc/no/such/folder")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("cannot write into", ran.stderr)

    def test_kill_leaves_old_files_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            years, out = year_times(20, folder), pathlib.Path(folder) / "out"
            self.assertEqual(common.cisterna(common.RELEASE, "play", PLAIN, "--out", out).returncode, 0)
            before = {name: (out / name).read_bytes() for name in common.FILES}
            with subprocess.Popen([common.DEV, "play", str(years), "--out", str(out)], cwd=common.ROOT,
                                  stdout=subprocess.DEVNULL) as player:
                part = out / ".series.csv.part"
                while not (part.exists() and part.stat().st_size > 0) and player.poll() is None:
                    pass
                player.send_signal(signal.SIGKILL)
                self.assertEqual(player.wait(), -signal.SIGKILL, "it had ended before it was killed")
            self.assertEqual({name: (out / name).read_bytes() for name in common.FILES}, before)
            self.assertEqual(common.cisterna(common.RELEASE, "play", PLAIN, "--out", out).returncode, 0)
            self.assertEqual(sorted(path.name for path in out.iterdir()), sorted([*common.FILES, "run.json"]))


if __name__ == "__main__":
    unittest.main()
