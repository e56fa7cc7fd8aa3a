"""server_openapi_test.py - the served OpenAPI document, judged by the JSON Schema of OpenAPI 3.1 (of the npm package that
openapi/package.json names) and by JSON Schema 2020-12 itself."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import tempfile

import jsonschema

from server_common import ROOT, Server, records_make
from server_judge import Judge

LINTER = ROOT / "tests/clinic/openapi/node_modules/.bin/validate-api"  # tools/setup installs it


def faults_of(document, folder):
    path = pathlib.Path(folder, "openapi.json")
    path.write_text(json.dumps(document))
    ran = subprocess.run([LINTER, path], capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def judged(person, judge):
    """The judge of answers judges, too: one member more, one less, another status, another type have to be found."""
    answer, said = person.ask("GET", "/api/patients"), []
    page = answer.json
    for status, spoil in ((200, lambda p: p.update(more=1)), (200, lambda p: p.pop("next")), (201, lambda p: None),
                          (200, lambda p: p["patients"][0].update(id="1")), (200, lambda p: p["patients"][0].update(age=3)),
                          (200, lambda p: p["patients"][0].update(created="2026-13-01T00:00:00Z")), (404, lambda p: None)):
        spoilt = json.loads(json.dumps(page))
        spoil(spoilt)
        answer.status, answer.body = status, json.dumps(spoilt).encode()
        try:
            judge.answer("GET", "/api/patients", answer)
            said.append((status, spoilt))
        except AssertionError:
            pass
    assert not said, ("the judge of answers finds nothing", said)


def main():
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        server = Server(records_make(pathlib.Path(folder)))
        document = server.nobody().ask("GET", "/api/openapi.json").json
        person = server.sign_in("ada")
        faults = faults_of(document, folder)
        assert not faults, faults
        # The judge judges: each of these has to be found.
        for spoil in (lambda d: d.pop("info"), lambda d: d["paths"]["/api/me"]["get"].update(parameters=7),
                      lambda d: d["paths"]["/api/me"].update(fetch={}), lambda d: d["components"].update(secrets={})):
            spoilt = json.loads(json.dumps(document))
            spoil(spoilt)
            assert faults_of(spoilt, folder), ("the linter finds nothing", spoil.__code__.co_consts)
        for name, schema in document["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
            assert (schema["additionalProperties"] is False) == (name != "Sheet"), name
        assert person.ask("POST", "/api/patients", {"nmae": 1}).status == 400
        judged(person, Judge(document))
        code, said = server.end()
        assert code == 0 and "Sanitizer" not in said, said
    print(f"{len(document['paths'])} paths, {len(document['components']['schemas'])} schemas")


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    main()
