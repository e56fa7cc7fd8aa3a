"""server_judge.py - holds every answer that a test gets against the document that the server itself tells: no member that has no
place in its schema, none missing, no status that is not there."""
# SPDX-License-Identifier: Apache-2.0
import datetime
import http.client
import json
import re

import jsonschema

PREFIX = "/components/schemas/"
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value):
    """Of UTC, with no more than milliseconds."""
    if not isinstance(value, str):
        return True
    datetime.datetime.fromisoformat(value.removesuffix("Z"))
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", value) is not None


@FORMATS.checks("date", raises=ValueError)
def is_date(value):
    return not isinstance(value, str) or bool(datetime.date.fromisoformat(value))


class Judge:
    def __init__(self, document):
        self.components = document["components"]
        self.operations = [(method.upper(), re.compile(re.sub(r"{[^}]*}", "[^/]+", path)), operation)
                           for path, methods in document["paths"].items() for method, operation in methods.items()]
        self.validators = {}

    def hold(self, what, schema, value):
        """Fails unless the value is what the schema says."""
        key = json.dumps(schema)
        if key not in self.validators:
            whole = {**schema, "components": self.components}
            self.validators[key] = jsonschema.Draft202012Validator(whole, format_checker=FORMATS)
        faults = [f"{fault.json_path}: {fault.message}" for fault in self.validators[key].iter_errors(value)]
        assert not faults, ("the document says otherwise", what, faults[:5])

    def operation(self, method, path):
        """The operation that a request was for; paths without a parameter stand before those with one."""
        path = path.split("?")[0]
        found = [operation for of, pattern, operation in self.operations if of == method and pattern.fullmatch(path)]
        return min(found, key=lambda one: sum(part["in"] == "path" for part in one["parameters"] if "in" in part), default=None)

    def answer(self, method, path, answer):
        what, operation = (method, path, answer.status, answer.body[:300]), self.operation(method, path)
        kind = answer.headers["Content-Type"]
        if answer.status >= 400:
            assert kind == "application/problem+json", (what, kind)
            self.hold(what, {"$ref": "#" + PREFIX + "Problem"}, json.loads(answer.body))
            return
        if not path.startswith("/api/"):
            return  # of the pages, which the document does not speak of
        assert operation is not None, ("no operation of the document", what)
        response = operation["responses"].get(str(answer.status))
        assert response is not None, ("the document knows no such status of it", what)
        if "content" not in response:
            assert not answer.body, ("the document knows no body of it", what)
            return
        assert kind in response["content"], (what, kind)
        if kind == "application/pdf":
            assert answer.body.startswith(b"%PDF-") and answer.body.rstrip().endswith(b"%%EOF"), what
            return
        self.hold(what, response["content"][kind]["schema"], json.loads(answer.body))

    def event(self, kind, data):
        self.hold((kind, data), {"$ref": "#" + PREFIX + "Events"}, {kind: data})


judges = {}  # by the command that serves: it tells one document


def judge_of(server, command):
    if command not in judges:
        connection = http.client.HTTPConnection(server.address, server.port, timeout=60)
        connection.request("GET", "/api/openapi.json", headers={"Host": server.host})
        with connection.getresponse() as response:
            judges[command] = Judge(json.loads(response.read()))
        connection.close()
    return judges[command]
