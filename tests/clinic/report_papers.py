"""report_papers - documents for reports: the sample, others made of it, and wrong ones with what must be said of them."""
# SPDX-License-Identifier: Apache-2.0
import copy
import datetime
import json
import pathlib
import random

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = ("session", "refill", "therapy", "trend", "emergency")
SAMPLE = json.loads((ROOT / "docs/sample/report.json").read_text(encoding="utf-8"))
CLINIC = "Klinik für Schmerztherapie am Universitätsklinikum Überlingen, Station 17 B, Tag und Nacht +49 7551 000000"
SEED = 3


def write(path, document):
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


def sample():
    return copy.deepcopy(SAMPLE)


def periodic():
    document = sample()
    document["therapy"]["program"] = {"kind": "periodic", "dose": "1.2 mg/day",
                                      "bolus": {"dose": "0.1 mg", "over": "10 min", "every": "1 h", "first": "30 min"}}
    return document


def of_one_drug(drug, concentration, dose, hour, day):
    document = sample()
    therapy = document["therapy"]
    therapy.update(drugs=[{"drug": drug, "concentration": concentration}], program={"kind": "continuous", "dose": dose},
                   name="one drug")
    therapy["limits"]["drugs"] = [{"drug": drug, "hour": hour, "day": day}]
    del therapy["patient_bolus"]
    del document["session"]["before"]
    document["refill"]["before"] = []
    document["session"]["typed"] = dose
    document["session"]["passed"] = []
    return document


def ziconotide():
    return of_one_drug("ziconotide", "25 mcg/mL", "2.4 mcg/day", "1 mcg", "19.2 mcg")


def baclofen():
    return of_one_drug("baclofen", "2000 mcg/mL", "240 mcg/day", "60 mcg", "800 mcg")


def day_set(shift):
    """Sixteen steps, 85 minutes apart."""
    return [{"from": f"{i * 85 // 60:02}:{i * 85 % 60:02}", "rate": f"{12 + 0.013 * ((i + shift) % 16):.3f} mL/day"}
            for i in range(16)]


def crowded():
    """As much as fits: four drugs, four days of sixteen steps, 64 readings, long texts and letters with marks."""
    document = sample()
    drugs = {"hydromorphone": "100 mg/mL", "bupivacaine": "12.345678 mg/mL", "clonidine": "123.456 mcg/mL",
             "sufentanil": "50 mcg/mL"}
    document.update(region="EU", patient="Maximiliane-Friederike von Hohenzollern-Überlängensfeld")
    document["pump"]["model"] = "C40"
    document["therapy"].update(
        name="four drugs in sixteen steps", region="EU",
        drugs=[{"drug": drug, "concentration": conc} for drug, conc in drugs.items()],
        program={"kind": "flex", "day_sets": {name: day_set(i) for i, name in enumerate("abcd")},
                 "week": {"monday": "a", "tuesday": "b", "wednesday": "c", "thursday": "d", "friday": "a", "saturday": "a",
                          "sunday": "a"}},
        patient_bolus={"volume": "0.01 mL", "over": "10 min", "lockout": "1 h", "max_per_day": 12, "expiry": "90 d"},
        opening={"kind": "prime", "volume": "dead volume", "rate": "1 mL/day"},
        limits={"drugs": [{"drug": drug, "hour": "300 mg", "day": "2000 mg"} for drug in drugs], "bolus_max": "0.5 mL",
                "rate_max": "20 mL/day"})
    document["session"].update(
        typed="10 mg/day", outcome="unknown",
        passed=[{"limit": "a limit of a very long wording that goes on and on " * 7 + "here", "second": "Dr. " + "Longname-" * 6,
                 "reason": "because of a reason that is told at length, " * 8 + "really"} for _ in range(6)])
    document["refill"].update(found="0.2 mL", before=[{"drug": "hydromorphone", "concentration": "20 mg/mL"},
                                                      {"drug": "fentanyl", "concentration": "1 mg/mL"}])
    dice, first = random.Random(SEED), datetime.date(2010, 1, 4)
    document["trend"]["readings"] = [
        {"at": f"{first + datetime.timedelta(days=70 * i)}T10:00:00+01:00", "expected": "3.2 mL", "metered": "15.4 mL",
         "found": f"{3.2 - 0.02 * i + dice.uniform(-0.8, 0.8):.6f} mL"} for i in range(64)]
    document["emergency"]["clinic"] = CLINIC
    return document


def setter(*path, value=None):
    """A change of a document: sets what stands at the path, or takes it away."""
    def change(document):
        for name in path[:-1]:
            document = document[name]
        if value is None:
            del document[path[-1]]
        else:
            document[path[-1]] = value
    return change


def one_reading_more(document):
    document["trend"]["readings"] = crowded()["trend"]["readings"] * 2


def backwards(document):
    document["trend"]["readings"].reverse()


def hour_without_room(document):
    document["therapy"]["limits"]["drugs"][0].update(hour="0.01 mg")


# Kind, what is made wrong, the exit code, and what the message says: file, line, path, what, and what would be right.
# More than the 20 mL that the sample's pump holds.
OVERFULL = (("refill", "refill", "expected", "20.000001 mL"), ("refill", "refill", "found", "30 mL"),
            ("refill", "refill", "filled", "40 mL"), ("session", "session", "reservoir", "21 mL"),
            ("trend", "trend", "readings", 1, "expected", "21 mL"), ("trend", "trend", "readings", 1, "found", "21 mL"))
WRONG = (
    ("session", setter("cisterna_report"), 2, ("bad.json:1: (document): ", '"cisterna_report" is missing')),
    ("session", setter("made_at", value="2026-11-23 14:05"), 2, ("bad.json:3: made_at: ", "2026-11-23T14:05:00+01:00")),
    ("session", setter("made_at", value="2026-11-31T14:05:00+01:00"), 2, ("made_at: must be a date and time that exist",)),
    ("session", setter("read_at", value="2026-11-23T15:05:00+01:00"), 2, ('read_at: must not lie after "made_at"',)),
    ("session", setter("region", value="UK"), 2, ("region: ", 'did you mean "US"')),
    ("session", setter("patient", value="a\u202eb"), 2, ("patient: ", "U+202E")),
    ("session", setter("pump", "model", value="C30"), 2, ("pump.model: ", 'did you mean "C20"')),
    ("session", setter("pump", "catheter", value="40"), 2, ("pump.catheter: ", '"40" is no amount')),
    ("session", setter("session"), 2, ('"session" is missing',)),
    ("session", setter("session", "outcom", value="applied"), 2, ("session.outcom: unknown field", '"outcome"')),
    ("session", setter("session", "typed", value="2,4 mg/day"), 2,
     ("session.typed: ", '"2,4 mg/day" has a comma, and is not guessed at')),
    ("session", setter("session", "passed", 0, "reason"), 2, ("session.passed[0]: ", '"reason" is missing')),
    ("session", setter("therapy", "program", "dose", value="2.4 mg"), 2, ("therapy.program.dose: ", "wrong unit")),
    ("session", hour_without_room, 3, ("therapy",)),
    ("refill", setter("refill", "found", value="-1 mL"), 2, ("refill.found: ",)),
    ("refill", setter("refill", "before", 0, "drug", value="morfine"), 2, ("refill.before[0].drug: ", "morphine")),
    ("refill", setter("refill", "fill", value="second fill"), 2, ("refill.fill: ", "first fill, undiluted, diluted")),
    *((kind, setter(*path, value=too_much), 3, (f"{path[-1]}: ", "the reservoir of C20 holds no more than 20 mL"))
      for kind, *path, too_much in OVERFULL),
    ("trend", setter("trend", "tolerance", value="100 mL"), 3, ("trend.tolerance: ", "is wider than 5 mL")),
    ("therapy", setter("therapy"), 2, ('"therapy" is missing',)),
    ("trend", one_reading_more, 2, ("trend.readings: has 128 elements; must have 1 to 64",)),
    ("trend", setter("trend", "readings", value=[]), 2, ("trend.readings: has 0 elements",)),
    ("trend", backwards, 2, ("trend.readings[1].at: must lie after the reading before it",)),
    ("emergency", setter("emergency", "clinic", value="x" * 121), 2, ("emergency.clinic: must be 1 to 120 bytes long",)),
)


def schema_check(test):
    """The published schema takes what the program takes, and refuses what is malformed in its form."""
    schema = json.loads((ROOT / "docs/report.schema.json").read_text(encoding="utf-8"))
    scenario = json.loads((ROOT / "docs/scenario.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver.from_schema(schema, store={scenario["$id"]: scenario})
    judge = jsonschema.Draft202012Validator(schema, resolver=resolver)
    for document in (sample(), periodic(), crowded(), ziconotide(), baclofen()):
        judge.validate(document)
    # What only the program can see: order, dates that do not exist, units of a drug, names of unseen letters, a missing section.
    beyond = (backwards,)
    for kind, change, code, texts in WRONG:
        document = sample()
        change(document)
        unseen = ("not lie after", "that exist", '"session" is', "patient")
        if code == 3 or change in beyond or kind == "therapy" or any(word in texts[0] for word in unseen):
            judge.validate(document)
        else:
            with test.subTest(texts=texts), test.assertRaises(jsonschema.ValidationError):
                judge.validate(document)
