"""fhir_postgres_test.py - the same records give the same FHIR from PostgreSQL as from SQLite. Run by records_postgres.py, which
names the database in CISTERNA_TEST_DB.

    fhir_postgres_test.py FHIR_MAKER CISTERNA"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

MAKER, CISTERNA = sys.argv[1:3]
PASSWORD = "a pump in every port"


class FhirPostgres(unittest.TestCase):
    def test_the_same_from_either_database(self):
        with tempfile.TemporaryDirectory(prefix="fhir-") as name:
            folder = pathlib.Path(name)
            here, there = str(folder / "records.db"), os.environ["CISTERNA_TEST_DB"]
            environment = {**os.environ, "CISTERNA_PASSPHRASE": PASSWORD, "CISTERNA_USER": "ada", "HOME": name}

            def run_it(*words):
                ran = subprocess.run([CISTERNA, "records", *words], env=environment, capture_output=True, text=True, check=False)
                self.assertEqual(ran.returncode, 0, ran.stderr)
                return ran.stdout

            subprocess.run([MAKER, here, PASSWORD], check=True)
            run_it("backup", str(folder / "backup"), "--db", here)
            run_it("restore", str(folder / "backup"), "--db", there)
            told = [json.loads(run_it("fhir", "--clear", "--db", url))["entry"] for url in (here, there)]
        # The export's own row of the audit differs by its moment; nothing else may.
        kept = [[entry for entry in entries if entry["resource"].get("type") != {
            "system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110106", "display": "Export"}]
            for entries in told]
        self.assertGreater(len(kept[0]), 300)
        self.assertEqual(kept[0], kept[1])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
