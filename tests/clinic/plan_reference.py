#!/usr/bin/env python3
# plan_reference.py - the planner's formulas written a second time, in Python's exact fractions, from the clinical facts and not
# from the C code: each line of plan_emit must come out the same to the last digit. usage: plan_reference.py EMIT SEED COUNT
# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from collections import Counter
from fractions import Fraction

DAY = 86400000
MODELS = {  # reservoir, quantum, largest flow, in nL; tubing 0.140 mL for all, catheter 0.0026 mL/cm
    1: (20_000_000, 250, 24_000_000),
    2: (40_000_000, 250, 24_000_000),
    3: (20_000_000, 2500, 28_800_000),
}
TUBING = 140_000


def quotient(a, b):
    return None if b in (0, None) or a is None else Fraction(a) / Fraction(b)


def product(a, b):
    return None if a is None or b is None else a * b


def catheter(line):
    if line["by_volume"]:
        return line["volume"]
    return Fraction(26, 10000) * 1_000_000 * Fraction(line["length"] - line["trimmed"], 10) // 1


def rate(line):
    reservoir, quantum, _ = MODELS[line["model"]]
    flow = Fraction(line["dose"], line["conc"])
    fit = flow // 1 <= 28_800_000
    out = {"flow": flow, "fit": int(fit)}
    if fit:
        whole = flow // 1
        out |= {"set": whole, "exact": int(flow == whole), "achieved": whole * line["conc"], "quanta": Fraction(whole, quantum),
                "lasts": quotient(Fraction((line["fill"] - line["alarm"]) * DAY), whole)}
    return out


def refill(line):
    flow = Fraction(line["dose"], line["conc"])
    daily = flow + line["boluses"] * Fraction(line["bolus"], line["conc"])
    usable = line["fill"] - line["alarm"]
    others = (line["stability"], line["replacement"], line["policy"])
    reasons = [usable * DAY / daily] + [None if span < 0 else Fraction(span) for span in others]
    due = min(reason for reason in reasons if reason is not None)
    return {"bounded": 1, "base_alone": usable * DAY / flow, "volume_lasts": reasons[0], "due": due, "first": reasons.index(due)}


def prime(line):
    _, _, fastest = MODELS[line["model"]]
    held = catheter(line)
    pushed = held if line["primed"] else held + TUBING
    speed = line["rate"] or fastest
    return {"pushed": pushed, "duration": Fraction(pushed * DAY, speed),
            "before": Fraction(0 if line["empty"] else held * line["holds"]),
            "waiting": pushed * DAY * Fraction(line["conc"], line["dose"])}


def bridge(line):
    pushed = catheter(line) + TUBING
    speed = Fraction(line["from_dose"], line["from_conc"])
    after = Fraction(line["to_dose"], line["to_conc"])
    dose = after * line["from_conc"]
    against = line["to_dose"] if line["from_drug"] == line["to_drug"] else line["from_dose"]
    return {"pushed": pushed, "rate": speed, "duration": pushed * DAY / speed, "after": after, "skipped_dose": dose,
            "skipped_factor": dose / against, "skipped_duration": pushed * DAY / after}


def mix(line):
    prepared = line["fill"] + line["dead"]
    out, left = {"prepared": prepared}, Fraction(prepared)
    for i in range(line["parts"]):
        conc = Fraction(line[f"dose{i}"], line["flow"])
        out[f"conc{i}"], out[f"draw{i}"] = conc, conc * prepared / line[f"stock{i}"]
        left -= out[f"draw{i}"]
    return out | {"diluent": left}


def residual(line):
    reservoir = MODELS[line["model"]][0]
    tolerance = line["tolerance"] or (1_000_000 if reservoir <= 20_000_000 else 2_000_000)
    readings = [tuple(map(int, one.split(":"))) for one in line["readings"].split(",")]
    off = [expected - found for expected, found, _ in readings]
    metered = sum(reading[2] for reading in readings)
    short = 0
    while short < len(off) and off[-1 - short] > tolerance:
        short += 1
    share, sum_share = quotient(off[-1], readings[-1][2]), quotient(sum(off), metered)
    small = [one for one in off if abs(one) <= tolerance]
    drifting = (len(small) >= 2 and abs(sum(small)) > tolerance) or (
        len(off) >= 3 and metered > 0 and abs(sum(off)) > tolerance
        and Fraction(abs(sum(off)), metered) > Fraction(145, 1000))
    if off[-1] < -tolerance:
        verdict = 3
    elif off[-1] > tolerance:
        verdict = 4 if short >= 3 or (share is not None and share > Fraction(1, 2)) else 2
    else:
        verdict = 1 if drifting else 0
    return {"difference": off[-1], "sum": sum(off), "share": share, "sum_share": sum_share, "short_row": short,
            "verdict": verdict}


def read(text):
    if "/" in text:
        num, den = text.split("/")
        return None if den == "0" else Fraction(int(num), int(den))
    return text if ":" in text else int(text)


def main():
    emit, seed, count = sys.argv[1:]
    seen, verdicts = Counter(), Counter()
    output = subprocess.run([emit, seed, count], check=True, capture_output=True, text=True).stdout
    for number, text in enumerate(output.splitlines(), 1):
        kind, *members = text.split()
        line = {key: read(value) for key, value in (member.split("=") for member in members)}
        for key, value in globals()[kind](line).items():
            if line[key] != value:
                sys.exit(f"line {number}: {key}: {line[key]}, the reference says {value}\n{text}")
        seen[kind] += 1
        if kind == "residual":
            verdicts[line["verdict"]] += 1
    if len(seen) != 6 or len(verdicts) != 5 or sum(seen.values()) != int(count):
        sys.exit(f"not every kind of question and verdict was met: {seen} {verdicts}")
    print(f"{sum(seen.values())} questions agree: {dict(seen)}")


main()
