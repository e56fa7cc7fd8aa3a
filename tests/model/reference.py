#!/usr/bin/python3
"""The independent exact reference: was every quantum commanded when it was due, and none beyond a limit?

    reference.py EMIT SEED RUNS [PROGRAMS]    plays RUNS random runs with the driver EMIT and judges each; exit code 1 on
                                              the first wrong quantum, or when fewer than PROGRAMS programs were played

It shares no logic with the pump. What is prescribed is the exact integral of the program in force while it was allowed to
run; after it has prescribed k quanta, and not before, quantum k is due; the fraction in hand survives a change of program and
is dropped at a stop. Time goes in whole milliseconds, so a quantum may come less than one of them late and a bolus,
prime or bridge ends with the millisecond in which its volume is full. All amounts are integers in parts of a nanolitre
so small that nothing is ever rounded: 1 nL is 86,400,000 (ms a day) x 1,000,000 (ppm) PARTS.

Conventions that design leaves open and the pump's documents state: periodic boluses are counted from the activation, or from
one interval after a resumption; a start that a prime, a bridge or an empty reservoir covers is left out, not made up.

Lines of a run: R seed · U quantum_nl ppm dead_nl · Z t civil_offset · F t quanta_moved (drug ng_per_ml)* · A t kind base
[P volume rate interval first] [O kind volume rate] [S count (minute rate)*]* [W set*7] [L drug hour_fg day_fg]* ·
B t volume rate · C t cancelled · X t stopped · G t resumed · M t rate · V t empty · Y t filled again · q t* quanta ·
. t quanta bolus_quanta withheld missed mode
"""
# SPDX-License-Identifier: Apache-2.0
import collections
import datetime
import fractions
import subprocess
import sys

DAY_MS = 86400000
PARTS = DAY_MS * 1000000
EPOCH = datetime.datetime(1970, 1, 1)
STOPPED, CONTINUOUS, FLEX, PERIODIC, MINIMUM = range(5)
PRIME, BRIDGE, SINGLE = 1, 2, 3
WINDOWS_MS = (3600000, DAY_MS)


class Wrong(Exception):
    pass


class Program:
    """A prescription, read from its line."""

    def __init__(self, words):
        self.kind, self.base = int(words[0]), int(words[1])
        self.sets, self.week, self.limits = [], [], {}
        self.periodic = self.opening = None
        at = 2
        while at < len(words):
            mark, at = words[at], at + 1
            count = {"P": 4, "O": 3, "W": 7, "L": 3}.get(mark)
            if mark == "S":
                count = 2 * int(words[at])
                at += 1
            values = [int(word) for word in words[at:at + count]]
            at += count
            if mark == "P":
                self.periodic = values
            elif mark == "O":
                self.opening = values
            elif mark == "W":
                self.week = values
            elif mark == "S":
                self.sets.append(list(zip(values[::2], values[1::2])))
            else:
                self.limits[values[0]] = values[1:]

    def flow(self, civil_ms):
        """The base flow at a civil moment, and how many ms from there it may change."""
        if self.kind != FLEX:
            return self.base, None
        civil = EPOCH + datetime.timedelta(milliseconds=civil_ms)
        midnight = civil.replace(hour=0, minute=0, second=0, microsecond=0)
        today = (civil - midnight) // datetime.timedelta(milliseconds=1)
        rate, until = None, DAY_MS
        for minute, step_rate in self.sets[self.week[civil.weekday()]]:
            if minute * 60000 <= today:
                rate = step_rate
            else:
                until = minute * 60000
                break
        return rate, until - today


class Prescribed:
    """What has been prescribed up to a moment, in PARTS of a nanolitre, and what flows from then on."""

    def __init__(self, quantum):
        self.quantum = quantum
        self.at = 0
        self.parts = 0
        self.running = False
        self.minimum = 0
        self.program = None
        self.offset = 0
        self.next_periodic = None
        self.course = None          # [rate, parts left, instead of the base]
        self.bolus_parts = 0

    def rate_now(self):
        if self.minimum:
            return self.minimum, None
        if not self.running:
            return 0, None
        return self.program.flow(self.at + self.offset)

    def begin(self, volume_nl, rate, instead):
        self.course = [rate, volume_nl * PARTS, instead]

    def skip_missed(self):
        """Starts of periodic boluses that lie behind us are left out."""
        if self.next_periodic is not None and self.next_periodic < self.at:
            interval = self.program.periodic[2] * 60000
            self.next_periodic += -(-(self.at - self.next_periodic) // interval) * interval

    def events_now(self):
        if self.course and self.course[1] == 0:
            instead = self.course[2]
            self.course = None
            if instead:
                self.skip_missed()
        if self.running and not self.minimum and self.course is None and self.next_periodic == self.at:
            volume, rate, interval, _ = self.program.periodic
            self.next_periodic += interval * 60000
            self.begin(volume, rate, False)

    def advance(self, to):
        while True:
            self.events_now()
            if self.at >= to:
                return
            base, change = self.rate_now()
            end = to if change is None else min(to, self.at + change)
            if self.course:
                rate, left, instead = self.course
                end = min(end, self.at + -(-left // (rate * 1000000)))
                base = 0 if instead else base
            elif self.running and not self.minimum and self.next_periodic is not None:
                end = min(end, self.next_periodic)
            span = end - self.at
            self.parts += base * span * 1000000
            if self.course:
                given = min(self.course[0] * span * 1000000, self.course[1])
                self.course[1] -= given
                self.parts += given
                self.bolus_parts += given
            self.at = end

    def drop(self):
        fraction = self.parts % self.quantum
        self.parts -= fraction
        return fraction

    def stop(self):
        self.running, self.minimum, self.course = False, 0, None
        return self.drop()

    def activate(self, program, empty):
        self.program, self.minimum = program, 0
        self.next_periodic = self.at + program.periodic[3] * 60000 if program.periodic else None
        if program.kind == STOPPED or empty:
            return
        self.running = True
        if program.opening:
            kind, volume, rate = program.opening
            self.begin(volume, rate, kind in (PRIME, BRIDGE))

    def resume(self):
        self.running, self.minimum = True, 0
        if self.program.periodic:
            self.next_periodic = self.at + self.program.periodic[2] * 60000


class Tip:
    """Drug by exact plug flow, quantum by quantum, and the rolling windows it makes. Masses in 1e-6 fg."""

    def __init__(self, quantum_fl, dead_nl):
        self.quantum_fl, self.dead_fl = quantum_fl, dead_nl * 1000000
        self.stretches = [(None, {})]      # (first fL drawn, {drug: ng/mL}), nearest the tip first
        self.windows = [{}, {}]            # drug -> [deque of (t, mass), sum]
        self.forces = []                   # (from t, {drug: [hour, day]})
        self.masses_checked = 0

    def refill(self, quanta_moved, mixture):
        self.stretches.append((quanta_moved * self.quantum_fl, mixture))

    def activate(self, at, limits):
        merged = dict(self.forces[-1][1]) if self.forces else {}
        merged.update(limits)
        self.forces.append((at, merged))

    def masses(self, number):
        """What quantum `number` (from 1) pushes out of the tip."""
        end = number * self.quantum_fl - self.dead_fl
        begin = end - self.quantum_fl
        out = collections.Counter()
        for i, (start, mixture) in enumerate(self.stretches):
            after = self.stretches[i + 1][0] if i + 1 < len(self.stretches) else None
            low = begin if start is None else max(begin, start)
            high = end if after is None else min(end, after)
            if high > low:
                for drug, conc in mixture.items():
                    out[drug] += (high - low) * conc
        while len(self.stretches) > 1 and self.stretches[1][0] <= begin:
            self.stretches.pop(0)
        return out

    def limit(self, at, window, drug):
        first = at - WINDOWS_MS[window]
        largest = 0
        for i in range(len(self.forces) - 1, -1, -1):
            largest = max(largest, self.forces[i][1].get(drug, (0, 0))[window])
            if self.forces[i][0] <= first + 1:
                break
        return largest * 1000000

    def book(self, at, number):
        for drug, mass in self.masses(number).items():
            for window in (0, 1):
                entry = self.windows[window].setdefault(drug, [collections.deque(), 0])
                queue = entry[0]
                queue.append((at, mass))
                entry[1] += mass
                while queue[0][0] <= at - WINDOWS_MS[window]:
                    entry[1] -= queue.popleft()[1]
                self.masses_checked += 1
                if entry[1] > self.limit(at, window, drug):
                    raise Wrong(f"quantum {number} at {at}: drug {drug} passes its limit of "
                                f"{('an hour', 'a day')[window]}: {entry[1]} of {self.limit(at, window, drug)} 1e-6 fg")


class Run:
    def __init__(self, seed):
        self.seed = seed
        self.quanta = self.programs = self.boluses = self.drops = 0
        self.empty, self.waiting = False, None

    def unit(self, words):
        nominal_nl, ppm, dead_nl = (int(word) for word in words)
        self.quantum = int(fractions.Fraction(nominal_nl) * (1 + fractions.Fraction(ppm, 1000000)) * PARTS)
        self.prescribed = Prescribed(self.quantum)
        self.tip = Tip(nominal_nl * (1000000 + ppm), dead_nl)

    def quantum_at(self, at):
        p, k = self.prescribed, self.quanta + 1
        if at <= p.at:
            raise Wrong(f"quantum {k} at {at} is not after {p.at}, when something else happened")
        p.advance(at - 1)
        if p.parts >= k * self.quantum:
            raise Wrong(f"quantum {k} at {at} is late: {p.parts / PARTS} nL prescribed a millisecond before")
        p.advance(at)
        if p.parts < k * self.quantum:
            raise Wrong(f"quantum {k} at {at} is early: {p.parts / PARTS} of {k * self.quantum / PARTS} nL prescribed")
        self.quanta = k
        self.tip.book(at, k)

    def settle(self, at):
        """Nothing is owed and nothing was given ahead, now either."""
        p = self.prescribed
        p.advance(at)
        if not self.quanta * self.quantum <= p.parts < (self.quanta + 1) * self.quantum:
            raise Wrong(f"at {at}: {p.parts / PARTS} nL prescribed, {self.quanta} quanta of {self.quantum / PARTS} nL given")

    def event(self, mark, at, words):
        p = self.prescribed
        self.settle(at)
        if mark == "Z":
            p.offset = int(words[0])
        elif mark == "F":
            values = [int(word) for word in words]
            self.tip.refill(values[0], dict(zip(values[1::2], values[2::2])))
        elif mark == "A":
            program = Program(words)
            self.programs += 1
            self.tip.activate(at, program.limits)
            if program.kind == STOPPED:
                self.drops += p.stop() != 0
                self.empty = False
            p.course = None
            p.activate(program, self.empty)
            kind, volume, rate = program.opening or (None, 0, 0)
            self.waiting = [rate, volume * PARTS, True] if self.empty and kind in (PRIME, BRIDGE) else None
            self.before = (True, 0)
        elif mark == "B":
            self.boluses += 1
            p.begin(int(words[0]), int(words[1]), False)
        elif mark == "C":
            p.course = self.waiting = None
        elif mark in ("X", "V"):
            before = (p.running, p.minimum)
            # A prime or bridge ends by volume: an empty reservoir makes it wait, a stop ends it.
            self.waiting = p.course if mark == "V" and p.course and p.course[2] else None
            self.drops += p.stop() != 0
            self.empty = mark == "V"
            self.before = before
        elif mark == "Y":
            (p.running, p.minimum), self.empty = self.before, False
            p.course, self.waiting = self.waiting, None
            p.skip_missed()
        elif mark == "G":
            p.resume()
        elif mark == "M":
            p.minimum, p.course, p.running = int(words[0]), None, True
        else:
            raise Wrong(f"unexpected line {mark} {at} {' '.join(words)}")
        p.events_now()

    def end(self, words):
        at, quanta, bolus_quanta, withheld, missed, _ = (int(word) for word in words)
        self.settle(at)
        if quanta != self.quanta or withheld or missed:
            raise Wrong(f"the pump counts {quanta} quanta, {withheld} withheld and {missed} missed; seen were {self.quanta}")
        bolus_parts = self.prescribed.bolus_parts
        # A quantum goes to whoever has more in hand, so neither may owe more than half of one (docs/decisions/0003).
        if not self.drops and not -self.quantum <= 2 * (bolus_parts - bolus_quanta * self.quantum) < 3 * self.quantum:
            raise Wrong(f"{bolus_quanta} quanta called boluses for {bolus_parts / PARTS} nL of them")


def judge(lines, totals):
    run = None
    for text in lines:
        mark, *words = text.split()
        if mark == "R":
            run = Run(int(words[0]))
            totals["runs"] += 1
        try:
            if mark == "q":
                for word in words:
                    run.quantum_at(int(word))
            elif mark == "U":
                run.unit(words)
            elif mark == ".":
                run.end(words)
                totals["programs"] += run.programs
                totals["quanta"] += run.quanta
                totals["boluses on request"] += run.boluses
                totals["window sums"] += run.tip.masses_checked
                run = None
            elif mark != "R":
                run.event(mark, int(words[0]), words[1:])
        except Wrong as wrong:
            yield run.seed, str(wrong)
            return
    if run is not None or not totals["runs"]:
        yield None, "the driver stopped in the middle"


def main():
    emit, seed, runs = sys.argv[1:4]
    least = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    totals = collections.Counter()
    with subprocess.Popen([emit, seed, runs], stdout=subprocess.PIPE, text=True) as driver:
        for where, wrong in judge(driver.stdout, totals):
            print(f"WRONG in the run with seed {where}: {wrong}")
            driver.kill()
            return 1
    told = ", ".join(f"{count} {name}" for name, count in totals.items())
    print(f"seed {seed}: {told}: all as prescribed")
    return 0 if driver.returncode == 0 and totals["programs"] >= least else 1


if __name__ == "__main__":
    sys.exit(main())
