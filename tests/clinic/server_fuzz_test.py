"""server_fuzz_test.py - requests made from the served document, right and wrong in structure, at the real server: no crash, no
fault of the server, every answer a document or a problem, memory flat, and the records verify afterwards. REQ-SECU-13.

    server_fuzz_test.py [--requests N] [--seed S] [--growth KIB]       tens of thousands: --requests 50000"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import http.client
import json
import pathlib
import random
import sys
import tempfile

from server_common import ACCOUNTS, UNSAFE, Server, records_make

TEXTS = ["", "a", "morphine", "baclofen", "C20", "25 mg/mL", "5 mg/day", "0.2 mL/day", "18 mL", "110 cm", "3 d", "2026-03-01",
         "2026-03-01T12:00:00Z", "1950-12-31", "morphine:25 mg/mL:5 mg/day", "SIM-1", "nurse", "US", "EU", "-1 mL", "1e9 mL",
         "0,5 mg", "99999999999999999999 mg/day", "0.000000000000000001 mg", "4/day", "1/2", "\u202e5 mg", "\u0000", "é" * 60,
         "x" * 5000, "%s%n%p", "'; DROP TABLE patients; --", "../../etc/passwd", "date,expected,found\n1,2 mL,2 mL\n", "--alarm"]
OTHERS = [None, True, False, 0, -1, 1, 2**53, 2**64, 1.5, 1e308, [], {}, [[]], {"a": {"b": []}}]


class Maker:
    """Bodies and paths by a document, spoilt by chance."""

    def __init__(self, document, chance):
        self.schemas, self.chance = document["components"]["schemas"], chance
        self.operations = [(method.upper(), path, operation) for path, methods in document["paths"].items()
                           for method, operation in methods.items() if not path.endswith(("/events", "/sign-out", "/sign-in"))
                           and not path.startswith("/api/users/{id}") and path != "/api/users" and "verify" not in path]

    def value(self, schema, depth=0):
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rsplit("/", 1)[1]], depth)
        if self.chance.random() < 0.1:
            return self.chance.choice(OTHERS + TEXTS)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            return self.object(schema, depth)
        if kind == "array":
            return [self.value(schema["items"], depth + 1) for _ in range(self.chance.randrange(0, 6))]
        if kind == "boolean":
            return self.chance.random() < 0.5
        if kind == "integer":
            return self.chance.choice([0, 1, 2, schema.get("maximum", 9), -1])
        return self.chance.choice(TEXTS)

    def object(self, schema, depth):
        made = {name: self.value(inner, depth + 1) for name, inner in schema.get("properties", {}).items()
                if name in schema.get("required", ()) or self.chance.random() < 0.4}
        if self.chance.random() < 0.1 and made:
            made.pop(self.chance.choice(list(made)))
        if self.chance.random() < 0.1:
            made[self.chance.choice(TEXTS)] = self.chance.choice(OTHERS)
        return made

    def raw(self, operation):
        if "requestBody" not in operation:
            return None if self.chance.random() < 0.95 else b"{}"
        raw = bytearray(json.dumps(self.value(operation["requestBody"]["content"]["application/json"]["schema"])).encode())
        if self.chance.random() < 0.15 and raw:  # bytes of it turned over, doubled or cut off
            at = self.chance.randrange(len(raw))
            raw = self.chance.choice([raw[:at], raw[:at] + bytes([self.chance.randrange(256)]) + raw[at + 1:],
                                      raw[:at] + raw[at:] * 2, raw[:at] + b"[" * 3000 + raw[at:]])
        return bytes(raw)

    def path(self, path, operation):
        for parameter in operation["parameters"]:
            if parameter.get("in") == "path":
                given = self.chance.choice(["1", "2", "999", "0", "SIM-1", "morphine", "rate", "9" * 30, "%00", "a%20b", ".."])
                path = path.replace("{" + parameter["name"] + "}", given)
        queries = [f"{one['name']}={self.chance.choice(['1', '100', '0', 'events', 'US', 'x', '', '9' * 40])}"
                   for one in operation["parameters"] if one.get("in") == "query" and self.chance.random() < 0.5]
        return path + ("?" + "&".join(queries) if queries else "")


def fuzz(server, people, maker, count):
    """How often each status came."""
    statuses = {}
    for number in range(count):
        method, path, operation = maker.chance.choice(maker.operations)
        person, raw = maker.chance.choice(people), maker.raw(operation)
        headers = {"Content-Type": "application/json"} if raw is not None else {}
        asked = maker.path(path, operation)
        try:
            answer = person.ask(method, asked, raw=raw if raw is not None or method not in UNSAFE else b"", headers=headers)
        except (ConnectionError, http.client.HTTPException) as fault:
            raise AssertionError((number, method, asked, raw, fault, server.said()[-3000:])) from fault
        what = (number, method, asked, raw, answer.status, answer.body[:300])
        assert answer.status < 500, what
        assert answer.status == 204 or isinstance(answer.json, dict), what
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    return statuses


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--requests", type=int, default=600)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--growth", type=int, default=8192,
                         help="KiB that may come in the second half: some are the sanitizer's")
    given = options.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        url = records_make(pathlib.Path(folder))
        server = Server(url, environment={"ASAN_OPTIONS": "quarantine_size_mb=1"})
        people = [server.sign_in(name) for name in ACCOUNTS.values()]
        maker = Maker(server.nobody().ask("GET", "/api/openapi.json").json, chance)
        first = fuzz(server, people, maker, given.requests // 2)
        between = server.memory_kib()
        second = fuzz(server, people, maker, given.requests // 2)
        grown = server.memory_kib() - between
        whole = people[-1].ask("POST", "/api/audit/verify").json
        assert whole["whole"], whole
        assert {200, 400} <= set(first) and {200, 400} <= set(second), (first, second)
        assert grown < given.growth, f"{grown} KiB came to it over {given.requests // 2} requests"
        code, said = server.end()
        assert code == 0 and "Sanitizer" not in said, said[-5000:]
    print(f"{given.requests} requests, seed {given.seed}: {first} then {second}; {grown} KiB came to {between} KiB in the second "
          "half")


if __name__ == "__main__":
    sys.exit(main())
