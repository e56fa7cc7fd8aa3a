#!/usr/bin/python3
"""formulary_bad_test.py - entry files with one thing wrong each: the reader says where, what and what would be right, in exactly
these words and with the right exit code, and the schema refuses what it can know. REQ-LIBR-01, REQ-LIBR-07, HZ-32.

    formulary_bad_test.py CISTERNA
"""
# SPDX-License-Identifier: Apache-2.0
import copy
import json
import pathlib
import sys
import tempfile
import unittest

import jsonschema

import formulary_common as common

PROGRAM = sys.argv.pop(1)
SCHEMA = jsonschema.Draft202012Validator(json.loads((common.ROOT / "docs/formulary.schema.json").read_text()))
GOOD = {path.stem: common.load(path) for path in common.FILES}
GONE = object()
MALFORMED, REFUSED = 2, 3
GUESS = {"guess": True, "why": "Nothing was found."}
PLACES = "hard_low, soft_low, soft_high, hard_high"
ORIGIN = "value, source, derived, guess, why"
DOSE = 'a daily dose, such as "5 mg/day"'
EITHER = 'needs either a "source" or "guess": true with its "why"'
CEILING = ('bounds.dose.hard_high is missing; where no ceiling of the day was found, guess one, with "guess": true '
           'and its "why"')
# file, what is changed ({path: new value}), exit code, path, text, does the schema refuse it too
TABLE = [
    # The shape.
    ("morphine", {"cisterna_formulary_entry": 2}, 2, "cisterna_formulary_entry", "must be a whole number from 1 to 1", True),
    ("morphine", {"drug": "morphin"}, 2, "drug", '"morphin" is not known here; did you mean "morphine"?', True),
    ("morphine", {"drug": "aspirin"}, 2, "drug",
     "must be one of: morphine, HYDROmorphone, baclofen, ziconotide, BUPivacaine, cloNIDine, fentaNYL, SUFentanil", True),
    ("morphine", {"regions": []}, 2, "regions", "has 0 elements; must have 1 to 2", True),
    ("morphine", {"regions": ["US", "UK"]}, 2, "regions[1]", '"UK" is not known here; did you mean "US"?', True),
    ("morphine", {"regions": ["EU", "EU"]}, 2, "regions[1]", "the region stands here twice", True),
    ("morphine", {"unit": "g"}, 2, "unit", '"g" is not known here; did you mean "mg"?', True),
    ("morphine", {"opioid": "yes"}, 2, "opioid", "must be true or false", True),
    ("morphine", {"notez": []}, 2, "notez", 'unknown field; did you mean "notes"?', True),
    ("morphine", {"bounds.dosis": {}}, 2, "bounds.dosis", 'unknown field; did you mean "dose"?', True),
    ("morphine", {"bounds.dose.highest": {}}, 2, "bounds.dose.highest", f"unknown field; known here: {PLACES}", True),
    ("morphine", {"bounds.dose.soft_high.mark": "read"}, 2, "bounds.dose.soft_high.mark",
     f"unknown field; known here: {ORIGIN}", True),
    ("morphine", {"starts[0].naive": True}, 2, "starts[0].naive",
     "unknown field; known here: who, opioid_naive, low, high", True),
    ("morphine", {"titrations[0].step": 1}, 2, "titrations[0].step",
     "unknown field; known here: who, direction, low, high, interval, advised", True),
    ("morphine", {"stability.frozen": {}}, 2, "stability.frozen",
     "unknown field; known here: first_fill, undiluted, diluted", True),
    ("morphine", {"compatibility.C30": {}}, 2, "compatibility.C30", 'unknown field; did you mean "C20"?', True),
    ("morphine", {"sources[0].url": "x"}, 2, "sources[0].url", "unknown field; known here: id, text, mark", True),
    ("morphine", {"notes[0].value": "x"}, 2, "notes[0].value",
     "unknown field; known here: text, source, derived, guess, why", True),
    ("morphine", {"bounds": []}, 2, "bounds", "must be an object, in braces", True),
    ("morphine", {"starts": {}}, 2, "starts", "must be a list, in brackets", True),
    ("morphine", {"notes": []}, 2, "notes", "has 0 elements; must have 1 to 12", True),
    ("morphine", {"starts[0].who": "x" * 64}, 2, "starts[0].who", "must be 1 to 63 bytes long", True),
    ("morphine", {"notes[0].text": "x" * 640}, 2, "notes[0].text", "must be 1 to 639 bytes long", True),
    ("morphine", {"notes[0].text": "a\nb"}, 2, "notes[0].text",
     "holds U+000A at byte 2, which nobody sees; it must be of characters that are seen, with single blanks between them", True),
    ("morphine", {"titrations[0].direction": "upwards"}, 2, "titrations[0].direction", "must be one of: up, down", True),
    ("morphine", {"safe_state.value": "running"}, 2, "safe_state.value", "must be one of: stopped, least flow", True),
    ("morphine", {"under_delivery.value": "hihg"}, 2, "under_delivery.value",
     '"hihg" is not known here; did you mean "high"?', True),
    ("morphine", {"patient_bolus.value": 1}, 2, "patient_bolus.value", "must be true or false", True),
    ("morphine", {"patient_bolus.value": GONE}, 2, "patient_bolus", 'the field "value" is missing', True),
    ("morphine", {"compatibility.C20.value": "unknown"}, 2, "compatibility.C20.value",
     "must be one of: declared, refused", True),
    # Where a value comes from.
    ("morphine", {"bounds.dose.soft_high.source": GONE}, 2, "bounds.dose.soft_high", EITHER, True),
    ("morphine", {"bounds.dose.soft_high.guess": True}, 2, "bounds.dose.soft_high", EITHER, True),
    ("morphine", {"bounds.dose.hard_high.guess": False}, 2, "bounds.dose.hard_high.guess",
     "is true or absent: what is no guess names its source", True),
    ("morphine", {"bounds.dose.hard_high.guess": "yes"}, 2, "bounds.dose.hard_high.guess", "must be true or false", True),
    ("morphine", {"bounds.dose.hard_high.why": GONE}, 2, "bounds.dose.hard_high", 'the field "why" is missing', True),
    ("morphine", {"bounds.dose.hard_high.derived": "Somehow."}, 2, "bounds.dose.hard_high",
     'a guess is not derived: say it in its "why"', True),
    ("morphine", {"bounds.dose.soft_high.why": "So."}, 2, "bounds.dose.soft_high",
     '"why" belongs to a guess; how a value follows from a source is "derived"', True),
    ("morphine", {"bounds.dose.soft_high.source": "labels"}, 2, "bounds.dose.soft_high.source",
     '"labels" is not known here; did you mean "label"?', False),
    ("morphine", {"sources[1].id": "label"}, 2, "sources[1]",
     'the source "label" stands here twice; each needs an id of its own', False),
    ("morphine", {"sources[0].mark": "sure"}, 2, "sources[0].mark", "must be one of: read, derived, weak", True),
    ("morphine", {"sources[0].mark": "guess"}, 2, "sources[0].mark", "must be one of: read, derived, weak", True),
    ("morphine", {"sources[6]": {"id": "more", "text": "More", "mark": "read"}}, 2, "sources[6]",
     'nothing names the source "more"; remove it, or name it where it belongs', False),
    ("morphine", {"sources": []}, 2, "sources", "has 0 elements; must have 1 to 24", True),
    # Amounts.
    ("morphine", {"bounds.dose.hard_high.value": 40}, 2, "bounds.dose.hard_high.value",
     f"must be {DOSE}, in quotes and with its unit", True),
    ("morphine", {"bounds.dose.hard_high.value": "40"}, 2, "bounds.dose.hard_high.value",
     f'"40" is no amount; must be {DOSE}', True),
    ("morphine", {"bounds.dose.hard_high.value": "40 mg"}, 2, "bounds.dose.hard_high.value",
     f'"40 mg" has the wrong unit; must be {DOSE}', True),
    ("morphine", {"bounds.dose.hard_high.value": "40,5 mg/day"}, 2, "bounds.dose.hard_high.value",
     f'"40,5 mg/day" has a comma, and is not guessed at: decimals stand behind a point; must be {DOSE}', True),
    ("morphine", {"bounds.dose.hard_high.value": "-40 mg/day"}, 2, "bounds.dose.hard_high.value",
     f'"-40 mg/day" is no amount; must be {DOSE}', True),
    ("morphine", {"bounds.dose.hard_high.value": "4e1 mg/day"}, 2, "bounds.dose.hard_high.value",
     f'"4e1 mg/day" has the wrong unit; must be {DOSE}', True),
    ("morphine", {"bounds.dose.hard_high.value": "40000 mcg/day"}, 2, "bounds.dose.hard_high.value",
     '"40000 mcg/day" must be in mg/day: an entry keeps to the one unit it declares', False),
    ("baclofen", {"bounds.dose.hard_high.value": "1 mg/day"}, 2, "bounds.dose.hard_high.value",
     '"1 mg/day" must be in mcg/day: an entry keeps to the one unit it declares', False),
    ("baclofen", {"bounds.dose.hard_high.value": "1000 ug/day"}, 2, "bounds.dose.hard_high.value",
     '"1000 ug/day" must be in mcg/day: an entry keeps to the one unit it declares', True),
    ("ziconotide-us", {"bounds.dose.hard_high.value": "0.8 mcg/h"}, 2, "bounds.dose.hard_high.value",
     '"0.8 mcg/h" must be in mcg/day: an entry keeps to the one unit it declares', True),
    ("baclofen", {"concentrations[3].value": "2 mg/mL"}, 2, "concentrations[3].value",
     '"2 mg/mL" must be in mcg/mL: an entry keeps to the one unit it declares', False),
    ("morphine", {"bounds.dose.hard_high.value": "0 mg/day"}, 2, "bounds.dose.hard_high.value",
     '"0 mg/day" is outside its range, 0.000000000001 mg/day to 2880 mg/day', False),
    ("morphine", {"bounds.concentration.hard_high.value": "101 mg/mL"}, 2, "bounds.concentration.hard_high.value",
     '"101 mg/mL" is outside its range, 0.000001 mg/mL to 100 mg/mL', False),
    ("morphine", {"bounds.boluses_per_day.hard_high.value": "8.5"}, 2, "bounds.boluses_per_day.hard_high.value",
     '"8.5" is not a whole number of 1', True),
    ("morphine", {"bounds.boluses_per_day.hard_high.value": "256"}, 2, "bounds.boluses_per_day.hard_high.value",
     '"256" is outside its range, 1 to 255', False),
    ("morphine", {"restart_limit.value": "1001 d"}, 2, "restart_limit.value",
     '"1001 d" is outside its range, 0 d 00:00:00.001 to 1000 d 00:00:00.000', False),
    ("morphine", {"titrations[0].high.value": "30"}, 2, "titrations[0].high.value",
     f'"30" is no amount; must be {DOSE}', True),
    # Figures against each other.
    ("morphine", {f"bounds.{key}.value": "41 mg/day" for key in ("dose.soft_high", "total.soft_high", "total.hard_high")}, 3,
     "bounds.dose.hard_high.value", "is below bounds.dose.soft_high.value; it must be at least that", False),
    ("baclofen", {"bounds.dose.soft_low.value": "801 mcg/day"}, 3, "bounds.dose.soft_high.value",
     "is below bounds.dose.soft_low.value; it must be at least that", False),
    ("baclofen", {"bounds.concentration.soft_low.value": "49 mcg/mL"}, 3, "bounds.concentration.soft_low.value",
     "is below bounds.concentration.hard_low.value; it must be at least that", False),
    ("morphine", {"bounds.lockout.hard_low.value": "3 h"}, 3, "bounds.lockout.soft_low.value",
     "is below bounds.lockout.hard_low.value; it must be at least that", False),
    ("morphine", {"bounds.total.hard_high.value": "39 mg/day"}, 3, "bounds.total.hard_high.value",
     "is below bounds.dose.hard_high.value; it must be at least that", False),
    ("morphine", {"bounds.total.soft_high.value": "19 mg/day"}, 3, "bounds.total.soft_high.value",
     "is below bounds.dose.soft_high.value; it must be at least that", False),
    ("morphine", {"bounds.bolus.hard_high.value": "41 mg"}, 3, "bounds.total.hard_high.value",
     "is below bounds.bolus.hard_high.value; it must be at least that", False),
    ("morphine", {"starts[1].high.value": "41 mg/day"}, 3, "bounds.dose.hard_high.value",
     "is below starts[1].high.value; it must be at least that", False),
    ("morphine", {"starts[0].low.value": "2 mg/day"}, 3, "starts[0].high.value",
     "is below starts[0].low.value; it must be at least that", False),
    ("baclofen", {"titrations[1].low.value": "16 %"}, 3, "titrations[1].high.value",
     "is below titrations[1].low.value; it must be at least that", False),
    ("ziconotide-eu", {"titrations[0].interval.value": "49 h"}, 3, "titrations[0].advised.value",
     "is below titrations[0].interval.value; it must be at least that", False),
    ("ziconotide-us", {"stability.diluted.value": "85 d"}, 3, "stability.undiluted.value",
     "is below stability.diluted.value; it must be at least that", False),
    ("ziconotide-us", {"stability.first_fill.value": "85 d"}, 3, "stability.undiluted.value",
     "is below stability.first_fill.value; it must be at least that", False),
    ("morphine", {"concentrations[1].value": "10 mg/mL"}, 3, "concentrations[1].value",
     "is not above the one before it; concentrations are listed rising", False),
    ("morphine", {"concentrations[1].value": "26 mg/mL"}, 3, "bounds.concentration.hard_high.value",
     "is below concentrations[1].value; it must be at least that", False),
    ("morphine", {"bounds.concentration.hard_low.value": "11 mg/mL"}, 3, "concentrations[0].value",
     "is below bounds.concentration.hard_low.value; it must be at least that", False),
    ("morphine", {"bounds.dose.hard_high": GONE}, 3, "bounds", CEILING, True),
    ("clonidine", {"bounds.dose": {}}, 3, "bounds", CEILING, True),
    ("bupivacaine", {"bounds.dose.soft_high": GONE, "bounds.dose.hard_high": GONE}, 3, "bounds", CEILING, True),
    ("hydromorphone", {"bounds.dose": GONE}, 3, "bounds", CEILING, True),
    # The drug, and what may be said of it.
    ("morphine", {"opioid": False}, 3, "opioid", "must be true: the table of drugs says it is an opioid", False),
    ("ziconotide-us", {"opioid": True}, 3, "opioid", "must be false: the table of drugs says it is no opioid", False),
    ("baclofen", {"withdrawal": GONE}, 3, "(document)",
     'the list "withdrawal" is missing: an abrupt stop of this drug is a hazard, and that must be said', False),
    ("ziconotide-eu", {"withdrawal": [{"text": "Taper it.", **GUESS}]}, 3, "withdrawal",
     "must be absent: the table of drugs knows of no withdrawal from this drug", False),
    ("bupivacaine", {"withdrawal": [{"text": "Taper it.", **GUESS}]}, 3, "withdrawal",
     "must be absent: the table of drugs knows of no withdrawal from this drug", False),
    ("ziconotide-us", {"overdose[0].text": "Give Naloxone."}, 3, "overdose[0].text",
     'speaks of "naloxone", and the drug is no opioid', False),
    ("ziconotide-us", {"notes[1].text": "100 morphine equivalents."}, 3, "notes[1].text",
     'speaks of "morphine equivalents", and the drug is no opioid', False),
    ("clonidine", {"withdrawal[0].text": "Opioid withdrawal."}, 3, "withdrawal[0].text",
     'speaks of "opioid withdrawal", and the drug is no opioid', False),
    ("baclofen", {"class.value": "0 MME"}, 3, "class.value", 'speaks of "MME", and the drug is no opioid', False),
    ("ziconotide-us", {"restart_limit.why": "As naloxone lasts."}, 3, "(document)",
     'speaks of "naloxone", and the drug is no opioid', False),
    ("ziconotide-us", {"titrations[0].who": "20 mme"}, 3, "titrations[0].who",
     'speaks of "MME", and the drug is no opioid', False),
    ("ziconotide-us", {"starts[1].opioid_naive": True}, 3, "starts[1].opioid_naive",
     "must be absent: the drug is no opioid, and tolerance to opioids says nothing of it", False),
    ("morphine", {"under_delivery.value": "low"}, 3, "under_delivery",
     "must be medium or high: an abrupt stop of this drug is a hazard", False),
    ("baclofen", {"safe_state.value": "stopped"}, 3, "safe_state",
     'must be "least flow" where under_delivery is high: a stop is then no safe state', False),
    *[("morphine", {f"bounds.{gone}": GONE}, 3, "patient_bolus",
       "boluses for patients need bounds.bolus.hard_high, bounds.boluses_per_day.hard_high and bounds.lockout.hard_low", False)
      for gone in ("bolus", "boluses_per_day", "lockout.hard_low")],
]
NEEDED = ["cisterna_formulary_entry", "drug", "regions", "unit", "opioid", "class", "patient_bolus", "second_clinician",
          "under_delivery", "safe_state", "restart_limit", "concentrations", "bounds", "starts", "titrations", "stability",
          "compatibility", "sources"]


def change(entry, path, value):
    """Sets, adds or (GONE) removes what stands at a path such as "starts[0].low.value"."""
    keys = [int(part) if part.isdigit() else part for part in path.replace("]", "").replace("[", ".").split(".")]
    for key in keys[:-1]:
        entry = entry[key]
    if value is GONE:
        del entry[keys[-1]]
    elif isinstance(entry, list) and keys[-1] == len(entry):
        entry.append(value)
    else:
        entry[keys[-1]] = value


class Bad(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, text, name="bad.json"):
        path = pathlib.Path(self.folder.name, name)
        path.write_text(text, encoding="utf-8")
        return path

    def check(self, text, code, where, message):
        """One complaint, these very words, at a line where the last name of the path stands."""
        path = self.write(text)
        ran = common.cisterna(PROGRAM, "check", path)
        self.assertEqual((ran.returncode, ran.stdout), (code, ""), ran.stderr)
        lines = ran.stderr.splitlines()
        self.assertEqual(len(lines), 1, ran.stderr)
        start, line, rest = lines[0].split(":", 2)
        self.assertEqual((start, rest), (str(path), f" {where}: {message}"))
        name = where.replace("(document)", "").split(".")[-1].split("[")[0]
        if name and not where.endswith("]"):
            self.assertIn(f'"{name}":', text.splitlines()[int(line) - 1])

    def test_each_of_the_table(self):
        self.assertGreater(len(TABLE), 80)
        for stem, changes, code, where, message, by_schema in TABLE:
            with self.subTest(file=stem, changes=changes):
                entry = copy.deepcopy(GOOD[stem])
                for path, value in changes.items():
                    change(entry, path, value)
                self.check(json.dumps(entry, indent=2), code, where, message)
                self.assertEqual(not SCHEMA.is_valid(entry), by_schema)

    def test_every_needed_field(self):
        for field in NEEDED:
            with self.subTest(field=field):
                entry = copy.deepcopy(GOOD["baclofen"])
                del entry[field]
                self.check(json.dumps(entry, indent=2), MALFORMED, "(document)", f'the field "{field}" is missing')
                self.assertFalse(SCHEMA.is_valid(entry))

    def test_names_that_stand_twice(self):
        text = json.dumps(GOOD["morphine"], indent=2).replace('"unit": "mg",', '"unit": "mg",\n  "unit": "mcg",')
        ran = common.cisterna(PROGRAM, "check", self.write(text))
        self.assertEqual(ran.returncode, MALFORMED)
        self.assertIn("not well-formed JSON: duplicate object key", ran.stderr)

    def test_texts_that_are_no_json(self):
        text = json.dumps(GOOD["morphine"])
        for bad in ("", text[:-1], text[:1000], text + "}", "[]", "17", '"x"', "\0" + text):
            with self.subTest(bad=bad[:20]):
                ran = common.cisterna(PROGRAM, "check", self.write(bad))
                self.assertEqual((ran.returncode, ran.stdout), (MALFORMED, ""))
                self.assertTrue(ran.stderr)

    def test_too_many_of_anything(self):
        for field, most in (("concentrations", 8), ("starts", 6), ("titrations", 8), ("notes", 12), ("sources", 24)):
            with self.subTest(field=field):
                entry = copy.deepcopy(GOOD["baclofen"])
                entry[field] = (entry[field] * most)[:most + 1]
                where, least = field, 1 if field in ("notes", "sources") else 0
                self.check(json.dumps(entry, indent=2), MALFORMED, where, f"has {most + 1} elements; must have {least} to {most}")
                self.assertFalse(SCHEMA.is_valid(entry))

    def test_too_many_reasons(self):
        entry = copy.deepcopy(GOOD["morphine"])
        entry["notes"] = [{"text": "x", "guess": True, "why": f"Reason {i}."} for i in range(12)]
        for kind in ("withdrawal", "overdose", "granuloma"):
            entry[kind] = [{"text": "x", "guess": True, "why": f"Reason {kind} {i}."} for i in range(12)]
        ran = common.cisterna(PROGRAM, "check", self.write(json.dumps(entry)))
        self.assertEqual(ran.returncode, MALFORMED)
        self.assertIn("one reason too many; an entry holds 48 that differ", ran.stderr)

    def test_all_that_is_wrong_is_said_at_once(self):
        entry = copy.deepcopy(GOOD["morphine"])
        for path in ("starts[0].high.value", "starts[1].high.value", "concentrations[0].value"):
            change(entry, path, "much")
        ran = common.cisterna(PROGRAM, "check", self.write(json.dumps(entry, indent=2)))
        self.assertEqual(len(ran.stderr.splitlines()), 3)

    def test_one_drug_has_one_entry_a_region(self):
        both, us = json.dumps(GOOD["morphine"]), json.dumps(GOOD["ziconotide-us"])
        other = json.dumps({**GOOD["ziconotide-us"], "regions": ["EU", "US"]})
        for one, two, word in ((both, both, "morphine"), (us, other, "ziconotide")):
            ran = common.cisterna(PROGRAM, "check", self.write(one, "one.json"), self.write(two, "two.json"))
            self.assertEqual(ran.returncode, REFUSED)
            self.assertIn(f"{word} has an entry for region US already", ran.stderr)

    def test_bad_releases(self):
        good = common.load(common.RELEASE)
        for field, value, where, message in (
                ("version", 0, "version", "must be a whole number from 1 to 65535"),
                ("version", 65536, "version", "must be a whole number from 1 to 65535"),
                ("date", "2026-02-29", "date", 'must be a date that exists, such as "2026-11-29"'),
                ("date", "2026-2-28", "date", 'must be a date that exists, such as "2026-11-29"'),
                ("notes", "", "notes", "must be 1 to 639 bytes long"),
                ("cisterna_formulary_release", 2, "cisterna_formulary_release", "must be a whole number from 1 to 1"),
                ("entries", [], "entries",
                 "unknown field; known here: cisterna_formulary_release, version, date, notes")):
            with self.subTest(field=field, value=value):
                self.check(json.dumps({**good, field: value}, indent=2), MALFORMED, where, message)
        ran = common.cisterna(PROGRAM, "check", common.RELEASE, common.RELEASE)
        self.assertEqual(ran.returncode, MALFORMED)
        self.assertIn("a second release: there is one number for all entries", ran.stderr)

    def test_files_that_are_none(self):
        ran = common.cisterna(PROGRAM, "check", pathlib.Path(self.folder.name, "none.json"))
        self.assertEqual((ran.returncode, ran.stdout), (MALFORMED, ""))


if __name__ == "__main__":
    unittest.main()
