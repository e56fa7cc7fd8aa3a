"""server_openapi_test.py - the served OpenAPI document, judged by the JSON Schema of OpenAPI 3.1 (of the npm package that
openapi/package.json names, installed into the folder given the first time) and by JSON Schema 2020-12 itself.

    server_openapi_test.py FOLDER"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import jsonschema

from server_common import ROOT, Server, records_make

LINTER = ROOT / "tests/clinic/openapi"


def linter_of(folder):
    """The linter, installed as the lockfile says."""
    program = folder / "node_modules/.bin/validate-api"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(LINTER / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return program


def faults_of(program, document, folder):
    path = pathlib.Path(folder, "openapi.json")
    path.write_text(json.dumps(document))
    ran = subprocess.run([program, path], capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def main():
    program = linter_of(pathlib.Path(sys.argv[1]))
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        server = Server(records_make(pathlib.Path(folder)))
        document = server.nobody().ask("GET", "/api/openapi.json").json
        person = server.sign_in("ada")
        faults = faults_of(program, document, folder)
        assert not faults, faults
        # The judge judges: each of these has to be found.
        for spoil in (lambda d: d.pop("info"), lambda d: d["paths"]["/api/me"]["get"].update(parameters=7),
                      lambda d: d["paths"]["/api/me"].update(fetch={}), lambda d: d["components"].update(secrets={})):
            spoilt = json.loads(json.dumps(document))
            spoil(spoilt)
            assert faults_of(program, spoilt, folder), ("the linter finds nothing", spoil.__code__.co_consts)
        for name, schema in document["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
            assert name == "Problem" or schema["additionalProperties"] is False, name
        problem = person.ask("POST", "/api/patients", {"nmae": 1}).json
        jsonschema.validate(problem, document["components"]["schemas"]["Problem"])
        code, said = server.end()
        assert code == 0 and "Sanitizer" not in said, said
    print(f"{len(document['paths'])} paths, {len(document['components']['schemas'])} schemas")


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    main()
