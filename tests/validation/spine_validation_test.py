#!/usr/bin/python3
"""spine_validation_test.py - `cisterna spine validate` and the page that tells of it. The page's table is held to what the
command prints, misses included, so that neither the model nor the page can change alone; and each row's ratio for the typical
adult is worked out again from the concentrations of plain runs.

    spine_validation_test.py CISTERNA ROWS PAGE
"""
# SPDX-License-Identifier: Apache-2.0
import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile

KG = 70  # assumed where a source gives values for each kg


class Model:
    def __init__(self, program, folder):
        self.program, self.table = program, pathlib.Path(folder) / "doses.csv"

    def run(self, doses, drug, tip, *words):
        self.table.write_text(doses, encoding="utf-8")
        ran = subprocess.run([self.program, "spine", self.table, "--drug", drug, "--tip", tip, *words], capture_output=True,
                             text=True, timeout=120, check=True)
        return ran.stdout

    def course(self, doses, drug, tip, *words):
        """Of each level its peaks, areas (ng h/mL) and half-lives."""
        (course,) = json.loads(self.run(doses, drug, tip, "--json", *words))
        return {level["level"]: level for level in course["levels"]}

    def at(self, hours, level, doses, drug, tip, *words, column="CSF[ng/mL]"):
        rows = csv.DictReader(io.StringIO(self.run(doses, drug, tip, *words)))
        (value,) = [float(row[column]) for row in rows if abs(float(row["TIME[h]"]) - hours) < 1e-6 and row["LEVEL"] == level]
        return value


def bolus(mg):
    return f"TIME[h],AMT[mg]\n0,{mg}\n"


def infusion(mg_day, days):
    return f"TIME[h],AMT[mg],RATE[mg/h]\n0,{mg_day * days},{mg_day / 24}\n"


def morphine(model):
    day = model.course(bolus(0.25), "morphine", "L3", "--until", "12 h", "--every", "15 min")["L3"]
    whole = model.course(bolus(0.25), "morphine", "L3", "--until", "5 d", "--every", "1 h")["L3"]
    clearance_ml_h = 250000 / whole["csf_area_ng_h_ml"]
    volume_ml = clearance_ml_h * day["csf_half_life_h"] / 0.693147
    yield "CAL-01", "morphine 0.25 mg at L3, L3 after 1 h, ng/mL", 4228, model.at(1, "L3", bolus(0.25), "morphine", "L3")
    yield "CAL-02", "its half-life at L3, 6 to 12 h, min", 196, day["csf_half_life_h"] * 60
    yield "CAL-03", "its volume at L3, mL/kg", 1.06, volume_ml / KG
    yield "CAL-04", "its clearance at L3, uL/kg/min", 3.41, clearance_ml_h / 60 / KG * 1000
    steady = infusion(1, 10)
    yield "CAL-05", "morphine at a steady flow into L2, L2 over C1", 7, (
        model.at(240, "L2", steady, "morphine", "L2", "--until", "10 d", "--every", "10 d")
        / model.at(240, "C1", steady, "morphine", "L2", "--until", "10 d", "--every", "10 d"))
    for drug, minutes in (("fentanyl", 41), ("morphine", 57)):
        level = model.course(bolus(0.05), drug, "L4", "--until", "12 h")["L2"]
        yield "CAL-06", f"{drug} at L4, peak at L2 (place assumed), min", minutes, level["csf_peak_h"] * 60
    still = ("--regime", "still", "--until", "14 d", "--every", "14 d")
    pig = infusion(0.48, 14)
    yield "CAL-08", "morphine at a slow flow into L2, still: tissue at L2 over T11, 8.4 cm away", 7.5, (
        model.at(336, "L2", pig, "morphine", "L2", *still, column="TISSUE[ng/mL]")
        / model.at(336, "T11", pig, "morphine", "L2", *still, column="TISSUE[ng/mL]"))


def tracer(model):
    """DTPA: no tissue, and the clearance that its dispersion was inferred with."""
    words = ("--set", "baclofen.clearance=30", "--set", "baclofen.partition=0", "--until", "72 h", "--every", "72 h")
    steady = infusion(1, 3)
    yield "CAL-07", "DTPA for 72 h into L2, T2 over T12, %", 43, (
        100 * model.at(72, "T2", steady, "baclofen", "L2", *words) / model.at(72, "T12", steady, "baclofen", "L2", *words))


def others(model):
    day = model.course(infusion(0.24, 1 / 24), "ziconotide", "L3", "--until", "24 h", "--every", "30 min")["L3"]
    whole = model.course(infusion(0.24, 1 / 24), "ziconotide", "L3", "--until", "10 d")["L3"]
    clearance_ml_min = 10000 / whole["csf_area_ng_h_ml"] / 60
    yield "CAL-09", "ziconotide 10 ug in an hour at L3, half-life at L3, 13 to 24 h, h", 4.6, day["csf_half_life_h"]
    yield "CAL-10", "its clearance at L3, mL/min", 0.38, clearance_ml_min
    yield "CAL-10", "its volume at L3, mL", 155, clearance_ml_min * 60 * day["csf_half_life_h"] / 0.693147
    day = model.course(bolus(0.05), "baclofen", "L3", "--until", "12 h", "--every", "15 min")["L3"]
    whole = model.course(bolus(0.05), "baclofen", "L3", "--until", "5 d")["L3"]
    yield "CAL-12", "baclofen 50 ug at L3, half-life at L3, 6 to 12 h, h (0.9 to 5)", 2.12, day["csf_half_life_h"]
    yield "CAL-12", "its clearance at L3, mL/h (13 to 80)", 32.2, 50000 / whole["csf_area_ng_h_ml"]
    yield "CAL-15", "bupivacaine 20 mg at L3, L3 after 25 min, ug/mL", 242.4, (
        model.at(25 / 60, "L3", "TIME[min],AMT[mg],EVID\n0,20,1\n25,0,0\n", "bupivacaine", "L3") / 1000)
    day = model.course(bolus(0.15), "clonidine", "L3", "--until", "6 h", "--every", "10 min")["L3"]
    yield "CAL-17", "clonidine at L3 (epidural in the source), half-life at L3, 3 to 6 h, min", 66, day["csf_half_life_h"] * 60
    words = ("--set", f"morphine.clearance={15 * KG * 60 / 1000}", "--every", "30 min")
    day = model.course(bolus(25), "morphine", "L3", *words, "--until", "24 h")["L3"]
    whole = model.course(bolus(25), "morphine", "L3", *words, "--until", "5 d")["L3"]
    clearance_ml_h = 25e6 / whole["csf_area_ng_h_ml"]
    yield "CAL-19", "pethidine 25 mg at L3, as morphine but for clearance; half-life at L3, 12 to 24 h, h", 6.0, (
        day["csf_half_life_h"])
    yield "CAL-19", "its volume at L3, mL/kg", 13, clearance_ml_h * day["csf_half_life_h"] / 0.693147 / KG
    yield "CAL-19", "its clearance at L3, uL/kg/min", 15, clearance_ml_h / 60 / KG * 1000


PEOPLE = "1000"
MALFORMED = (("[]", "rows"), ('{"rows": []}', "rows"), ('{"rows": [{}]}', "id"), ("{", "json"),
             ('"low": 2250', '"low": 5000', "between"), ('"dose": "0.25 mg"', '"dose": "0.25"', "dose"),
             ('"drug": "morphine"', '"drug": "morphin"', "morphine"), ('"level": "L3"', '"level": "L9"', "level"),
             ('"published": 4228', '"published": "4228"', "number"), ('"quantity": "csf"', '"quantity": "cfs"', "csf"),
             ('"over_level": "C1", ', "", "over_level"), ('"baclofen.clearance": 30', '"baclofen.clearence": 30', "figure"))


def validate(program, rows, *words):
    return subprocess.run([program, "spine", "validate", rows, *words], capture_output=True, text=True, timeout=900, check=False)


def ratios_agree(program, rows):
    """Half-lives and areas are continued in other ways there, hence 4 %."""
    told = json.loads(validate(program, rows, "--people", "0", "--json").stdout)
    with tempfile.TemporaryDirectory() as folder:
        model = Model(program, folder)
        found = [row for part in (morphine, tracer, others) for row in part(model)]
    found.sort(key=lambda row: row[0])
    told = [row for row in told if row["of"] == "person"]  # of crowds: unit.crowd, unit.published
    bad = [(row["id"], row["what"]) for row, (name, _, published, value) in zip(told, found, strict=True)
           if row["id"] != name or abs(row["ratio"] / (value / published) - 1) > 0.04]
    print("ratios worked out again differ:", bad)
    return not bad


def page_agrees(program, rows, page):
    text = pathlib.Path(page).read_text(encoding="utf-8")
    table = [line for line in validate(program, rows, "--people", PEOPLE).stdout.splitlines() if line]
    missing = [line for line in table if line not in text.splitlines()]
    stray = [line for line in text.splitlines() if line.startswith("| CAL-") and line not in table]
    print("\n".join(["not in the page:", *missing, "in the page alone:", *stray]))
    return len(table) > 20 and not missing and not stray


def malformed_rows_are_refused(program, rows):
    text, good = pathlib.Path(rows).read_text(encoding="utf-8"), True
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rows.json"
        for *change, word in MALFORMED:
            bad = change[0] if len(change) == 1 else text.replace(change[0], change[1], 1)
            path.write_text(bad, encoding="utf-8")
            ran = validate(program, path)
            if bad == text or ran.returncode != 2 or ran.stdout or word.lower() not in ran.stderr.lower():
                print("not refused as it should be:", change, ran)
                good = False
    return good


def main():
    program, rows, page = sys.argv[1:]
    checks = [ratios_agree(program, rows), page_agrees(program, rows, page), malformed_rows_are_refused(program, rows)]
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
