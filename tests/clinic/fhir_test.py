"""fhir_test.py - `cisterna records fhir` from outside: FHIR R4 as two validators of other people see it (fhir/validate.js), and
as the rows of the database, read here without any of our code, say it should be. REQ-CLIN-01, REQ-SECU-11, REQ-THER-01.

    fhir_test.py FHIR_MAKER CISTERNA"""
# SPDX-License-Identifier: Apache-2.0
import copy
import datetime
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
VALIDATE = ROOT / "tests/clinic/fhir/validate.js"
MAKER, CISTERNA = (str(pathlib.Path(word).resolve()) for word in sys.argv[1:3])
PASSWORD = "a pump in every port"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
UCUM = "http://unitsofmeasure.org"
UNITS = {("mL", "mL"), ("mL/day", "mL/d"), ("mcg", "ug"), ("mcg/day", "ug/d"), ("mm", "mm"), ("ppm", "[ppm]"), ("day", "d"),
         ("%", "%"), (None, "1")}
# What FHIR.js says of good resources: value sets it does not have, and tags, for which R4 gives no more than an example.
BEARABLE = re.compile(r".*Value set \"[^\"]*\" could not be found|.*meta\.tag\[0\]: Code \"HTEST\"|.*meta\.security\[0\]: Code"
                      r" \"PSEUDED\"|.*\.route: Code \"72607000\"")


def decimals(text):
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def nodes(value):
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(member)


def validate(lines):
    ran = subprocess.run(["node", VALIDATE], input="\n".join(lines), capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise AssertionError(f"the validators did not run (tools/setup test installs them): {ran.stderr}")
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    return said[:-1], said[-1]


class Clinic:
    """The records, and every form of their export, made once."""

    def __init__(self, folder):
        self.folder, self.url = folder, str(folder / "records.db")
        subprocess.run([MAKER, self.url, PASSWORD], check=True)
        with sqlite3.connect(self.url) as database:
            database.row_factory = sqlite3.Row
            self.rows = {table: [dict(row) for row in database.execute(f"SELECT * FROM {table} ORDER BY id")]
                         for table in ("patients", "users", "implants", "catheters", "visits", "therapies", "refills",
                                       "refill_drugs", "alarms", "scores", "audit")}
        database.close()
        self.text = self.run_it("--user", "otto").stdout
        self.clear_text = self.run_it("--clear", "--user", "nina").stdout
        self.run_it("--user", "ada", "--ndjson", str(folder / "lines"))
        self.bundle, self.clear = decimals(self.text), decimals(self.clear_text)
        self.resources = [entry["resource"] for entry in self.bundle["entry"]]
        self.clear_resources = [entry["resource"] for entry in self.clear["entry"]]
        self.lines = [line for file in sorted((folder / "lines").iterdir()) for line in file.read_text("utf-8").splitlines()]

    def run_it(self, *words, code=0):
        environment = {**os.environ, "CISTERNA_PASSPHRASE": PASSWORD, "CISTERNA_DB": self.url, "HOME": str(self.folder)}
        ran = subprocess.run([CISTERNA, "records", "fhir", *words], env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == code, (words, ran.returncode, ran.stdout[:200], ran.stderr)
        return ran

    def of(self, kind, resources=None):
        return [resource for resource in resources or self.resources if resource["resourceType"] == kind]

    def ids(self):
        """The ids of the pumps' Devices by serial number, which only a clear export tells."""
        return {device["serialNumber"]: device["id"] for device in self.of("Device", self.clear_resources)
                if "serialNumber" in device}


class Fhir(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="fhir-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.clinic = Clinic(pathlib.Path(cls.temporary.name))

    def test_other_peoples_validators_find_nothing(self):
        clinic = self.clinic
        lines = [clinic.text.replace("\n", ""), clinic.clear_text.replace("\n", ""), *clinic.lines]
        said, count = validate(lines)
        self.assertEqual(count, len(clinic.lines) + 2)
        wrong = [fault for fault in said if not BEARABLE.match(fault["message"])]
        self.assertEqual(wrong, [])

    def test_the_validators_can_tell_good_from_bad(self):
        good = {kind: self.clinic.of(kind)[0] for kind in ("MedicationRequest", "DeviceMetric", "Observation", "AuditEvent",
                                                           "MedicationAdministration", "DeviceUseStatement")}
        dose = ("MedicationAdministration", lambda resource: resource["dosage"]["dose"])
        spoil = [("MedicationRequest", lambda resource: resource.pop("intent")),
                 ("MedicationRequest", lambda resource: resource.update(status="running")),
                 ("MedicationRequest", lambda resource: resource.update(flavour="strong")),
                 ("DeviceMetric", lambda resource: resource.update(category="guess")),
                 ("DeviceUseStatement", lambda resource: resource.pop("device")),
                 ("Observation", lambda resource: resource.update(effectiveDateTime="yesterday")),
                 ("AuditEvent", lambda resource: resource.pop("source")),
                 (dose[0], lambda resource: dose[1](resource).update(value="18")),
                 (dose[0], lambda resource: dose[1](resource).update(code="mcg"))]
        spoilt = []
        for number, (kind, harm) in enumerate(spoil):
            spoilt.append(json.loads(json.dumps(good[kind], default=float)))
            harm(spoilt[-1])
            spoilt[-1]["id"] = f"spoilt-{number}"
        said, _ = validate([json.dumps(resource) for resource in spoilt])
        self.assertEqual({fault["id"] for fault in said if fault["severity"] in ("error", "fatal")},
                         {resource["id"] for resource in spoilt})

    def test_every_row_has_its_resource(self):
        rows = {table: len(rows) for table, rows in self.clinic.rows.items()}
        expected = {"Patient": rows["patients"], "Practitioner": rows["users"], "Device": rows["implants"] + rows["catheters"],
                    "DeviceMetric": 2 * rows["implants"], "DeviceUseStatement": rows["implants"] + rows["catheters"],
                    "Medication": rows["therapies"] + rows["refills"] + rows["refill_drugs"],
                    "MedicationRequest": rows["therapies"], "MedicationAdministration": rows["refills"],
                    "Procedure": rows["visits"], "Observation": 3 * rows["refills"] + rows["alarms"] + rows["scores"],
                    "AuditEvent": rows["audit"] + 1, "Provenance": rows["therapies"] + rows["refills"]}
        self.assertEqual({kind: len(self.clinic.of(kind)) for kind in expected}, expected)  # + 1: this export itself
        self.assertEqual(sum(expected.values()), len(self.clinic.resources))
        self.assertTrue(all(count > 0 for count in rows.values()))

    def test_every_reference_leads_to_the_right_kind(self):
        kinds = {"subject": {"Patient"}, "patient": {"Patient"}, "source": {"Device"}, "parent": {"Device"},
                 "requester": {"Practitioner"}, "actor": {"Practitioner"}, "who": {"Practitioner"}, "partOf": {"Procedure"},
                 "medicationReference": {"Medication"}, "itemReference": {"Medication"}, "manipulated": {"Device"},
                 "supportingInformation": {"Device"}, "derivedFrom": {"Observation"}, "device": {"Device", "DeviceMetric"},
                 "performer": {"Practitioner", "Patient"},
                 "target": {"MedicationRequest", "MedicationAdministration", "Observation"},
                 "what": {"Patient", "Practitioner", "Device", "Procedure", "MedicationRequest", "MedicationAdministration",
                          "Observation"}}
        by_url = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in self.clinic.bundle["entry"]}
        lines = [json.loads(line) for line in self.clinic.lines]
        by_name = {f"{line['resourceType']}/{line['id']}": line["resourceType"] for line in lines}
        for resources, known in ((self.clinic.resources, by_url), (lines, by_name)):
            seen = 0
            for node in (node for resource in resources for node in nodes(resource)):
                for key, value in node.items():
                    for one in value if isinstance(value, list) else [value]:
                        if isinstance(one, dict) and "reference" in one:
                            self.assertIn(known.get(one["reference"]), kinds[key], (key, one))
                            seen += 1
            self.assertGreater(seen, len(resources))

    def test_ids_stay_and_tell_nothing(self):
        ids = [resource["id"] for resource in self.clinic.resources]
        self.assertEqual(len(set(ids)), len(ids))
        for entry in self.clinic.bundle["entry"]:
            self.assertRegex(entry["resource"]["id"], r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
            self.assertEqual(entry["fullUrl"], "urn:uuid:" + entry["resource"]["id"])
        self.assertLess(set(ids), {resource["id"] for resource in self.clinic.clear_resources})  # one row of audit more
        self.assertLess(set(ids), {json.loads(line)["id"] for line in self.clinic.lines})
        with tempfile.TemporaryDirectory(prefix="fhir-") as folder:
            other = Clinic(pathlib.Path(folder))
        self.assertEqual({resource["id"] for resource in other.resources} & set(ids), set())

    def test_units_are_of_a_closed_list(self):
        quantities = [node for resource in self.clinic.resources for node in nodes(resource) if "value" in node and
                      "system" in node and "display" not in node and isinstance(node["value"], Decimal)]
        self.assertEqual({(node.get("unit"), node["code"]) for node in quantities}, UNITS)
        self.assertEqual({node["system"] for node in quantities}, {UCUM})
        numbers = [node for resource in self.clinic.resources for node in nodes(resource)
                   if isinstance(node.get("value"), Decimal)]
        self.assertEqual(len(numbers), len(quantities))
        self.assertNotRegex(self.clinic.text, r"[0-9][eE][+-]?[0-9]+[,}]|\u00b5|\u03bc")

    def test_what_was_filled_is_what_was_recorded(self):
        pumps, serial = self.clinic.ids(), {row["id"]: row["serial"] for row in self.clinic.rows["implants"]}
        recorded, told = {}, {}
        for row in self.clinic.rows["refills"]:
            pump = pumps[serial[row["implant_id"]]]
            recorded[pump] = recorded.get(pump, 0) + row["filled_nl"]
        for resource in self.clinic.of("MedicationAdministration"):
            dose, pump = resource["dosage"]["dose"], resource["device"][0]["reference"].removeprefix("urn:uuid:")
            self.assertEqual(dose["code"], "mL")
            told[pump] = told.get(pump, 0) + dose["value"] * 1000000
        self.assertEqual(told, recorded)
        known = {f"urn:uuid:{resource['id']}": resource for resource in self.clinic.resources}
        drugs = []
        for resource in self.clinic.of("MedicationAdministration"):
            for ingredient in known[resource["medicationReference"]["reference"]].get("ingredient", []):
                drug, strength = known[ingredient["itemReference"]["reference"]], ingredient["strength"]
                self.assertEqual((strength["numerator"]["code"], strength["denominator"]["code"],
                                  strength["denominator"]["value"]), ("ug", "mL", 1))
                drugs.append((drug["code"]["text"], drug["batch"]["lotNumber"], strength["numerator"]["value"] * 1000))
        words = {1: "morphine", 5: "BUPivacaine"}
        self.assertEqual(sorted(drugs), sorted((words[row["drug"]], row["lot"], row["conc_ng_ml"])
                                               for row in self.clinic.rows["refill_drugs"]))

    def test_refills_tell_calculated_from_found(self):
        known = {f"urn:uuid:{resource['id']}": resource for resource in self.clinic.resources}
        self.assertEqual(sorted(metric["category"] for metric in self.clinic.of("DeviceMetric")),
                         sorted(["setting", "calculation"] * len(self.clinic.rows["implants"])))
        told = []
        for difference in (resource for resource in self.clinic.of("Observation") if "derivedFrom" in resource):
            expected, found = (known[one["reference"]] for one in difference["derivedFrom"])
            metric = known[expected["device"]["reference"]]
            self.assertEqual((metric["resourceType"], metric["category"]), ("DeviceMetric", "calculation"))
            self.assertNotIn("device", found)
            told.append((*(one["valueQuantity"]["value"] * 1000000 for one in (expected, found, difference)),
                         difference["interpretation"][0]["text"]))
        causes = {1: "incomplete aspiration", 9: "other"}
        self.assertEqual(sorted(told), sorted(
            (row["expected_nl"], row["found_nl"] + row["left_nl"], row["found_nl"] + row["left_nl"] - row["expected_nl"],
             causes[row["cause"]]) for row in self.clinic.rows["refills"]))
        self.assertTrue(any(one[2] < 0 for one in told) and any(one[2] > 0 for one in told))

    def test_a_refill_is_done_when_its_visit_was_applied(self):
        outcome = {row["id"]: row["outcome"] for row in self.clinic.rows["visits"]}
        outcomes = [outcome[row["visit_id"]] for row in self.clinic.rows["refills"]]
        self.assertEqual(set(outcomes), {1, 2, 3})
        self.assertEqual([one["status"] for one in self.clinic.of("MedicationAdministration")],
                         [{1: "completed", 2: "not-done", 3: "unknown"}[one] for one in outcomes])
        known = {f"urn:uuid:{resource['id']}": resource for resource in self.clinic.resources}
        told = [{one["status"], *(known[of["reference"]]["status"] for of in one["derivedFrom"])}
                for one in self.clinic.of("Observation") if "derivedFrom" in one]
        self.assertEqual(told, [{{1: "final", 2: "cancelled", 3: "unknown"}[one]} for one in outcomes])

    def test_scores_tell_pain_and_relief_as_they_were_said(self):
        told = []
        for score in (one for one in self.clinic.of("Observation") if "valueInteger" in one):
            self.assertEqual(score["performer"], [score["subject"]])
            self.assertNotIn("coding", score["code"])  # LOINC is not verified
            self.assertNotIn("note", score)
            relief = [part["valueQuantity"] for part in score.get("component", [])]
            self.assertTrue(all(one["code"] == "%" for one in relief))
            told.append((score["valueInteger"], relief[0]["value"] if relief else None))
        self.assertEqual(sorted(told, key=str), sorted(((row["pain"], row["relief_percent"])
                                                        for row in self.clinic.rows["scores"]), key=str))
        self.assertTrue(any(one[1] is None for one in told) and any(one[1] is not None for one in told))
        notes = [one["note"][0]["text"] for one in self.clinic.of("Observation", self.clinic.clear_resources) if "note" in one]
        purged = {row["id"] for row in self.clinic.rows["patients"] if row["purged_ms"] is not None}
        self.assertEqual(notes, ["worse since the cold came"
                                 for row in self.clinic.rows["scores"] if row["patient_id"] not in purged])
        self.assertLess(len(notes), len(told))

    def test_orders_tell_doses_exactly(self):
        def amounts(dosage):
            return [(one["type"]["text"], key, one[key]["value"], one[key]["code"]) for one in dosage["doseAndRate"]
                    for key in ("doseQuantity", "rateQuantity") if key in one]

        orders = self.clinic.of("MedicationRequest")
        flex = next(order for order in orders if len(order["dosageInstruction"]) == 3 and
                    "timeOfDay" in order["dosageInstruction"][0]["timing"]["repeat"])
        week, rest = ["mon", "tue", "wed", "thu", "fri"], ["sat", "sun"]
        self.assertEqual([(one["timing"]["repeat"]["dayOfWeek"], one["timing"]["repeat"]["timeOfDay"])
                          for one in flex["dosageInstruction"]], [(week, ["00:00:00"]), (week, ["06:30:00"]),
                                                                  (rest, ["00:00:00"])])
        # 100,001 nL a day of 10,000,000 and of 3,333,333 ng/mL, worked out by hand
        self.assertEqual(amounts(flex["dosageInstruction"][0]),
                         [("morphine", "rateQuantity", Decimal("1000.01"), "ug/d"),
                          ("BUPivacaine", "rateQuantity", Decimal("333.336633333"), "ug/d"),
                          ("flow", "rateQuantity", Decimal("0.100001"), "mL/d")])
        single, base, periodic, patient = next(order["dosageInstruction"] for order in orders
                                               if len(order["dosageInstruction"]) == 4)
        self.assertEqual([amounts(one)[0][2:] for one in (single, base, periodic, patient)],
                         [(250, "ug"), (480, "ug/d"), (300, "ug"), (125, "ug")])
        self.assertEqual(periodic["timing"]["repeat"], {"frequency": 1, "period": 240, "periodUnit": "min"})
        self.assertEqual((patient["asNeededBoolean"], patient["maxDosePerPeriod"]["numerator"]["value"]), (True, 500))
        bridge = next(order["dosageInstruction"][0] for order in orders if order["status"] == "cancelled")
        self.assertEqual([one[0] for one in amounts(bridge)], ["volume and flow", "volume and flow"])  # no mass: the old drug
        stopped = [order for order in orders if "stopped" in order["dosageInstruction"][0]["text"]]
        self.assertEqual([amounts(order["dosageInstruction"][0]) for order in stopped], [[("flow", "rateQuantity", 0, "mL/d")]])

    def test_orders_tell_what_became_of_them(self):
        by_patient = {}
        for order in self.clinic.of("MedicationRequest"):
            by_patient.setdefault(order["subject"]["reference"], []).append(order["status"])
        self.assertEqual(list(by_patient.values()),
                         [["active"], ["completed", "active", "cancelled"], ["completed", "on-hold"], ["completed", "unknown"],
                          ["completed"], ["active"], ["active", "draft"]])
        outcomes = {0: "in-progress", 1: "completed", 2: "not-done", 3: "unknown"}
        self.assertEqual([visit["status"] for visit in self.clinic.of("Procedure")],
                         [outcomes[row["outcome"]] for row in self.clinic.rows["visits"]])
        refused = [visit["statusReason"]["text"] for visit in self.clinic.of("Procedure") if visit["status"] == "not-done"]
        self.assertEqual(refused, ["a drug would pass its limit for an hour; this key may not give this command",
                                   "this key may not give this command"])

    def test_moments_are_those_of_the_rows(self):
        def moment(text):
            self.assertRegex(text, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            return (datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(milliseconds=1)

        self.assertEqual([moment(visit["performedPeriod"]["start"]) for visit in self.clinic.of("Procedure")],
                         [row["opened_ms"] for row in self.clinic.rows["visits"]])
        self.assertEqual([moment(one["effectiveDateTime"]) for one in self.clinic.of("MedicationAdministration")],
                         [row["at_ms"] for row in self.clinic.rows["refills"]])
        ended = [moment(use["timingPeriod"]["end"]) for use in self.clinic.of("DeviceUseStatement") if
                 use["status"] == "completed"]
        taken = [row["explanted_ms"] for row in self.clinic.rows["implants"] if row["explanted_ms"]]
        self.assertEqual(ended, taken + [row["removed_ms"] for row in self.clinic.rows["catheters"] if row["removed_ms"]])

    def test_only_verified_codes_are_written(self):
        text = (ROOT / "clinic/fhir/code.def").read_text("utf-8")
        rows = re.findall(r'^CODE\((\w+), "([^"]+)", "([^"]+)", "([^"]+)", (VERIFIED|UNVERIFIED),\s+"([^"]+)"\)', text, re.M)
        self.assertEqual(len(rows), len(re.findall(r"^CODE\(", text, re.M)))
        allowed = {row[1:4] for row in rows if row[4] == "VERIFIED"}
        refused = {row[1:4] for row in rows if row[4] == "UNVERIFIED"}
        self.assertTrue(refused)
        told = {(node["system"], node["code"], node["display"]) for node in nodes(self.clinic.clear_resources)
                if "code" in node and "display" in node}
        bare = [node for node in nodes(self.clinic.resources) if "system" in node and "code" in node and "display" not in node
                and node["system"] != UCUM]
        self.assertLessEqual(told, allowed)
        self.assertEqual((told & refused, bare), (set(), []))
        # A refused code leaves its text.
        for device in self.clinic.of("Device") + self.clinic.of("DeviceMetric"):
            self.assertEqual(list(device["type"]), ["text"])
        for code in refused:
            self.assertNotIn(f'"{code[1]}"', self.clinic.clear_text)

    def test_all_of_it_says_that_it_is_a_test(self):
        for resources, labels in ((self.clinic.resources, ["PSEUDED"]), (self.clinic.clear_resources, [])):
            for resource in resources:
                self.assertEqual([tag["code"] for tag in resource["meta"]["tag"]], ["HTEST"])
                self.assertEqual([label["code"] for label in resource["meta"].get("security", [])], labels)
        self.assertEqual([tag["code"] for tag in self.clinic.bundle["meta"]["tag"]], ["HTEST"])

    def test_nothing_that_is_sealed_is_told_unless_asked(self):
        patients = [(f"Zöe Patient {n}", f"19{n:02}-{n % 12 + 1:02}-{n % 28 + 1:02}", f"MRN-{n:06}", f"SIM-{n:06}")
                    for n in range(7)]
        lines = "\n".join(self.clinic.lines)
        for name, born, identifier, serial in patients:
            for secret in (name, f'"{born}"', identifier, serial):
                self.assertNotIn(secret, self.clinic.text)
                self.assertNotIn(secret, lines)
        for secret in ("came by bus", "the patient had moved", "nina"):
            self.assertNotIn(secret, self.clinic.text + lines)
            self.assertIn(secret, self.clinic.clear_text)
        for number, texts in enumerate(patients):
            for text in texts[:3]:
                self.assertEqual(text in self.clinic.clear_text, number != 5, text)  # the sixth is purged
            self.assertIn(texts[3], self.clinic.clear_text)
        self.assertEqual(self.clinic.clear_text.count("came by bus"), 6)
        self.assertNotIn("deadline", self.clinic.clear_text)  # a patient's note has no place in FHIR

    def test_who_may_not_open_gets_nothing(self):
        ran = self.clinic.run_it("--clear", "--user", "otto", code=3)
        self.assertEqual(ran.stdout, "")
        folder = self.clinic.folder / "refused"
        self.clinic.run_it("--clear", "--user", "otto", "--ndjson", str(folder), code=3)
        self.assertEqual(list(folder.iterdir()), [])

    def test_lines_are_the_same_resources_and_never_written_over(self):
        folder = self.clinic.folder / "lines"
        same = copy.deepcopy(self.clinic.resources)
        for node in nodes(same):
            if "reference" in node:
                node["reference"] = node["reference"].removeprefix("urn:uuid:")
        lines = [decimals(line) for line in self.clinic.lines]
        for node in nodes(lines):
            if "reference" in node:
                node["reference"] = node["reference"].split("/")[1]
        by_id = {line["id"]: line for line in lines}
        self.assertEqual([by_id[resource["id"]] for resource in same], same)
        for file in folder.iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            self.assertEqual({json.loads(line)["resourceType"] for line in file.read_text("utf-8").splitlines()}, {file.stem})
        before = {file: file.read_bytes() for file in folder.iterdir()}
        self.clinic.run_it("--user", "ada", "--ndjson", str(folder), code=3)
        self.assertEqual({file: file.read_bytes() for file in folder.iterdir()}, before)

    def test_an_export_leaves_a_row_in_the_audit(self):
        exports = [event for event in self.clinic.of("AuditEvent", self.clinic.clear_resources)
                   if event["type"]["code"] == "110106"]
        self.assertEqual([(event["action"], event["entity"][0]["description"]) for event in exports],
                         [("R", "export"), ("R", "disclose")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
