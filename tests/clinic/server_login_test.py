"""server_login_test.py - sessions, limits, claims, streams and streams' ends, against the real server. REQ-SECU-11, HZ-24, HZ-28,
HZ-38."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import socket
import subprocess
import tempfile
import unittest

from server_common import ACCOUNTS, CISTERNA, PASSWORD, ROOT, Server, ServerCase, events, records_make


class Sessions(ServerCase):
    def try_sign_in(self, name, password):
        return self.server.nobody().ask("POST", "/api/sign-in", {"name": name, "password": password})

    def test_cookie_and_token(self):
        answer = self.try_sign_in("nina", PASSWORD)
        cookie = answer.headers["Set-Cookie"].split("; ")
        self.assertRegex(cookie[0], "^cisterna_session=[0-9a-f]{64}$")
        self.assertEqual(sorted(cookie[1:]), ["HttpOnly", "Path=/", "SameSite=Strict"])
        token = cookie[0].split("=")[1]
        self.assertRegex(answer.json["csrf"], "^[0-9a-f]{64}$")
        self.assertNotIn(token, answer.body.decode())
        self.assertEqual(answer.json["user"], {"id": 3, "name": "nina", "role": "nurse"})
        files = [path.read_bytes() for path in pathlib.Path(self.folder.name).iterdir() if path.is_file()]
        self.assertFalse([one for one in files if token.encode() in one or bytes.fromhex(token) in one])
        self.assertNotIn(token, self.server.said())

    def test_wrong_names_and_passwords_look_the_same(self):
        answers = [self.try_sign_in(name, password)
                   for name, password in (("phil", "not his password"), ("nobody", PASSWORD), ("otto", "x"))]
        self.assertEqual({answer.status for answer in answers}, {401})
        self.assertEqual(len({answer.body for answer in answers}), 1)
        self.assertEqual({answer.headers["Set-Cookie"] for answer in answers}, {None})
        self.assertNotIn("not his password", self.server.said())
        self.assertNotIn("nobody", self.server.said())

    def test_an_auditor_opens_nothing(self):
        auditor = self.server.sign_in("otto")
        self.assertEqual(auditor.ask("GET", "/api/patients/1").status, 403)
        self.assertEqual(auditor.ask("GET", "/api/patients/1/implants").json["implants"][0]["serial"], "SIM-000000")
        whole = auditor.ask("POST", "/api/audit/verify")
        self.assertEqual((whole.status, whole.json["whole"], whole.json["faults"]), (200, True, 0), whole.body)

    def test_scores_of_pain_are_recorded_told_and_judged(self):
        """REQ-CLIN-10: the note is for those who may open it, whether the dose still serves for everybody."""
        nurse, auditor = self.server.sign_in("nina"), self.server.sign_in("otto")
        scores = "/api/patients/1/scores"
        for body, where in (({}, ""), ({"pain": 11}, "pain"), ({"pain": -1}, "pain"), ({"pain": 5.5}, "pain"),
                            ({"pain": 5, "relief": 101}, "relief"), ({"pain": 5, "said": "yesterday"}, "said"),
                            ({"pain": 5, "visit": 0}, "visit"), ({"pain": 5, "note": 7}, "note")):
            answer = nurse.ask("POST", scores, body)
            self.assertEqual((answer.status, [fault["where"] for fault in answer.json["faults"]]), (400, [where]), answer.body)
        for body, status in (({"pain": 5, "said": "2199-01-01T00:00:00Z"}, 400), ({"pain": 5, "visit": 2}, 409),
                             ({"pain": 5, "visit": 999}, 404)):
            self.assertEqual(nurse.ask("POST", scores, body).status, status, body)
        self.assertEqual(nurse.ask("POST", "/api/patients/999/scores", {"pain": 5}).status, 404)
        first = {"pain": 7, "relief": 20, "said": "2026-03-02T10:00:00Z", "visit": 1, "note": "sleeps badly"}
        ids = [nurse.ask("POST", scores, body).json["id"] for body in (first, {"pain": 0, "relief": 0}, {"pain": 10})]
        told = nurse.ask("GET", scores).json
        self.assertEqual([one["id"] for one in told["scores"]], [ids[2], ids[1], ids[0]])
        self.assertFalse(told["older"])
        self.assertEqual({key: told["scores"][2][key] for key in (*first, "scale", "user")},
                         {**first, "scale": "nrs_0_10", "user": 3})
        self.assertEqual([(one["pain"], one["relief"], one["visit"], one["note"]) for one in told["scores"][:2]],
                         [(10, None, None, ""), (0, 0, None, "")])
        files = [path.read_bytes() for path in pathlib.Path(self.folder.name).iterdir() if path.is_file()]
        self.assertFalse([one for one in files if b"sleeps badly" in one])
        self.assertEqual(auditor.ask("GET", scores).status, 403)
        for region in ("", "?region=EU"):
            judged = auditor.ask("GET", "/api/patients/1/benefit" + region).json
            self.assertEqual(judged, {"therapies": 1, "scores": 3, "findings": []})  # one dose alone rises from none

    def test_signing_out_ends_session_claims_and_streams(self):
        nurse, other = self.server.sign_in("nina"), self.server.sign_in("phil")
        self.assertEqual(nurse.ask("POST", "/api/pumps/SIM-9/claim", {}).status, 200)
        self.assertEqual(other.ask("POST", "/api/pumps/SIM-9/claim", {}).status, 409)
        with nurse.stream("/api/pumps/SIM-9/events") as response:
            told = events(response)
            self.assertEqual(next(told)[0], "age")
            out = nurse.ask("POST", "/api/sign-out")
            self.assertEqual(out.status, 204)
            self.assertIn("Max-Age=0", out.headers["Set-Cookie"])
            self.assertEqual(list(told)[-1], ("end", {"reason": "the session has ended"}))
        self.assertEqual(nurse.ask("GET", "/api/me").status, 401)
        self.assertEqual(other.ask("POST", "/api/pumps/SIM-9/claim", {}).status, 200)

    def test_one_session_has_so_many_streams(self):
        person = self.server.sign_in("ada")
        streams = [person.stream("/api/pumps/SIM-1/events") for _ in range(17)]
        self.assertEqual([stream.status for stream in streams], [200] * 16 + [503])
        person.ask("POST", "/api/sign-out")
        for stream in streams[:16]:
            self.assertEqual(list(events(stream))[-1][0], "end")
        for stream in streams:
            stream.close()

    def test_one_writer_a_pump(self):
        nurse, other = self.server.sign_in("fay"), self.server.sign_in("phil")
        claim = nurse.ask("POST", "/api/pumps/SIM-8/claim", {}).json
        self.assertEqual(claim["owner"], "fay")
        second = other.ask("POST", "/api/pumps/SIM-8/claim", {})
        self.assertEqual((second.status, second.kind, second.json["claim"]["owner"]), (409, "claimed", "fay"))
        self.assertNotIn(claim["claim"], second.body.decode())
        self.assertEqual(nurse.ask("POST", "/api/pumps/SIM-8/claim", {}).kind, "claimed")  # another window of the same session
        self.assertEqual(nurse.ask("POST", "/api/pumps/SIM-8/claim", {"claim": claim["claim"]}).status, 200)
        self.assertEqual(other.ask("POST", "/api/pumps/SIM-8/release", {"claim": claim["claim"]}).kind, "claim-lost")
        self.assertEqual(other.ask("GET", "/api/pumps").json["claims"]["SIM-8"]["owner"], "fay")
        self.assertEqual(nurse.ask("POST", "/api/pumps/SIM-8/release", {"claim": claim["claim"]}).status, 204)
        self.assertEqual(nurse.ask("POST", "/api/pumps/SIM-8/claim", {"claim": claim["claim"]}).kind, "claim-lost")
        self.assertEqual(other.ask("POST", "/api/pumps/SIM-8/claim", {}).status, 200)


class Accounts(ServerCase):
    """Accounts made, changed and ended by an admin."""

    def test_life_of_an_account(self):
        admin = self.server.sign_in("ada")
        made = admin.ask("POST", "/api/users", {"name": "eve", "role": "nurse", "password": "ten bytes at least"})
        self.assertEqual(made.status, 201, made.body)
        number = made.json["id"]
        self.assertEqual(admin.ask("POST", "/api/users", {"name": "eve", "role": "nurse", "password": "ten bytes at least"}).kind,
                         "exists")
        eve = self.server.sign_in("eve", "ten bytes at least")
        self.assertEqual(admin.ask("POST", f"/api/users/{number}/password", {"password": "another password"}).status, 204)
        self.assertEqual(eve.ask("GET", "/api/me").status, 401)
        eve = self.server.sign_in("eve", "another password")
        self.assertEqual(admin.ask("POST", f"/api/users/{number}/disable").status, 204)
        self.assertEqual(eve.ask("GET", "/api/me").status, 401)
        again = self.server.nobody().ask("POST", "/api/sign-in", {"name": "eve", "password": "another password"})
        self.assertEqual((again.status, again.kind), (401, "password"))
        self.assertEqual(admin.ask("POST", "/api/users/1/disable").kind, "refused")
        ended = [user["name"] for user in admin.ask("GET", "/api/users").json["users"] if user["disabled"]]
        self.assertEqual(ended, ["eve"])


class Limits(ServerCase):
    def test_tries_at_one_account_and_from_one_address(self):
        def tried(name, password):
            return self.server.nobody().ask("POST", "/api/sign-in", {"name": name, "password": password})

        answers = [tried("nina", f"try {i}") for i in range(7)]
        self.assertEqual([answer.status for answer in answers[:5]], [401] * 5)
        self.assertIn(429, [answer.status for answer in answers[5:]])
        refused = [answer for answer in answers if answer.status == 429][0]
        self.assertRegex(refused.headers["Retry-After"], "^[1-9][0-9]*$")
        self.assertEqual(tried("nina", PASSWORD).status, 429)  # not even with the right one: who guesses learns nothing
        self.server.sign_in("phil")  # another account is not held up
        many = [tried(f"name {i}", "x").status for i in range(60)]
        self.assertEqual(set(many), {401, 429})
        self.assertIn(429, many[-20:])


class Ends(unittest.TestCase):
    """Sessions that end by themselves: the stream of the session tells when."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="clinic-")
        self.addCleanup(self.folder.cleanup)
        self.url = records_make(pathlib.Path(self.folder.name))

    def ended(self, *options):
        server = Server(self.url, *options)
        self.addCleanup(server.end)
        person = server.sign_in("nina")
        with person.stream("/api/pumps/SIM-1/events") as response:
            told = list(events(response))
        self.assertEqual(told[-1], ("end", {"reason": "the session has ended"}))
        self.assertEqual({kind for kind, _ in told[:-1]}, {"age"})  # heartbeats, meanwhile
        self.assertEqual(person.ask("GET", "/api/me").kind, "session")
        return told

    def test_idle(self):
        self.assertGreaterEqual(len(self.ended("--idle", "8 s", "--heartbeat", "0.2 s")), 4)

    def test_absolute(self):
        self.ended("--absolute", "8 s", "--heartbeat", "0.2 s")

    def test_server_ending_ends_streams(self):
        server = Server(self.url)
        person = server.sign_in("nina")
        with person.stream("/api/pumps/SIM-1/events") as response:
            told = events(response)
            next(told)
            code, said = server.end()
            self.assertEqual(list(told), [("end", {"reason": "the server is ending"})])
        self.assertEqual((code, "Sanitizer" in said), (0, False), said)


class Starting(unittest.TestCase):
    def refused(self, code, words, *options):
        ran = subprocess.run([CISTERNA, "clinic", *options], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual((ran.returncode, ran.stdout), (code, ""), ran.stderr)
        self.assertIn(words, ran.stderr)

    def test_listening_elsewhere_needs_tls_in_front(self):
        for address in ("0.0.0.0:8080", "192.0.2.1:8080", "[::]:8080", "[2001:db8::1]:8080"):
            self.refused(2, "--behind-tls", "--listen", address, "--db", "nowhere.db")
        self.refused(1, "nowhere", "--listen", "0.0.0.0:0", "--behind-tls", "clinic.example", "--db", "nowhere.db")

    def test_usage(self):
        for listen in ("localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "[::1:80", "1.2.3:4", ":80", "127.0.0.1:+1"):
            self.refused(2, "--listen needs", "--listen", listen)
        self.refused(2, "--behind-tls needs", "--behind-tls", "a b")
        self.refused(2, "--idle needs a span", "--idle", "15")
        self.refused(2, "unknown option", "--no-such-option")
        self.refused(1, "no.db", "--db", "no.db", "--listen", "127.0.0.1:0")

    def test_a_service_is_told(self):
        with tempfile.TemporaryDirectory(prefix="clinic-") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            url = records_make(pathlib.Path(folder))
            ear.settimeout(60)
            ear.bind(folder + "/notify")
            server = Server(url, environment={"NOTIFY_SOCKET": folder + "/notify"})
            self.assertEqual(ear.recv(100), b"READY=1")
            self.assertEqual(server.end()[0], 0)
            self.assertEqual(ear.recv(100), b"STOPPING=1")

    def test_two_do_not_listen_at_one_port(self):
        with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
            url = records_make(pathlib.Path(folder))
            first = Server(url)
            self.refused(1, "cannot listen", "--db", url, "--listen", first.host)
            self.assertEqual(first.nobody().ask("GET", "/api/health").status, 200)
            self.assertEqual(first.end()[0], 0)
            again = Server(url, listen=first.host) # at once, though connections of the first may not be forgotten yet
            self.assertEqual(again.end()[0], 0)

    def test_the_long_loopback_address(self):
        with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
            server = Server(records_make(pathlib.Path(folder)), listen="[::1]:0")
            server.address = "::1"
            self.assertEqual(server.nobody().ask("GET", "/api/health").status, 200)
            self.assertEqual(server.end()[0], 0)

    def test_behind_tls_answers_to_that_name(self):
        with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
            server = Server(records_make(pathlib.Path(folder)), "--behind-tls", "clinic.example")
            nobody = server.nobody()
            self.assertEqual(nobody.ask("GET", "/api/health", headers={"Host": "clinic.example"}).status, 200)
            answer = nobody.ask("POST", "/api/sign-in", {"name": ACCOUNTS["admin"], "password": PASSWORD},
                                headers={"Host": "clinic.example", "Origin": "https://clinic.example"})
            self.assertEqual(answer.status, 200)
            self.assertIn("; Secure", answer.headers["Set-Cookie"])
            self.assertEqual(server.end()[0], 0)


if __name__ == "__main__":
    unittest.main()
