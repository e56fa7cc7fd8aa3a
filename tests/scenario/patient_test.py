"""patient_test.py - the patient's controller at a virtual pump: its page as a browser asks for it, presses, refusals, silence,
and its death in the middle of a press. REQ-PTNT-01 to -04, HZ-28, HZ-30, HZ-33, HZ-38."""
# SPDX-License-Identifier: Apache-2.0
import concurrent.futures
import datetime
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import threading
import time
import unittest

import common
from desk import FILLING, PASSPHRASE, SERIAL, Desk

PATIENTS = 5  # of the kinds of courses: a bolus that a patient asked for
EMERGENCY = "is very sleepy, cannot be woken, or breathes slowly"


class Air(threading.Thread):
    """Between the controller and the pump's far socket. `deaf`: what the pump answers is lost after so many frames;
    `mute`: what the controller sends is."""

    def __init__(self, folder, behind):
        super().__init__(daemon=True)
        self.behind, self.deaf, self.mute, self.lost = behind, None, None, 0
        folder.mkdir()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / "far"))
        self.listener.listen(4)

    def passed(self, way, data):
        """Frames end with a zero byte."""
        left = getattr(self, way)
        if left is None:
            return data
        frames = data.split(b"\0")[:-1]
        setattr(self, way, max(0, left - len(frames)))
        self.lost += len(frames[left:])
        return b"".join(frame + b"\0" for frame in frames[:left])

    def run(self):
        while True:
            controller, _ = self.listener.accept()
            with socket.socket(socket.AF_UNIX) as pump, controller:
                pump.connect(str(self.behind))
                self.carry(controller, pump)

    def carry(self, controller, pump):
        while True:
            for end in select.select([controller, pump], [], [])[0]:
                data = end.recv(4096)
                if not data:
                    return
                if end is controller:
                    pump.sendall(self.passed("mute", data))
                else:
                    controller.sendall(self.passed("deaf", data))


class Controller:
    def __init__(self, desk, *words, radio=None, every="0.2 s", patience="100 ms"):
        self.desk = desk
        self.process = subprocess.Popen(
            [common.DEV, "patient", "--radio", str(radio or desk.radio), "--keys", str(desk.keys), "--book",
             str(desk.folder / "book"), "--port", "0", "--every", every, "--patience", patience, *words],
            cwd=common.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "CISTERNA_PASSPHRASE": PASSPHRASE})
        desk.addCleanup(self.stop)
        line = self.process.stdout.readline()
        desk.assertTrue(line.startswith("http://127.0.0.1:"), (line, self.process.poll()))
        self.host = line.strip().removeprefix("http://")
        self.csrf = None

    def stop(self, how=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, said = self.process.communicate() if not self.process.stdout.closed else ("", "")
        self.desk.assertNotIn("Sanitizer", said)
        return self.process.returncode

    def ask(self, method, path, body=None, **headers):
        """Status, headers and body."""
        given = {"Host": self.host}
        if method != "GET":
            given |= {"Origin": f"http://{self.host}", "X-CSRF-Token": self.csrf, "Content-Length": str(len(body or ""))}
        if body is not None:
            given["Content-Type"] = "application/json"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", int(self.host.rsplit(":", 1)[1]), timeout=60)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders((body or "").encode())
        with connection.getresponse() as response:
            told = response.status, response.headers, response.read().decode()
        connection.close()
        return told

    def state(self):
        state = json.loads(self.ask("GET", "/api/state")[2])
        self.csrf = state["csrf"]
        return state

    def until(self, wanted, what):
        """The first state of which `wanted` is true."""
        for _ in range(20000):
            state = self.state()
            if wanted(state):
                return state
            time.sleep(0.005)  # a fast machine would have asked so often before a silent pump is asked again
        raise AssertionError((what, state))

    def ready(self):
        return self.until(lambda state: state["ticket"] is not None, "ready")

    def press(self, ticket):
        status, _, body = self.ask("POST", "/api/press", json.dumps({"ticket": ticket}))
        return status, json.loads(body)

    def settled(self):
        return self.until(lambda state: not state["busy"] and state["outcome"] not in ("none", "asking", "unknown"), "settled")


class Patient(Desk):
    def patient(self, **changes):
        """A pump with a therapy in force, and a patient's key."""
        self.pair()
        self.done("clock", "2026-03-01T08:00:00+01:00")
        self.done(*FILLING, "--therapy", self.therapy(**changes), "--yes")
        self.pair(role="patient", label="controller")

    def boluses(self):
        """How many boluses the pump's log tells that a patient was given."""
        said, _ = self.done("log", "--role", "clinician", "--from", "1", "--json")
        told = [json.loads(line) for line in said.splitlines()]
        return [item for item in told if item.get("event") == "course_start" and item["kind"] == PATIENTS]

    def test_a_press_is_one_dose_and_then_it_is_locked_until_a_time(self):
        self.patient()
        controller = Controller(self)
        before = controller.ready()
        self.assertEqual((before["state"], before["title"], before["given"], before["outcome"]), ("ready", "Ready", [], "none"))
        # Five at once, from as many windows: one request.
        with concurrent.futures.ThreadPoolExecutor(5) as windows:
            answers = sorted(status for status, _ in windows.map(lambda _: controller.press(before["ticket"]), range(5)))
        self.assertEqual(answers, [200, 200, 200, 200, 202])
        after = controller.settled()
        self.assertEqual((after["outcome"], after["state"], after["ticket"]), ("applied", "locked", None))
        self.assertEqual(controller.press(before["ticket"])[0], 200)  # a page loaded anew, with the ticket of before
        self.assertEqual(controller.press("0" * 32)[0], 409)
        self.assertEqual(controller.ask("GET", "/")[0], 200)
        (given,) = after["given"]
        self.assertEqual(given["source"], "the pump's receipt")
        when = datetime.datetime.strptime(given["when"], "%Y-%b-%d %H:%M")
        self.assertEqual(when.date(), datetime.date(2026, 3, 1))
        found = re.fullmatch(r"Locked until (\d\d:\d\d)", after["title"])
        self.assertTrue(found, after["title"])
        until = datetime.datetime.combine(when.date(), datetime.time.fromisoformat(found[1]))
        self.assertEqual((until - when - datetime.timedelta(hours=4)) // datetime.timedelta(minutes=1), 1)  # up to the minute
        self.assertEqual(len(self.boluses()), 1)
        self.assertEqual(controller.stop(), 0)
        # Another start knows it, and sends nothing.
        again = Controller(self).until(lambda state: state["state"] == "locked", "locked")
        self.assertEqual((again["given"], again["outcome"]), (after["given"], "applied"))
        self.assertEqual(len(self.boluses()), 1)

    def test_the_limit_of_a_day_is_told_as_such(self):
        self.patient(patient_bolus={"volume": "0.01 mL", "over": "10 min", "lockout": "2 h", "max_per_day": 1, "expiry": "90 d"})
        controller = Controller(self)
        controller.press(controller.ready()["ticket"])
        after = controller.settled()
        self.assertEqual((after["outcome"], after["state"], after["title"]), ("applied", "daily_limit", "Daily limit reached"))
        self.assertRegex(after["detail"], r"possible at \d\d:\d\d tomorrow")

    def test_without_a_prescribed_dose_there_is_none_to_ask_for(self):
        self.patient(patient_bolus=None)
        controller = Controller(self)
        state = controller.until(lambda state: state["state"] == "none", "none")
        self.assertIn("none was prescribed", state["detail"])
        self.assertIsNone(state["ticket"])

    def test_a_silent_pump_is_told_and_nothing_waits_for_it(self):
        self.patient()
        controller = Controller(self, every="5 s")
        before = controller.ready()
        self.pump.send_signal(signal.SIGSTOP)
        self.addCleanup(self.pump.send_signal, signal.SIGCONT)
        self.assertEqual(controller.press(before["ticket"])[0], 202)
        after = controller.settled()
        self.assertEqual((after["outcome"], after["state"], after["ticket"]), ("not_applied", "silent", None))
        self.assertIn("Nothing was sent and nothing was given", after["outcome_text"])
        self.assertIn(after["title"], "Pump not answering")
        self.pump.send_signal(signal.SIGCONT)
        self.assertEqual(controller.ready()["state"], "ready")
        self.assertEqual(self.boluses(), [])

    def lost(self, way, end, patience):
        """A press in the air of which one way is lost after the status; `end` makes of the controller what it will be."""
        self.patient()
        air = Air(self.folder / "air", self.radio / "far")
        air.start()
        controller = Controller(self, radio=self.folder / "air", every="60 s", patience=patience)
        ticket = controller.ready()["ticket"]
        setattr(air, way, 1)  # the status passes, and nothing after it
        self.assertEqual(controller.press(ticket)[0], 202)
        # Written down before it is sent; then a frame of it is lost, and an answer is waited for.
        book = self.folder / "book"
        controller.until(lambda _: book.exists() and '"asked"' in book.read_text() and air.lost > 0, "asked")
        return end(controller, air)

    def killed(self, controller, air):
        controller.stop(signal.SIGKILL)
        air.deaf = air.mute = 0
        silent = Controller(self, radio=self.folder / "air", every="60 s")
        state = silent.until(lambda state: state["state"] == "silent", "silent")
        self.assertEqual((state["outcome"], state["ticket"], state["given"]), ("unknown", None, []))
        self.assertIn("It is not known whether the pump gave", state["outcome_text"])
        silent.stop()
        return Controller(self).until(lambda state: state["outcome"] != "unknown" and state["state"] != "silent", "settled")

    def survived(self, controller, air):
        state = controller.until(lambda state: state["outcome"] == "unknown", "unknown")
        self.assertEqual((state["ticket"], state["given"]), (None, []))
        controller.stop()
        del air
        return Controller(self).settled()

    def test_killed_in_the_middle_of_a_press_that_arrived(self):
        state = self.lost("deaf", self.killed, "10 s")
        self.assertEqual((state["outcome"], len(state["given"]), state["state"]), ("applied", 1, "locked"))
        self.assertEqual(len(self.boluses()), 1)

    def test_killed_in_the_middle_of_a_press_that_did_not(self):
        state = self.lost("mute", self.killed, "10 s")
        self.assertEqual((state["outcome"], state["given"], state["state"]), ("not_applied", [], "ready"))
        self.assertIn("never reached the pump", state["outcome_text"])
        self.assertEqual(self.boluses(), [])

    def test_an_answer_that_is_lost_leaves_it_unknown_until_the_next_contact(self):
        state = self.lost("deaf", self.survived, "100 ms")
        self.assertEqual((state["outcome"], len(state["given"])), ("applied", 1))
        self.assertEqual(len(self.boluses()), 1)

    def test_killed_between_the_book_and_the_key_nothing_was_sent(self):
        self.patient()
        press = {"command": str(2 ** 40), "outcome": "asked", "reasons": 0, "pump_ms": 1000, "earliest_ms": 0, "epoch": 0,
                 "when": ""}
        (self.folder / "book").write_text(json.dumps({"cisterna_patient": 1, "pump": SERIAL, "presses": [press]}))
        state = Controller(self).settled()
        self.assertEqual((state["outcome"], state["state"], self.boluses()), ("not_applied", "ready", []))

    def test_an_alarm_stands_in_plain_words_and_its_sound_can_be_paused(self):
        self.patient(reservoir_low="18 mL")
        controller = Controller(self, "--refill", "2026-05-20")
        state = controller.until(lambda state: state["alarms"], "alarm")
        self.assertRegex(state["refill"], r"^Your clinic's date: 2026-May-20\. By calculation, .* is used up on 2026-May-\d\d\.")
        (alarm,) = state["alarms"]
        self.assertEqual((alarm["what"], alarm["priority"]), ("The medicine in your pump is getting low.", "low"))
        self.assertIn("Call your clinic today", alarm["act"])
        self.assertIsNone(state["paused_until"])
        self.assertEqual(controller.ask("POST", "/api/pause")[0], 202)
        state = controller.until(lambda state: state["paused_until"], "paused")
        self.assertEqual((len(state["alarms"]), self.boluses()), (1, []))

    def test_the_pages_need_no_script_and_load_nothing_from_elsewhere(self):
        self.patient()
        controller = Controller(self)
        for path, wanted in (("/", EMERGENCY), ("/about", "Ziconotide is not an opioid, although some leaflets say so.")):
            status, headers, page = controller.ask("GET", path)
            self.assertEqual(status, 200)
            self.assertIn(wanted, page)
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            for loaded in re.findall(r'(?:src|href)="([^"#]+)"', page):
                self.assertTrue(loaded.startswith("/"), loaded)
                self.assertEqual(controller.ask("GET", loaded)[0], 200, loaded)

    def test_whoever_is_not_this_page_is_refused(self):
        self.patient()
        controller = Controller(self)
        ticket = controller.ready()["ticket"]
        body = json.dumps({"ticket": ticket})
        release = re.search(r"/assets/(\w+)/", controller.ask("GET", "/")[2])[1]
        refused = [
            ("GET", "/", None, {"Host": "evil.example"}, 421),
            ("GET", "/api/state", None, {"Host": "127.0.0.1:1"}, 421),
            ("GET", "/api/state", None, {"Sec_Fetch_Site": "cross-site"}, 403),
            ("GET", "/api/state", None, {"Origin": "http://evil.example"}, 403),
            ("POST", "/api/press", body, {"Origin": "http://evil.example"}, 403),
            ("POST", "/api/press", body, {"Origin": None}, 403),
            ("POST", "/api/press", body, {"Sec_Fetch_Site": "same-site"}, 403),
            ("POST", "/api/press", body, {"X_CSRF_Token": None}, 403),
            ("POST", "/api/press", body, {"X_CSRF_Token": "0" * 32}, 403),
            ("POST", "/api/press", body, {"Content_Type": "text/plain"}, 415),
            ("POST", "/api/press", "{}", {}, 400),
            ("POST", "/api/press", body[:-1] + ', "dose": "1 mg"}', {}, 400),
            ("POST", "/api/press", body + " " * 300, {}, 413),
            ("GET", "/api/press", None, {}, 405),
            ("POST", "/api/pause", "{}", {}, 400),
            ("GET", "/api/patients", None, {}, 404),
            ("GET", f"/assets/{release}/app.js", None, {}, 404),
            ("GET", f"/assets/{release}/../state", None, {}, 404),
        ]
        for method, path, given, headers, wanted in refused:
            with self.subTest(method=method, path=path, headers=headers):
                self.assertEqual(controller.ask(method, path, given, **headers)[0], wanted)
        state = controller.state()
        self.assertEqual((state["ticket"], state["outcome"], self.boluses()), (ticket, "none", []))

    def test_it_says_why_it_does_not_start(self):
        self.pair()
        ran = self.desk("patient", "--port", "0")
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertIn("needs --radio", ran.stderr)
        words = ["patient", "--radio", str(self.radio), "--port", "0", "--book", str(self.folder / "book")]
        ran = self.desk(*words)
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertIn("no key of the role patient", ran.stderr)
        self.pair(role="patient", label="controller")
        for text, why in (('{"cisterna_patient": 2, "pump": "SIM-0042", "presses": []}', "a later version"),
                          ('{"cisterna_patient": 1, "pump": "SIM-0001", "presses": []}', "the book of another pump"),
                          ("", "is no book"), ('{"cisterna_patient": 1, "pump": "SIM-0042", "presses": [{}]}', "is no book")):
            (self.folder / "book").write_text(text)
            ran = self.desk(*words)
            self.assertEqual((ran.returncode, ran.stdout), (1, ""))
            self.assertIn(why, ran.stderr)
            self.assertEqual((self.folder / "book").read_text(), text)
        for option, value, why in (("--port", "99999", "65535"), ("--every", "0 s", "above zero"),
                                   ("--every", "soon", "above zero"), ("--refill", "2026-02-30", "needs a date"),
                                   ("--loud", "1", "unknown option")):
            ran = self.desk(*words, option, value)
            self.assertEqual(ran.returncode, 2)
            self.assertIn(why, ran.stderr)


if __name__ == "__main__":
    unittest.main()
