"""server_gate_test.py - every route as every role, and everything the gate has to turn away, against the real server. The table
of who may what is written here a second time, by hand. REQ-SECU-01, REQ-SECU-11, REQ-SECU-13."""
# SPDX-License-Identifier: Apache-2.0
import json
import re
import socket
import unittest

from server_common import ACCOUNTS, UNSAFE, ServerCase

ALL, OPENERS = {"nurse", "physician", "pharmacist", "auditor", "admin"}, {"nurse", "physician", "pharmacist", "admin"}
WRITERS, AUDITORS, ADMINS = {"nurse", "physician", "pharmacist"}, {"auditor", "admin"}, {"admin"}
QUESTIONS = ("rate", "refill", "prime", "bridge", "residual", "start", "titrate", "volume", "mix", "benefit")
STEPS = ("identify", "lower", "catheter", "port", "residual", "fill", "therapy", "schedule", "bridge", "prime", "aspirate",
         "inject", "scan", "empty", "finish", "second", "readback", "watch")
TASK, TWIN = "/api/pumps/{serial}/task", "/api/pumps/{serial}/twin"
# Method, path as it is told, who, and a path to try it with.
TABLE = [
    ("GET", "/api/health", None, None),
    ("GET", "/api/openapi.json", None, None),
    ("POST", "/api/sign-in", None, None),
    ("GET", "/api/me", ALL, None),
    *[("POST", f"/api/plan/{question}", ALL, None) for question in QUESTIONS],
    ("GET", "/api/formulary", ALL, None),
    ("GET", "/api/formulary/{drug}", ALL, "/api/formulary/morphine"),
    ("GET", "/api/patients", OPENERS, None),
    ("POST", "/api/patients", OPENERS, None),
    ("GET", "/api/patients/{id}", OPENERS, "/api/patients/1"),
    ("PUT", "/api/patients/{id}", OPENERS, "/api/patients/1"),
    ("DELETE", "/api/patients/{id}", ADMINS, "/api/patients/999"),
    ("GET", "/api/patients/{id}/implants", ALL, "/api/patients/1/implants"),
    ("POST", "/api/patients/{id}/implants", WRITERS, "/api/patients/1/implants"),
    ("GET", "/api/patients/{id}/visits", ALL, "/api/patients/1/visits"),
    ("GET", "/api/patients/{id}/scores", OPENERS, "/api/patients/1/scores"),
    ("POST", "/api/patients/{id}/scores", WRITERS, "/api/patients/1/scores"),
    ("GET", "/api/patients/{id}/typed", OPENERS, "/api/patients/1/typed"),
    ("GET", "/api/patients/{id}/benefit", ALL, "/api/patients/1/benefit"),
    ("GET", "/api/implants/{id}/refills", ALL, "/api/implants/1/refills"),
    ("GET", "/api/implants/{id}/therapies", ALL, "/api/implants/1/therapies"),
    ("GET", "/api/implants/{id}/alarms", ALL, "/api/implants/1/alarms"),
    ("POST", "/api/alarms/{id}/seen", WRITERS, "/api/alarms/999/seen"),
    ("GET", "/api/implants/{id}/log", ALL, "/api/implants/1/log"),
    ("GET", "/api/visits/{id}/report", OPENERS, "/api/visits/1/report"),
    ("GET", "/api/implants/{id}/reports/{report}", OPENERS, "/api/implants/1/reports/therapy"),
    ("GET", "/api/limits", ALL, None),
    ("GET", "/api/audit", AUDITORS, None),
    ("POST", "/api/audit/verify", AUDITORS, None),
    ("GET", "/api/users", ADMINS, None),
    ("POST", "/api/users", ADMINS, None),
    ("POST", "/api/users/{id}/password", ADMINS, "/api/users/999/password"),
    ("POST", "/api/users/{id}/disable", ADMINS, "/api/users/999/disable"),
    ("GET", "/api/ward", OPENERS, None),
    ("GET", "/api/pumps", ALL, None),
    ("GET", "/api/pumps/{serial}", OPENERS, "/api/pumps/SIM-000000"),
    ("POST", "/api/pumps/{serial}/claim", WRITERS, "/api/pumps/SIM-7/claim"),
    ("POST", "/api/pumps/{serial}/release", WRITERS, "/api/pumps/SIM-7/release"),
    ("GET", "/api/pumps/{serial}/events", ALL, "/api/pumps/SIM-7/events"),
    ("GET", TWIN, OPENERS, "/api/pumps/SIM-7/twin"),
    ("POST", TWIN, OPENERS, "/api/pumps/SIM-7/twin"),
    ("GET", TASK, WRITERS, "/api/pumps/SIM-7/task"),
    ("POST", TASK, WRITERS, "/api/pumps/SIM-7/task"),
    *[("POST", f"{TASK}/{step}", WRITERS, f"/api/pumps/SIM-7/task/{step}") for step in ("again", "abandon", *STEPS)],
    ("POST", "/api/sign-out", ALL, None),
]
BODIED = {"/api/sign-in", "/api/patients", "/api/patients/{id}", "/api/patients/{id}/implants",
          "/api/patients/{id}/scores", "/api/users",
          "/api/users/{id}/password", "/api/pumps/{serial}/claim", "/api/pumps/{serial}/release", TWIN}
JSON = {"Content-Type": "application/json"}
GUARDS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
          "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin"}


def is_bodied(method, path):
    return method in ("POST", "PUT") and (path in BODIED or path.startswith(("/api/plan/", TASK)))


class Gate(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {role: cls.server.sign_in(name) for role, name in ACCOUNTS.items()}

    def tried(self, person, method, path, **more):
        """A request whose answer is a document or a problem, with all guards, and never a fault of the server."""
        answer = person.ask(method, path, **more)
        self.assertLess(answer.status, 500, (method, path, answer.body, self.server.said()))
        for name, value in GUARDS.items():
            self.assertEqual(answer.headers[name], value, (method, path))
        policy = answer.headers["Content-Security-Policy"]
        self.assertTrue(policy.startswith("default-src 'self';"), policy)
        self.assertNotIn("unsafe", policy)
        self.assertFalse([name for name in answer.headers if name.lower().startswith("access-control-")])
        if answer.status >= 400:
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
            self.assertEqual(answer.json["status"], answer.status)
            self.assertTrue(answer.json["detail"])
        return answer

    def refused(self, status, kind, person, method, path, **more):
        answer = self.tried(person, method, path, **more)
        self.assertEqual((answer.status, answer.kind), (status, kind), (method, path, answer.body))
        return answer

    def test_document_tells_this_table(self):
        told = self.server.nobody().ask("GET", "/api/openapi.json").json
        routes = {(method.upper(), path): set(operation["x-cisterna-roles"]) for path, methods in told["paths"].items()
                  for method, operation in methods.items()}
        self.assertEqual(routes, {(method, path): who or set() for method, path, who, _ in TABLE})
        for method, path, who, _ in TABLE:
            operation = told["paths"][path][method.lower()]
            self.assertEqual(operation["security"], [{"session": []}] if who else [], path)
            self.assertEqual("requestBody" in operation, is_bodied(method, path), path)
            tokens = [one for one in operation["parameters"] if one.get("$ref", "").endswith("/csrf")]
            self.assertEqual(bool(tokens), bool(who) and method in UNSAFE, path)

    def test_every_route_as_every_role(self):
        for method, path, who, tried in TABLE[:-1]:
            for role, person in self.people.items():
                if path.endswith("/events") and role in who:
                    with person.stream(tried) as response:
                        self.assertEqual(response.status, 200)
                        self.assertEqual(response.headers["Content-Type"], "text/event-stream")
                    continue
                body = {} if is_bodied(method, path) else None
                answer = self.tried(person, method, tried or path, body=body)
                if who is not None and role not in who:
                    self.assertEqual((answer.status, answer.kind), (403, "role"), (method, path, role, answer.body))
                else:
                    self.assertNotIn(answer.status, (401, 403, 405, 411, 415, 421), (method, path, role, answer.body))
                    if method == "GET":
                        self.assertEqual(answer.status, 404 if path in (TASK, TWIN) else 200, (method, path, role, answer.body))

    def test_nobody_gets_past_without_session(self):
        for method, path, who, tried in TABLE:
            if who is None:
                continue
            body = {} if is_bodied(method, path) else None
            for cookie in (None, "cisterna_session=", "cisterna_session=" + "0" * 64, "other=1"):
                person = self.server.nobody()
                person.cookie, person.csrf = cookie, self.people["admin"].csrf
                self.refused(401, "session", person, method, tried or path, body=body)

    def test_unsafe_requests_need_token_and_origin(self):
        host = self.server.host
        for method, path, who, tried in TABLE:
            if method not in UNSAFE:
                continue
            body = {} if is_bodied(method, path) else None
            person, other = self.people["admin"], self.people["nurse"]
            for origin in (None, "null", "http://evil.example", f"https://{host}", f"http://{host}.evil.example",
                           f"http://x@{host}"):
                self.refused(403, "origin", person, method, tried or path, body=body, headers={"Origin": origin})
            self.refused(403, "origin", person, method, tried or path, body=body, headers={"Sec-Fetch-Site": "cross-site"})
            for token in (None, "", "0" * 64, other.csrf, person.csrf[:-1]) if who else ():
                self.refused(403, "csrf", person, method, tried or path, body=body, headers={"X-CSRF-Token": token})

    def test_safe_requests_of_other_sites(self):
        person = self.people["admin"]
        for method, path, _, tried in TABLE:
            if method != "GET":
                continue
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}):
                self.refused(403, "origin", person, method, tried or path, headers=headers)

    def test_other_names_are_not_answered(self):
        port = self.server.host.rsplit(":", 1)[1]
        for method, path, _, tried in TABLE:
            body = {} if is_bodied(method, path) else None
            for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1", f"localhost.evil.example:{port}"):
                self.refused(421, "host", self.people["admin"], method, tried or path, body=body, headers={"Host": host})
        self.assertEqual(self.server.nobody().ask("GET", "/api/health", headers={"Host": f"localhost:{port}"}).status, 200)

    def test_bodies_that_are_none(self):
        for method, path, who, tried in TABLE:
            person = self.people["nurse" if who and "admin" not in who else "admin"]
            if not is_bodied(method, path):
                if method in UNSAFE:
                    self.refused(400, "malformed", person, method, tried or path, raw=b"{}")
                continue
            for raw in (b"", b"{", b"[1]", b'""', b'{"a":1,"a":2}', b"{} {}", b"\xff\xfe", b'{"a":"\\u0000"}', b"nul"):
                self.refused(400, "malformed", person, method, tried or path, raw=raw, headers=JSON)
            for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
                self.refused(415, "type", person, method, tried or path, raw=b"{}", headers={"Content-Type": kind})

    def test_unknown_fields_are_named(self):
        for method, path, who, tried in TABLE:
            if not is_bodied(method, path):
                continue
            person = self.people["nurse" if who and "admin" not in who else "admin"]
            answer = self.refused(400, "malformed", person, method, tried or path, body={"no_such_field": 1})
            faults = {fault["where"]: fault["detail"] for fault in answer.json["faults"]}
            self.assertIn("unknown field", faults["no_such_field"], path)
        answer = self.people["admin"].ask("POST", "/api/users", {"nmae": "eve", "role": "queen", "password": "short"})
        faults = {fault["where"]: fault["detail"] for fault in answer.json["faults"]}
        self.assertEqual(faults["nmae"], 'unknown field; did you mean "name"?')
        self.assertIn("nurse", faults["role"])
        self.assertIn("10 to 1024 bytes", faults["password"])
        self.assertNotIn("short", answer.body.decode())

    def test_sizes(self):
        for method, path, who, tried in TABLE:
            if not is_bodied(method, path):
                continue
            person = self.people["nurse" if who and "admin" not in who else "admin"]
            raw = json.dumps({"name": "x" * 70000}).encode()
            self.refused(413, "size", self.server.nobody(), method, tried or path, raw=b"",
                         headers={"Content-Length": str(len(raw)), "Content-Type": "application/json"})
            fits = json.dumps({"name": "x" * 60000}).encode()
            self.refused(400, "malformed", person, method, tried or path, raw=fits, headers=JSON)
        self.refused(411, "length", self.server.nobody(), "POST", "/api/sign-in", raw=b"0\r\n\r\n",
                     headers={"Transfer-Encoding": "chunked", "Content-Length": None, "Content-Type": "application/json"})

    def test_paths_methods_and_queries(self):
        person = self.people["admin"]
        for path in ("/assets", "/assets/", "/assets/0/", "/index.html", "/assets/0/app.js", "/assets/../", "/api", "/api/",
                     "/api/patients/", "/api/patients/1/", "//api/me", "/api/../api/me", "/api/me%00",
                     "/api/%6de", "/api/patients/../me", "/api/formulary/" + "x" * 60, "/api/plan/"):
            self.refused(404, "missing", person, "GET" if "plan" not in path else "POST", path)
        for path in ("/api/patients/0", "/api/patients/-1", "/api/patients/01", "/api/patients/1e3", "/api/patients/999",
                     "/api/patients/99999999999999999999", "/api/formulary/heroin"):
            self.refused(404, "missing", person, "GET", path)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            answer = self.refused(405, "method", person, method, "/api/me", headers={"Origin": f"http://{self.server.host}"})
            self.assertEqual(answer.headers.get_all("Allow"), ["GET"])
        self.assertEqual(sorted(self.tried(person, "DELETE", "/api/patients").headers.get_all("Allow")), ["GET", "POST"])
        for query in ("limit=0", "limit=101", "limit=", "limit=1&limit=2", "limit=%31", "from=-1", "from=x",
                      "ring=events", "x=1", "limit"):
            self.refused(400, "malformed", person, "GET", "/api/patients?" + query)
        for query in ("ring=event", "ring=", "ring=events|faults", "region=US"):
            self.refused(400, "malformed", person, "GET", "/api/implants/1/log?" + query)
        self.refused(400, "malformed", person, "GET", "/api/me?from=1")

    def test_pages_are_whole_and_guarded(self):
        """The first page, all that it names, and what these import: each with its type, its tag and the strictest policy."""
        nobody = self.server.nobody()
        page = nobody.ask("GET", "/")
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertEqual(page.headers["Cache-Control"], "no-cache")
        types = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
        folder = re.search(r"/assets/[0-9a-f]{16}/", page.body.decode())[0]
        wanted, seen = set(re.findall(folder + r"([\w.]+)", page.body.decode())), {}
        while wanted - set(seen):
            name = (wanted - set(seen)).pop()
            seen[name] = answer = nobody.ask("GET", folder + name)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, types[name.rsplit(".", 1)[1]]), name)
            self.assertEqual(answer.headers["Cache-Control"], "public, max-age=31536000, immutable", name)
            if name.endswith(".js"):
                wanted |= set(re.findall(r'(?:from|import) ?"\./([\w.]+)"', answer.body.decode()))
                elsewhere = r'^(?:import\b[^"\n]*|export\b[^"\n]*\bfrom )"([^.][^"\n]*)"'
                self.assertEqual(re.findall(elsewhere, answer.body.decode(), re.M), [], name)
        self.assertGreater(len(seen), 20)
        for answer in (page, *seen.values()):
            policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
            told = (policy["default-src"], policy["script-src"], policy["frame-ancestors"])
            self.assertEqual(told, ("'none'", "'self'", "'none'"))
            self.assertEqual(policy["require-trusted-types-for"], "'script'")
            self.assertNotIn("unsafe", str(policy))
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        known = nobody.ask("GET", "/", headers={"If-None-Match": page.headers["ETag"]})
        self.assertEqual((known.status, known.body, known.headers["ETag"]), (304, b"", page.headers["ETag"]))
        self.assertEqual(nobody.ask("GET", "/", headers={"If-None-Match": '"other"'}).status, 200)
        self.refused(404, "missing", nobody, "GET", "/assets/0123456789abcdef/app.js")
        self.refused(404, "missing", nobody, "GET", folder + "nothing.js")
        self.refused(405, "method", nobody, "POST", "/", headers={"Origin": f"http://{self.server.host}"})
        self.refused(421, "host", nobody, "GET", "/", headers={"Host": "evil.example"})
        self.refused(403, "origin", nobody, "GET", folder + "app.js", headers={"Sec-Fetch-Site": "cross-site"})

    def test_head_that_is_no_http(self):
        """What the library answers itself, or closes upon: the server lives on."""
        for raw in (b"GET /api/health HTTP/1.1\r\n\r\n", b"GARBAGE\r\n\r\n", b"GET /api/health HTTP/9.9\r\nHost: x\r\n\r\n",
                    b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                    b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
                    b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"\0" * 64,
                    b"GET / HTTP/1.1\r\nA: " + b"b" * 100000 + b"\r\n\r\n"):
            with socket.create_connection((self.server.address, self.server.port)) as wire:
                wire.settimeout(60)
                try:
                    wire.sendall(raw)
                    wire.shutdown(socket.SHUT_WR)
                    said = wire.recv(65536)
                except TimeoutError:
                    raise
                except OSError:  # it has closed already
                    said = b""
                self.assertNotIn(b" 200 ", said.split(b"\r\n")[0] + b" ", raw[:80])
        self.assertEqual(self.server.nobody().ask("GET", "/api/health").status, 200)

    def wire(self, raw):
        """What comes back for these bytes until the server closes the connection, which this end never does."""
        said = b""
        with socket.create_connection((self.server.address, self.server.port)) as wire:
            wire.settimeout(15)  # below the server's own end of idle connections
            wire.sendall(raw)
            while True:
                try:
                    more = wire.recv(65536)
                except ConnectionResetError:  # closed upon bytes that it had not read
                    more = b""
                if not more:
                    return said
                said += more

    def test_headers_that_stand_twice(self):
        host, person = self.server.host.encode(), self.people["admin"]
        second = b"GET /api/health HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
        given = {b"Host": host, b"Content-Length": b"2", b"Content-Type": b"application/json",
                 b"Origin": b"http://" + host, b"Cookie": person.cookie.encode(), b"X-CSRF-Token": person.csrf.encode(),
                 b"Sec-Fetch-Site": b"same-origin"}
        once = [name + b": " + value for name, value in given.items()]
        other = {b"Host": b"evil.example", b"Content-Length": str(2 + len(second)).encode(), b"Sec-Fetch-Site": b"cross-site",
                 b"Origin": b"http://evil.example"}
        for name, value in given.items():
            for word in (name, name.lower(), name.upper()):
                for twice in {value, other.get(name, value)}:
                    head = [b"POST /api/users HTTP/1.1", *once, word + b": " + twice]
                    said = self.wire(b"\r\n".join(head) + b"\r\n\r\n{}" + second)
                    self.assertEqual(said.split(b"\r\n")[0].split(b" ")[1], b"400", (word, twice, said))
                    self.assertIn(b"this header is given twice", said)
                    self.assertEqual(said.count(b"HTTP/1.1 "), 1, (word, twice, said))
        # A request without a body says so too, and what follows it is not heard.
        said = self.wire(b"GET /api/health HTTP/1.1\r\nHost: " + host + b"\r\nHost: evil.example\r\n\r\n" + second)
        self.assertEqual((said.split(b" ")[1], said.count(b"HTTP/1.1 ")), (b"400", 1), said)
        self.assertIn(b"\r\nconnection: close\r\n", said.lower())


if __name__ == "__main__":
    unittest.main()
