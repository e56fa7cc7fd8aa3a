"""chip_test.py - `--target chip`: the same events and the same summary, byte for byte, whatever goes wrong; and what is said when
there is no chip to be had.

    chip_test.py --long [--seed S] [NAME ...]   every example and scenario of the suite to its end, on both targets; hours

A line for each: how long it took on either, how often the core was woken and opened a door.
"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import filecmp
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import common
import tutorial_test

IMAGE = pathlib.Path(os.environ.get("CISTERNA_IMAGE", common.ROOT / "build/cortex-m/chip/pump.elf"))
BENCH = IMAGE.with_name("pump-bench.elf")
GOOD = common.ROOT / "tests/scenario/good"
PLAIN = "tests/scenario/plain.json"
FOREVER_S = 300  # what hangs so long is a failure
SAME = ("events.ndjson", "summary.json", "series.csv")

# A day on which everything happens to the core.
DAY = [
    {"at": "1 h", "who": "hardware", "do": "power_cut", "door": 60},
    {"at": "1 h", "who": "hardware", "do": "power_cut", "door": 900, "off": "2 min"},
    {"at": "2 h", "who": "patient", "do": "bolus"},
    {"at": "3 h", "who": "hardware", "do": "power_cut", "flash_operation": 2, "phase": "middle"},
    {"at": "3 h", "who": "hardware", "do": "power_cut", "flash_operation": 5, "phase": "after"},
    {"at": "4 h", "who": "clinic", "do": "stop"},
    {"at": "5 h", "who": "hardware", "do": "hang"},
    {"at": "6 h", "who": "hardware", "do": "reset", "retained": "flipped", "bits": 2, "cause": "watchdog"},
    {"at": "7 h", "who": "hardware", "do": "radio", "lost": "30 %", "repeated": "10 %", "overtaken": "10 %", "damaged": "5 %",
     "delay": "1.5 s", "for": "2 h"},
    {"at": "7 h 30 min", "who": "clinic", "do": "resume"},
    {"at": "8 h", "who": "patient", "do": "bolus"},
    {"at": "10 h", "who": "hardware", "do": "flash_flip", "count": 3},
    {"at": "11 h", "who": "hardware", "do": "clock_drift", "rate": "50 ppm", "for": "2 h"},
    {"at": "12 h", "who": "hardware", "do": "reset", "retained": "kept", "clock": "lost", "cause": "power", "off": "30 min"},
    {"at": "14 h", "who": "hardware", "do": "stall", "for": "1 h"},
    {"at": "16 h", "who": "hardware", "do": "reset", "retained": "random"},
]
# How far the examples are played: two chips share two cores with everything else.
SHORT = {"morphine-60-days": "3 h", "ziconotide-titration": "6 h", "bad-radio": "2 h", "baclofen-flex": "3 h"}


def played(room, target, scenario, *words):
    """The finished process, and the folder with its files."""
    folder = pathlib.Path(room) / f"{target}-{pathlib.Path(scenario).stem}"
    where = ("--image", IMAGE) if target == "chip" else ()
    ran = common.cisterna(common.RELEASE, "play", scenario, "--target", target, *where, "--out", folder, *words,
                          timeout=FOREVER_S)
    return ran, folder


def chips(parent):
    """The processes of QEMU that are children of this one."""
    found = subprocess.run(["pgrep", "-P", str(parent), "-f", "qemu-system-arm"], capture_output=True, text=True, check=False)
    return found.stdout.split()


class Chip(unittest.TestCase):
    def setUp(self):
        room = tempfile.TemporaryDirectory()
        self.addCleanup(room.cleanup)
        self.room = pathlib.Path(room.name)

    def same_on_both(self, scenario, *words):
        host, ours = played(self.room, "host", scenario, *words)
        chip, its = played(self.room, "chip", scenario, *words)
        self.assertEqual((host.returncode, chip.returncode), (0, 0), chip.stderr)
        for name in SAME:
            self.assertTrue(filecmp.cmp(ours / name, its / name, shallow=False), f"{scenario}: {name} is another on the chip")
        run = json.loads((its / "run.json").read_text())
        self.assertEqual(run["target"], "chip")
        self.assertEqual(json.loads((ours / "run.json").read_text())["target"], "host")
        return run["chip"], (its / "events.ndjson").read_text()

    def test_a_day_on_which_everything_happens(self):
        scenario = json.loads((common.ROOT / PLAIN).read_text())
        scenario.update(title="A day of a core", until="18 h", timeline=DAY)
        path = self.room / "day.json"
        path.write_text(json.dumps(scenario))
        counts, events = self.same_on_both(path)
        self.assertEqual(counts["starts"], 10)  # two at first (the image is looked at), and one for each end
        for what in ("power_cut", "watchdog", "memory_lost", "clock_lost", "radio"):
            self.assertIn(what, events)

    def test_examples(self):
        for name, until in SHORT.items():
            with self.subTest(name):
                self.same_on_both(f"examples/{name}.json", "--until", until)

    def test_lives_of_a_soak(self):
        words = ("soak", "--years", "2", "--until", "20 h", "--seed", "7", "--faults", "all", "--json")
        host = common.cisterna(common.RELEASE, *words, timeout=FOREVER_S)
        chip = common.cisterna(common.RELEASE, *words, "--target", "chip", "--image", BENCH, timeout=FOREVER_S)
        self.assertEqual((chip.returncode, chip.stdout), (host.returncode, host.stdout), chip.stderr)
        self.assertEqual(chip.returncode, 0, chip.stderr)

    def test_three_sessions_of_the_tutorial(self):
        """docs/tutorials/link.md, its pump on the chip, up to where its attacks begin."""
        page = (tutorial_test.FOLDER / "link.md").read_text(encoding="utf-8").splitlines()
        page = page[:next(i for i, line in enumerate(page) if line.startswith("$ cisterna attack knock"))] + ["```"]
        found = tutorial_test.commands(page)
        for command in found:
            command[0] = [line.replace("cisterna pump --state", f"cisterna pump --target chip --image {IMAGE} --state")
                          for line in command[0]]
        self.assertTrue(any("--target chip" in line for command in found for line in command[0]))
        said, everything = tutorial_test.played(found)
        self.assertEqual(len(said), len(found), everything)
        for (command, _, begins, ends), lines in zip(found, said):
            self.assertEqual(tutorial_test.masked(lines), tutorial_test.masked(page[begins:ends]), command)

    def test_no_chip_outlives_a_kill(self):
        run = subprocess.Popen([common.RELEASE, "play", "examples/year-1-ml-day.json", "--target", "chip", "--image", str(IMAGE)],
                               cwd=common.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child = []
            while not child:
                self.assertIsNone(run.poll())
                child = chips(run.pid)
            run.send_signal(signal.SIGKILL)
            run.wait(timeout=FOREVER_S)
            until = time.monotonic() + FOREVER_S
            while pathlib.Path(f"/proc/{child[0]}").exists() and "Z" not in state_of(child[0]):
                self.assertLess(time.monotonic(), until, "QEMU lives on")
        finally:
            run.kill()

    def test_a_killed_implant_goes_on(self):
        """Its file is of the moment: what it had been told is known again, and a start is what it lost."""
        state = self.room / "implant"
        words = [common.RELEASE, "pump", "--target", "chip", "--image", str(IMAGE), "--state", str(state), "--events", "--wait",
                 "--quiet", "--speed", "600"]
        sequence = 0
        for number in range(3):
            pump = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                event = json.loads(pump.stdout.readline())
                self.assertEqual(event["event"], "boot")
                self.assertGreater(event["sequence"], sequence)
                sequence = event["sequence"]
                self.assertEqual(event["cause"], 1 if number == 0 else 3)
            finally:
                pump.kill()
                said = pump.communicate(timeout=FOREVER_S)[1]
            self.assertNotIn("fault", said)

    def test_what_is_said_without_a_chip(self):
        cut, other = self.room / "cut.elf", self.room / "other.elf"
        cut.write_bytes(IMAGE.read_bytes()[:20000])
        other.write_text("no image\n" * 100)
        damaged = bytearray(IMAGE.read_bytes())
        offset, _, _, size = struct.unpack("<4I", damaged[56:72])  # of the first program header
        damaged[offset + size - 60] ^= 1  # among the constants
        bad = self.room / "bad.elf"
        bad.write_bytes(damaged)
        table = [
            (1, ["--image", self.room / "none.elf"], "tools/build cortex-m", {}),
            (1, ["--image", cut], "is cut off", {}),
            (1, ["--image", other], "is no image for this chip", {}),
            (1, ["--image", bad], "the image is damaged", {}),
            (1, ["--image", IMAGE.with_name("pump-bench.elf")], "is the bench image, for soak alone", {}),
            (1, ["--image", IMAGE], "apt-get install --no-install-recommends qemu-system-arm", {"PATH": str(self.room)}),
            (2, ["--image", ""], "needs a file", {}),
            (2, ["--gdb", "a,b"], "no comma", {}),
            (2, ["--gdb", "README.md"], "this is there", {}),
        ]
        for code, words, text, environment in table:
            with self.subTest(words):
                ran = common.cisterna(common.RELEASE, "play", PLAIN, "--target", "chip", *words, "--out", self.room / "out",
                                      timeout=FOREVER_S, env={**os.environ, **environment})
                self.assertEqual((ran.returncode, ran.stdout), (code, ""), ran.stderr)
                self.assertIn(text, ran.stderr)
                self.assertFalse((self.room / "out").exists())
        for command in ("play", "pump", "soak"):
            with self.subTest(command):
                ran = common.cisterna(common.RELEASE, command, "--target", "moon", timeout=FOREVER_S)
                self.assertEqual(ran.returncode, 2)
                self.assertIn("--target is host or chip, not moon", ran.stderr)
                files = [PLAIN] if command == "play" else []
                ran = common.cisterna(common.RELEASE, command, "--image", IMAGE, *files, timeout=FOREVER_S)
                self.assertEqual(ran.returncode, 2)
                self.assertIn("need --target chip", ran.stderr)
        ran = common.cisterna(common.RELEASE, "soak", "--target", "chip", "--image", IMAGE, timeout=FOREVER_S)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("is not the bench image", ran.stderr)

    def test_a_debugger_of_this_user_gets_in_and_starts_nothing(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        door, loot = folder / "door", folder / "loot"
        run = subprocess.Popen([common.RELEASE, "play", "examples/year-1-ml-day.json", "--target", "chip", "--image", str(IMAGE),
                                "--gdb", str(door)], cwd=common.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + FOREVER_S
            while not door.exists():
                self.assertIsNone(run.poll())
                self.assertLess(time.monotonic(), until)
            self.assertEqual(door.stat().st_mode & 0o777, 0o700 & ~0o077)
            with socket.socket(socket.AF_UNIX) as gdb:
                gdb.settimeout(FOREVER_S)
                gdb.connect(str(door))
                gdb.sendall(b"+$?#3f")
                said = b""
                while b"$T" not in said:  # the core has stopped
                    said += (part := gdb.recv(64))
                    self.assertTrue(part, said)
                order = f'migrate "exec:echo > {loot}; cat > /dev/null"'.encode().hex()
                packet = f"qRcmd,{order}"
                gdb.sendall(f"+${packet}#{sum(packet.encode()) % 256:02x}".encode())
                self.assertNotEqual(run.wait(timeout=FOREVER_S), 0)  # QEMU is ended by its sandbox, and the run with it
            self.assertFalse(loot.exists())
        finally:
            run.kill()
            run.wait()


def state_of(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


def long(names, seed):
    """Everything to its end; true when all is the same."""
    well = True
    for path in [*common.EXAMPLES, *sorted(GOOD.glob("*.json"))]:
        if names and path.stem not in names:
            continue
        with tempfile.TemporaryDirectory() as room:
            begun, folders = [time.monotonic()], []
            for target in ("host", "chip"):
                folder = pathlib.Path(room) / target
                where = ("--image", IMAGE) if target == "chip" else ()
                chance = ("--seed", seed) if seed is not None else ()
                common.cisterna(common.RELEASE, "play", path, "--target", target, *where, *chance, "--out", folder)
                begun.append(time.monotonic())
                folders.append(folder)
            same = all((folders[1] / name).exists() and filecmp.cmp(folders[0] / name, folders[1] / name, shallow=False)
                       for name in SAME)
            told = folders[1] / "run.json"
            run = json.loads(told.read_text()) if told.exists() else {"chip": {}}
            host_s, chip_s = begun[1] - begun[0], begun[2] - begun[1]
            print(f"{path.stem}: {'same' if same else 'ANOTHER'}; host {host_s:.1f} s, chip {chip_s:.1f} s, "
                  + ", ".join(f"{count} {what}" for what, count in run["chip"].items()), flush=True)
            well &= same
    return well


if __name__ == "__main__":
    if "--long" in sys.argv:
        parser = argparse.ArgumentParser()
        parser.add_argument("--long", action="store_true")
        parser.add_argument("--seed", type=int)
        parser.add_argument("names", nargs="*")
        asked = parser.parse_args()
        sys.exit(0 if long(asked.names, asked.seed) else 1)
    unittest.main()
