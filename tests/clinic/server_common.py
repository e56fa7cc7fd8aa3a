"""server_common.py - a clinic's server of its own for each class of tests: restored records (two patients with pumps, refills,
therapies and logs), an account of every role, and requests as a browser on the same machine would send them. Every answer is held
against the document that the server tells."""
# SPDX-License-Identifier: Apache-2.0
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from server_judge import judge_of, judges

ROOT = pathlib.Path(__file__).resolve().parents[2]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))
SAMPLE = ROOT / "tests/clinic/records_v1/backup.jsonl"
PASSWORD = "a pump in every port"
ACCOUNTS = {"nurse": "nina", "physician": "phil", "pharmacist": "fay", "auditor": "otto", "admin": "ada"}
UNSAFE = ("POST", "PUT", "DELETE")


made = []  # the first file of records that was made; others are copies of it: passwords cost time


def records_make(folder):
    """Records with an account of every role, in a file of that folder; or in the PostgreSQL that CISTERNA_TEST_DB names."""
    url = os.environ.get("CISTERNA_TEST_DB", str(folder / "records.db"))
    if made and not url.startswith("postgresql:"):
        pathlib.Path(url).write_bytes(made[0])
        return url
    word = folder / "password"
    word.write_text(PASSWORD)
    if url.startswith("postgresql:"):
        subprocess.run(["psql", "-q", url, "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public"], check=True,
                       capture_output=True)
    subprocess.run([CISTERNA, "records", "restore", SAMPLE, "--db", url], check=True, capture_output=True)
    for role in ("nurse", "physician", "pharmacist"):
        subprocess.run([CISTERNA, "records", "users", "add", ACCOUNTS[role], "--role", role, "--db", url, "--user", "ada",
                        "--passphrase-file", word, "--new-passphrase-file", word], check=True, capture_output=True)
    if not url.startswith("postgresql:"):
        made.append(pathlib.Path(url).read_bytes())
    return url


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def kind(self):
        """The last part of a problem's type."""
        return self.json["type"].rsplit(":", 1)[1]


class Person:
    """Somebody at a browser: a session's cookie and its token. Each request has a connection of its own."""

    def __init__(self, server, cookie=None, csrf=None):
        self.server, self.cookie, self.csrf = server, cookie, csrf

    def headers(self, method, changes):
        headers = {"Host": self.server.host, "Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        if method in UNSAFE:
            headers["Origin"] = f"http://{self.server.host}"
        headers.update(changes)
        return headers

    def ask(self, method, path, body=None, headers=None, raw=None):
        """One request; `body` as JSON, `raw` as it stands. A header of None is left out."""
        given = self.headers(method, headers or {})
        if body is not None:
            raw = json.dumps(body).encode()
            given.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.server.address, self.server.port, timeout=60)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if raw is not None or method in UNSAFE:
            given.setdefault("Content-Length", str(len(raw or b"")))
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(raw)
        with connection.getresponse() as response:
            answer = Answer(response, response.read())
        connection.close()
        judge_of(self.server, CISTERNA).answer(method, path, answer)
        return answer

    def stream(self, path):
        """An open stream of events; its response has to be closed."""
        connection = http.client.HTTPConnection(self.server.address, self.server.port, timeout=60)
        headers = self.headers("GET", {"Connection": "close"})  # so that the response alone keeps the socket
        connection.request("GET", path, headers={name: value for name, value in headers.items() if value is not None})
        return connection.getresponse()


def events(response):
    """The events of a stream as they come: (kind, data)."""
    kind, judge = None, judges[CISTERNA]  # whoever has a stream has signed in
    for line in response:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            judge.event(kind, json.loads(value))
            yield kind, json.loads(value)


class Server:
    def __init__(self, url, *options, listen="127.0.0.1:0", environment=None):
        self.messages = tempfile.TemporaryFile()
        self.process = subprocess.Popen([CISTERNA, "clinic", "--db", url, "--listen", listen, *options], stdout=subprocess.PIPE,
                                        stderr=self.messages, text=True, env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline().strip()
        assert line.startswith("http://"), self.said()
        self.host = line.removeprefix("http://")
        self.address, self.port = "127.0.0.1", int(self.host.rsplit(":", 1)[1])

    def said(self):
        self.messages.seek(0)
        return self.messages.read().decode()

    def nobody(self):
        return Person(self)

    def sign_in(self, name, password=PASSWORD):
        person = Person(self)
        answer = person.ask("POST", "/api/sign-in", {"name": name, "password": password})
        assert answer.status == 200, (answer.status, answer.body, self.said())
        person.cookie = answer.headers["Set-Cookie"].split(";")[0]
        person.csrf = answer.json["csrf"]
        return person

    def memory_kib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    def stop(self, how=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait()
        self.process.stdout.close()
        return code

    def end(self):
        """Its exit code, and all it has said."""
        code, said = self.stop(), self.said()
        self.messages.close()
        return code, said


class ServerCase(unittest.TestCase):
    """One server for a class; it ends as it should and has said nothing that a sanitizer says."""
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="clinic-")
        cls.url = records_make(pathlib.Path(cls.folder.name))
        cls.server = Server(cls.url, *cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        code, said = cls.server.end()
        cls.folder.cleanup()
        assert code == 0, (code, said)
        assert "Sanitizer" not in said, said
