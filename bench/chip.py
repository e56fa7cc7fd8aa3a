#!/usr/bin/python3
"""chip.py - what the pump's software costs on the chip: flash, RAM and stack, instructions, time awake, life of the cell.

    tools/build cortex-m && tools/build release cisterna && bench/chip.py [--until 65min]

A therapy at 1 mL a day runs on the emulated chip (`cisterna play --target chip --instructions`), and every instruction that the
core executes is counted, by function and by wake. What the emulated board alone needs (the bus and its serial line) is told
apart: on a real board a door is a driver. Instructions are counted, not cycles; what a cycle costs is said where it is used.
A figure, not a test: exit code 1 only when nothing could be measured."""
# SPDX-License-Identifier: Apache-2.0
import argparse
import collections
import os
import pathlib
import re
import statistics
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOORS = re.findall(r"\(\*(\w+)\)\(void \*hardware", (ROOT / "board/board.h").read_text())
# What the emulated board needs and a real one does not: frames, checks and waiting for the serial line.
WIRE = {b"bus_ask", b"bus_ask_more", b"bus_check", b"write_request", b"put_16", b"copy_out", b"uart_write", b"uart_read",
        b"uart_bus_woke", b"uart_radio_woke", b"part", b"register_at"}
LIFE = {b"main", b"live"}  # only these ask the bus themselves: to start, and to sleep
# Functions whose calls are counted with all that they call.
WHOLE = ("cipher_agree", "logring_append", "store_append", "energy_look", "pump_boot", "chooser_slot", "image_crc")
CLOCK_HZ = 16_000_000
CYCLES = 1.5      # guess: of an instruction on a Cortex-M4, from flash without wait states
ACTIVE_MA = 4     # guess, as in pump/energy.def
DAY_MS = 86_400_000


class Symbols:
    """Where functions begin, and the doors of the table."""

    def __init__(self, image):
        lines = subprocess.run(["arm-none-eabi-nm", "-S", str(image)], check=True, capture_output=True, text=True).stdout
        self.start, table = {}, 0
        for words in map(str.split, lines.splitlines()):
            if len(words) == 4 and words[2] in "tT":
                self.start.setdefault(words[3], int(words[0], 16) & ~1)
            elif len(words) == 4 and words[3] == "doors":
                table = int(words[0], 16)
        flat = image.with_suffix(".bin").read_bytes()
        self.door = {entry & ~1: name for name, entry in zip(DOORS, struct.unpack_from(f"<{len(DOORS)}I", flat, table))}
        self.whole = {self.start[name]: name for name in WHOLE if name in self.start}


class Wake:
    """What ran between two sleeps: `own` without the wire's instructions."""

    def __init__(self):
        self.functions, self.doors, self.calls, self.wire = collections.Counter(), collections.Counter(), [], 0

    @property
    def own(self):
        return sum(self.functions.values())

    def of(self, name):
        return [count for called, count in self.calls if called == name]


class Counting:
    """Reads the trace line by line."""

    def __init__(self, symbols):
        self.symbols, self.wakes, self.wake, self.own = symbols, [], Wake(), 0
        self.open = []  # [name, caller, own count at the call] of WHOLE functions under way

    def read(self, trace):
        last, run = b"", 0
        for line in trace:
            name = line[line.rfind(b" ") + 1:-1]
            if name == last:
                run += 1
                continue
            self.ran(last, run)
            if line.startswith(b"Trace"):
                at = line.find(b"/") + 1
                self.change(last, name, int(line[at:at + 8], 16))
            last, run = name, 1
        self.ran(last, run)
        return self.wakes + [self.wake]

    def ran(self, name, run):
        if name in WIRE:
            self.wake.wire += run
        elif name:
            self.wake.functions[name] += run
            self.own += run

    def change(self, last, name, at):
        if self.open and name == self.open[-1][1] and at != self.symbols.start.get(name.decode()):
            called, _, before = self.open.pop()
            self.wake.calls.append((called, self.own - before))
        if at in self.symbols.whole:
            self.open.append((self.symbols.whole[at], last, self.own))
        if at in self.symbols.door:
            self.wake.doors[self.symbols.door[at]] += 1
        if last in LIFE and name == b"bus_ask":
            self.wakes.append(self.wake)
            self.wake = Wake()


def play(options):
    """The wakes of a run on the chip. What comes out of the pipe is read as it comes: it is gigabytes."""
    with tempfile.TemporaryDirectory() as folder:
        fifo = pathlib.Path(folder) / "instructions"
        os.mkfifo(fifo)
        words = [options.cisterna, "play", options.scenario, "--target", "chip", "--image", options.image, "--until",
                 options.until, "--instructions", fifo, "--out", f"{folder}/out"]
        run = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)
        with open(fifo, "rb", buffering=1 << 20) as trace:
            wakes = Counting(Symbols(options.image)).read(trace)
        if run.wait() != 0:
            sys.exit("chip.py: the run on the chip failed")
    return wakes


def seconds(instructions):
    return instructions * CYCLES / CLOCK_HZ


def charge_nc(instructions):
    return round(seconds(instructions) * ACTIVE_MA * 1e6)


def mean(values):
    return round(statistics.fmean(values)) if values else 0


def biggest(wakes, many=5):
    total = collections.Counter()
    for wake in wakes:
        total.update(wake.functions)
    return ", ".join(f"{name.decode()} {count / len(wakes):.0f}" for name, count in total.most_common(many))


def row(what, value, aim="", met=None, note=""):
    print(f"| {what} | {value} | {aim} | {'' if met is None else 'met' if met else 'missed'} | {note} |")


def show_image(options):
    text = subprocess.run([ROOT / "tools/image", str(options.image)], capture_output=True, text=True, cwd=ROOT).stdout
    room = {name: (int(flash), int(ram)) for name, flash, ram in re.findall(r"^([a-z]\w+) +(\d+) +(\d+)$", text, re.MULTILINE)}
    own, whole = (int(re.search(rf"^{words} +(\d+)$", text, re.MULTILINE)[1]) for words in ("our rooms", "all that is loaded"))
    section = {name: int(size) for name, size in re.findall(r"^(\.\w+) +0x2\w+ +(\d+)$", text, re.MULTILINE)}
    stack = re.search(r"^stack: (\d+) bytes at most, of (\d+)", text, re.MULTILINE)
    row("our own code, flash", f"{own} B", "49152 B", own <= 48 * 1024,
        ", ".join(f"{name} {flash}" for name, (flash, _) in sorted(room.items(), key=lambda one: -one[1][0])))
    row("whole image, flash", f"{whole} B", "131072 B", whole <= 128 * 1024, "with cryptography and messages")
    ram = sum(section.values())
    row("RAM with stack", f"{ram} B", "12288 B", ram <= 12 * 1024,
        ", ".join(f"{name} {size}" for name, size in sorted(section.items(), key=lambda one: -one[1])))
    row("deepest stack", f"{stack[1]} B", f"{stack[2]} B", int(stack[1]) <= int(stack[2]),
        "from the call graph; tools/image prints the path")


def show_wakes(wakes):
    """Rows of what was counted (the first two wakes are the start); then those of quantum, look, X25519 and start."""
    fire = [wake for wake in wakes if set(wake.doors) == {"motor_key_engine", "motor_key_governor"}]
    fetch = [wake for wake in wakes if set(wake.doors) == {"motor_result"}]
    busy = ("radio_receive", "motor_key_governor")
    look = [wake for wake in wakes[2:] if wake.of("energy_look") and not any(wake.doors[door] for door in busy)]
    quiet = [wake for wake in wakes if wake.doors and set(wake.doors) <= {"watchdog", "motor_budget"}]
    agree = [count for wake in wakes for count in wake.of("cipher_agree")]
    handshakes = [wake for wake in wakes if wake.of("cipher_agree") and wake.doors["random"] == 5]
    appended = [count for wake in wakes for count in wake.of("logring_append")]
    stored = [count for wake in wakes for count in wake.of("store_append")]
    quantum = mean([wake.own for wake in fire]) + mean([wake.own for wake in fetch])
    row("a quantum: fired, and its result fetched", f"{quantum} instructions", "2000", quantum <= 2000, biggest(fire, 8))
    row("a wake with nothing to do", f"{mean([wake.own for wake in quiet])} instructions", note=biggest(quiet))
    row("the hourly look, with a checkpoint written", f"{mean([wake.own for wake in look])} instructions", note=biggest(look))
    took = max(map(seconds, (wake.own for wake in handshakes)))
    row("handshake of a session", f"{max(wake.own for wake in handshakes)} instructions, {took:.2f} s", "1 s", took <= 1,
        biggest(handshakes))
    row("one X25519", f"{mean(agree)} instructions, {seconds(mean(agree)):.3f} s")
    row("an event appended to the log", f"{mean(appended)} instructions",
        note=f"of {len(appended)}, {min(appended)} to {max(appended)}")
    row("a record appended to the store", f"{mean(stored)} instructions",
        note=f"of {len(stored)}, {min(stored)} to {max(stored)}")
    row("start: image checked, flash looked through", f"{wakes[0].own + wakes[1].own} instructions, "
        f"{seconds(wakes[0].own + wakes[1].own):.2f} s", note=biggest(wakes[:2]))
    day = 4000 * quantum + 24 * mean([wake.own for wake in look])
    asleep = 100 * (1 - seconds(day) / 86400)
    row("asleep, over a month at 1 mL/day", f"{asleep:.4f} %", "99.99 %", asleep >= 99.99,
        "the pump's software alone: no waiting for flash or radio")
    return quantum, mean([wake.own for wake in look]), mean(agree), wakes[0].own + wakes[1].own


def show_life(quantum, look, agree, start):
    """What the charges of pump/energy.def are, what the counts make of them, and how long a cell lasts by each."""
    text = (ROOT / "pump/energy.def").read_text()
    charge = {name: int(nc) for name, nc in re.findall(r"^ENERGY\((\w+), (\d+),", text, re.MULTILINE)}
    counted = {"WAKE": quantum / 2, "LOOK": look, "PUBLIC_KEY": agree, "BOOT": start}
    print("\n| charge of | as the pump reckons, nC | computing alone by these counts, nC |\n|---|---|---|")
    for name, instructions in counted.items():
        print(f"| {name} | {charge[name]} | {charge_nc(instructions)} |")
    usable_nc = int(re.search(r"RATED_NC INT64_C\((\d+)\)", (ROOT / "pump/energy.c").read_text())[1]) * 81 // 100
    parts = {"standing": charge["STANDING"] * DAY_MS, "quanta": 4000 * charge["QUANTUM_ROTOR"],
             "wakes and looks": 8000 * charge["WAKE"] + 24 * charge["LOOK"]}
    by_counts = {**parts, "wakes and looks": 8000 * charge_nc(quantum / 2) + 24 * charge_nc(look)}
    print()
    for words, use in (("as the pump reckons", parts), ("with the counts", by_counts)):
        years = usable_nc / sum(use.values()) / 365.25
        print(f"cell at 1 mL/day, {words}: {years:.2f} years (aim 10, {'met' if years >= 10 else 'missed'}); "
              + ", ".join(f"{name} {100 * nc / sum(use.values()):.1f} %" for name, nc in use.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--until", default="65min")
    parser.add_argument("--scenario", default=ROOT / "bench/chip.json", type=pathlib.Path)
    parser.add_argument("--image", default=ROOT / "build/cortex-m/chip/pump.elf", type=pathlib.Path)
    parser.add_argument("--cisterna", default=ROOT / "build/release/app/cisterna")
    options = parser.parse_args()
    wakes = play(options)
    print("| what | measured | aim | | of it |\n|---|---|---|---|---|")
    show_image(options)
    show_life(*show_wakes(wakes))
    print(f"\n{len(wakes)} wakes were counted; at {CLOCK_HZ // 1_000_000} MHz and {CYCLES} cycles an instruction, a guess. "
          f"The bus of the emulated board took {sum(wake.wire for wake in wakes)} instructions more, which no board would.")


if __name__ == "__main__":
    main()
