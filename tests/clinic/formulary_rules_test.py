#!/usr/bin/python3
"""formulary_rules_test.py - every number of every committed entry, made larger and smaller: the reader takes the entry exactly
when an independent judge of the same rules does, and each number that a rule is about is refused on the side where the rule
breaks. Then entries with several numbers changed by chance. REQ-LIBR-01.

    formulary_rules_test.py TELLER
"""
# SPDX-License-Identifier: Apache-2.0
import copy
import decimal
import fractions
import itertools
import json
import random
import re
import subprocess
import sys
import unittest

import formulary_common as common

TELLER = sys.argv.pop(1)
GOOD = {path.stem: common.load(path) for path in common.FILES}
FACTORS = [fractions.Fraction(n) for n in ("1/1000", "1/10", "1/2", "9/10", "11/10", "2", "10", "30", "200", "1000")]
SEED, CHANGED = 20261129, 1500
ALLOWED, MALFORMED, REFUSED = 0, 2, 3
MOST = {"ng/mL": 10**8, "fg": 288 * 10**13, "fg/day": 288 * 10**13, "ms": 1000 * 86400000, "millionths": 10**8, "1": 255}


def verdicts(entries):
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    ran = subprocess.run([TELLER], input=text, capture_output=True, text=True, check=True)
    return [int(line) for line in ran.stdout.split()]


def at(entry, *path):
    """The exact number that stands there, or nothing."""
    for key in path:
        if isinstance(entry, dict):
            entry = entry.get(key)
        else:
            entry = entry[key] if key < len(entry) else None
        if entry is None:
            return None
    return common.base(entry["value"])[1]


def ordered(entry):
    """Pairs of paths whose first may not be above its second, from docs/formulary.md."""
    places = ("hard_low", "soft_low", "soft_high", "hard_high")
    for field in entry["bounds"]:
        for low, high in itertools.combinations(places, 2):
            yield ("bounds", field, low), ("bounds", field, high)
    yield ("bounds", "dose", "soft_high"), ("bounds", "total", "soft_high")
    yield ("bounds", "dose", "hard_high"), ("bounds", "total", "hard_high")
    yield ("bounds", "bolus", "hard_high"), ("bounds", "total", "hard_high")
    for i in range(len(entry["starts"])):
        yield ("starts", i, "low"), ("starts", i, "high")
        yield ("starts", i, "high"), ("bounds", "dose", "hard_high")
    for i in range(len(entry["titrations"])):
        yield ("titrations", i, "low"), ("titrations", i, "high")
        yield ("titrations", i, "interval"), ("titrations", i, "advised")
    for state in ("first_fill", "diluted"):
        yield ("stability", state), ("stability", "undiluted")
    for i in range(len(entry["concentrations"])):
        yield ("bounds", "concentration", "hard_low"), ("concentrations", i)
        yield ("concentrations", i), ("bounds", "concentration", "hard_high")


def broken(entry):
    """The pairs that are out of order."""
    for low, high in ordered(entry):
        below, above = at(entry, *low), at(entry, *high)
        if below is not None and above is not None and below > above:
            yield low, high
    for i in range(1, len(entry["concentrations"])):
        if at(entry, "concentrations", i - 1) >= at(entry, "concentrations", i):
            yield ("concentrations", i - 1), ("concentrations", i)


def unnamed(entry):
    """The sources that nothing names."""
    named = set(re.findall(r'"source": ("[^"]*")', json.dumps(entry)))
    return {source["id"] for source in entry["sources"]} - {json.loads(name) for name in named}


def unbounded(entry):
    """What must have a bound, be it a guess, and has none: the day, and all that a patient may ask for."""
    needed = [("dose", "hard_high")]
    if entry["patient_bolus"]["value"]:
        needed += [("bolus", "hard_high"), ("boluses_per_day", "hard_high"), ("lockout", "hard_low")]
    return [path for path in needed if at(entry, "bounds", *path) is None]


def expected(entry):
    if unnamed(entry):
        return MALFORMED
    for _, value in amounts(entry):
        unit, number = common.base(value["value"])
        if number.denominator != 1 or not 1 <= number <= MOST[unit]:
            return MALFORMED
    return REFUSED if any(broken(entry)) or unbounded(entry) else ALLOWED


def amounts(entry):
    for path, value in common.figures(entry):
        if isinstance(value.get("value"), str) and re.match(r"[0-9]", value["value"]):
            yield path, value


def scaled(text, factor):
    """The same amount, times a factor, as a decimal text."""
    number, unit = re.fullmatch(r"([0-9.]+)( ?.*)", text).groups()
    product = fractions.Fraction(number) * factor
    with decimal.localcontext() as context:
        context.prec = 40
        exact = decimal.Decimal(product.numerator) / decimal.Decimal(product.denominator)
    return f"{exact:f}{unit}"


def changed(stem, paths_factors):
    entry = copy.deepcopy(GOOD[stem])
    for path, factor in paths_factors:
        value = entry
        for key in path:
            value = value[key]
        value["value"] = scaled(value["value"], factor)
    return entry


class Rules(unittest.TestCase):
    def agree(self, cases):
        entries = [changed(stem, what) for stem, what in cases]
        told = verdicts(entries)
        self.assertEqual(len(told), len(cases))
        counts = dict.fromkeys((ALLOWED, MALFORMED, REFUSED), 0)
        for (stem, what), entry, verdict in zip(cases, entries, told):
            if verdict != expected(entry):
                self.fail(f"{stem} with {[(common.spelt(p), str(f)) for p, f in what]}: {verdict}, not {expected(entry)}")
            counts[verdict] += 1
        return dict(zip(cases, told)), counts

    def test_what_is_committed_is_in_order(self):
        self.assertEqual(verdicts(GOOD.values()), [ALLOWED] * len(GOOD))
        for entry in GOOD.values():
            self.assertEqual(expected(entry), ALLOWED)

    def test_each_number_alone(self):
        """And where a rule is about a number, some factor breaks it: no figure stands in a rule that cannot bite."""
        cases = [(stem, ((path, factor),)) for stem in GOOD for path, _ in amounts(GOOD[stem]) for factor in FACTORS]
        self.assertGreater(len(cases), 1000)
        told, counts = self.agree(cases)
        self.assertGreater(min(counts.values()), 20, counts)
        for stem, entry in GOOD.items():
            ruled = {path for pair in ordered(entry) if all(at(entry, *side) is not None for side in pair) for path in pair}
            for path, _ in amounts(entry):
                refused = any(told[(stem, ((path, factor),))] == REFUSED for factor in FACTORS)
                self.assertEqual(refused, path in ruled, f"{stem}: {common.spelt(path)}")

    def test_each_bound_taken_away(self):
        """No entry is without a ceiling of the day, and none that lets patients ask is without bounds on that."""
        entries, gone = [], []
        for stem, entry in GOOD.items():
            for field, bounds in entry["bounds"].items():
                for place in (*bounds, None):  # the last: the whole field
                    entries.append(copy.deepcopy(entry))
                    if place is None:
                        del entries[-1]["bounds"][field]
                    else:
                        del entries[-1]["bounds"][field][place]
                    gone.append((stem, field, place))
        told = verdicts(entries)
        wrong = [(*what, verdict) for what, entry, verdict in zip(gone, entries, told) if verdict != expected(entry)]
        self.assertEqual(wrong, [])
        day = [verdict for what, verdict in zip(gone, told) if what[1:] in (("dose", "hard_high"), ("dose", None))]
        self.assertEqual(len(day), 2 * len(GOOD))
        self.assertNotIn(ALLOWED, day)
        self.assertIn(ALLOWED, told)

    def test_several_by_chance(self):
        chance = random.Random(SEED)
        cases = []
        for _ in range(CHANGED):
            stem = chance.choice(sorted(GOOD))
            paths = chance.sample([path for path, _ in amounts(GOOD[stem])], chance.randint(2, 5))
            cases.append((stem, tuple((path, chance.choice(FACTORS)) for path in paths)))
        _, counts = self.agree(cases)
        self.assertGreater(min(counts.values()), 100, f"seed {SEED}: {counts}")


if __name__ == "__main__":
    unittest.main()
