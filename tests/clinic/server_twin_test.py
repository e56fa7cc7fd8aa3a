"""server_twin_test.py - the simulation behind a pump, over HTTP: what is told and done, what is refused and why, what the audit
says of it, and a pump or an asker that does not answer. Every answer is held against the server's own document."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import signal
import socket
import subprocess
import threading
import time
import unittest

from server_common import CISTERNA, ROOT
from server_ward import SERIAL, Ward

TWIN = f"/api/pumps/{SERIAL}/twin"


class Twin(Ward):
    def site(self):
        os.symlink(self.radio, self.folder / SERIAL)  # a folder of pumps, for --twins
        return ("--control",), ("--twins", self.folder)

    def look(self, person=None):
        answer = (person or self.nina).ask("GET", TWIN)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def act(self, person=None, **body):
        return (person or self.nina).ask("POST", TWIN, body)

    def does(self, person=None, **body):
        answer = self.act(person, **body)
        self.assertEqual((answer.status, answer.json), (200, {"done": True}), answer.body)

    def refused(self, words, **body):
        answer = self.act(**body)
        self.assertEqual((answer.status, answer.kind), (422, "refused"), answer.body)
        self.assertIn(words, answer.json["detail"])

    def test_truth_and_acts_leave_rows_of_the_audit(self):
        self.assertEqual(self.act(do="radio", on=True).status, 404)  # no record knows this pump: whom would it be done to?
        self.implanted()
        told = self.nina.ask("GET", f"/api/pumps/{SERIAL}").json
        self.assertIs(told["twin"], True)
        self.assertEqual((self.look()["serial"], self.look()["troubles"], self.look()["moments"]), (SERIAL, [], []))
        self.does(do="fault", fault="kink", on=True, amount="20 %")
        self.does(self.phil, do="battery", left="40 %")
        self.does(do="migrate", level="T10")
        self.does(do="infection", on=True)
        self.does(do="infection", on=False)
        view = self.look(self.phil)
        self.assertEqual([(one["name"], one["amount"]) for one in view["troubles"]],
                         [("kink", "20 %"), ("battery", "40 %"), ("migration", "T10")])
        self.assertEqual((view["catheter"]["passes"], view["catheter"]["tip_level"]), (0.2, "T10"))
        self.assertEqual(view["drugs"][0]["drug"], "morphine")
        self.does(do="fault", fault="kink", on=False)
        self.does(do="save", name="here")
        self.assertEqual([one["name"] for one in self.look()["moments"]], ["here"])
        self.refused("already", do="save", name="here")
        self.refused("never charged", do="battery", left="90 %")
        self.refused("amount", do="fault", fault="kink", on=True)
        self.refused("1 to 1000000", do="speed", speed="0")
        self.refused("kink", do="fault", fault="kinky", on=True, amount="1 %")
        for body in ({"do": "look"}, {"do": "fork"}, {}, {"do": "speed", "fast": "1"}, {"do": "radio", "on": "no"}):
            answer = self.act(**body)
            self.assertIn(answer.status, (400, 503), (body, answer.body))  # fork: nobody makes pumps here
        ada, rows, start = self.server.sign_in("ada"), [], 1
        while start:
            page = ada.ask("GET", f"/api/audit?limit=100&from={start}").json
            rows, start = rows + [row for row in page["rows"] if row["action"].startswith("twin_")], page["next"]
        done = [row["action"] for row in rows]
        self.assertEqual(done, ["twin_fault", "twin_battery", "twin_migrate", "twin_infection", "twin_infection", "twin_fault",
                                "twin_save", "twin_save",
                                "twin_battery", "twin_fault", "twin_speed", "twin_fault", "twin_fork"])
        twins = [row["twin"] for row in rows]
        self.assertEqual([(one["said"], one["outcome"]) for one in twins],
                         [("fault kink, on, amount 20 %", "done"), ("left 40 %", "done"), ("level T10", "done"),
                          ("on", "done"), ("off", "done"),
                          ("fault kink, off", "done"), ("name here", "done"), ("name here", "refused"),
                          ("left 90 %", "refused"), ("fault kink, on", "refused"), ("speed 0", "refused"),
                          ("fault kinky, on, amount 1 %", "refused"), ("nothing more was said", "unanswered")])
        self.assertEqual({one["implant"] for one in twins}, {told["implant"]})
        users = [row["user"] for row in rows]
        self.assertEqual((len(set(users)), users[1] == users[0]), (2, False))  # the battery was phil's
        self.assertTrue(self.server.sign_in("otto").ask("POST", "/api/audit/verify").json["whole"])
        self.assertEqual(self.server.sign_in("otto").ask("GET", TWIN).status, 403)

    def test_speed_goes_on_without_a_jump_and_a_skip_lets_the_radio_answer(self):
        self.implanted()
        before = self.look()
        self.does(do="speed", speed="1")
        self.does(do="speed", speed="1000")
        self.does(do="speed", speed="1")
        after = self.look()
        self.assertGreater(after["elapsed_ms"], before["elapsed_ms"])
        self.assertEqual(after["speed"], "1")
        self.does(do="skip", span="20 d")
        self.assertEqual(json.loads(self.desk("status", "--role", "clinician", "--json"))["mode"], "running")
        while self.look()["skipping"] is not None:
            time.sleep(0.05)
        done = self.look()
        self.assertGreaterEqual(done["elapsed_ms"], after["elapsed_ms"] + 20 * 86400000)
        self.assertLess(done["elapsed_ms"], after["elapsed_ms"] + 21 * 86400000)
        moved = float(after["truth"]["reservoir"].split()[0]) - float(done["truth"]["reservoir"].split()[0])
        self.assertAlmostEqual(moved, 4.0, delta=0.05)  # 20 days of 0.2 mL

    def test_a_pump_without_radio_still_answers_here(self):
        self.implanted()
        self.does(do="radio", on=False)
        ran = subprocess.run([CISTERNA, "status", "--keys", self.keys, "--radio", self.radio, "--patience", "30", "--role",
                              "clinician"], cwd=ROOT, capture_output=True, text=True, check=False,
                             env={**os.environ, **self.environment})
        self.assertNotEqual(ran.returncode, 0)
        self.assertEqual([one["name"] for one in self.look()["troubles"]], ["radio"])
        self.does(do="radio", on=True)
        self.assertIn("running", self.desk("status", "--role", "clinician"))

    def test_a_dead_cell_ends_the_pump_and_not_its_process(self):
        self.implanted()
        self.does(do="battery", left="0 %")
        self.assertEqual(self.look()["truth"]["battery"], "0 %")
        before = self.look()["truth"]["reservoir"]
        self.does(do="skip", span="10 d")
        while self.look()["skipping"] is not None:
            time.sleep(0.05)
        self.assertEqual(self.look()["truth"]["reservoir"], before)
        self.assertIsNone(self.pump.poll())

    def test_nobody_stops_pump_or_server_by_asking_badly(self):
        self.implanted()
        path = str(self.radio / "control")
        crowd = []
        for text in (b"", b"{", b"x" * 70000, b'{"do":"look"}\n' * 2000, b"\0\n\xff\n[]\n{}\n"):
            for _ in range(8):
                one = socket.socket(socket.AF_UNIX)
                self.addCleanup(one.close)
                one.connect(path)
                one.setblocking(False)
                try:
                    one.send(text)
                except (BrokenPipeError, BlockingIOError):
                    pass
                crowd.append(one)
        self.assertEqual(self.look()["serial"], SERIAL)
        self.assertIn("running", self.desk("status", "--role", "clinician"))
        for one in crowd:
            one.close()
        self.pump.send_signal(signal.SIGSTOP)  # it hears and does not answer
        slow = threading.Thread(target=self.nina.ask, args=("GET", TWIN))
        slow.start()
        answer = self.phil.ask("GET", TWIN)
        self.assertEqual((answer.status, answer.kind), (503, "silent"))
        self.assertEqual(self.phil.ask("GET", "/api/me").status, 200)
        slow.join()
        self.pump.send_signal(signal.SIGCONT)
        self.look()
        self.pump.kill()
        self.pump.wait()
        self.assertEqual(self.phil.ask("GET", TWIN).status, 503)
        for method, body in (("GET", None), ("POST", {"do": "radio", "on": True})):  # no record knows it, and nobody answers
            answer = self.phil.ask(method, "/api/pumps/SIM-9/twin", body)
            self.assertEqual((answer.status, answer.kind), (404, "missing"), answer.body)

    def test_by_hand(self):
        """cisterna twin: the same acts, and exit codes that tell."""
        def twin(*words):
            ran = subprocess.run([CISTERNA, "twin", "--state", self.radio, *words], cwd=ROOT, capture_output=True, text=True,
                                 check=False)
            return ran.returncode, ran.stdout + ran.stderr
        self.assertEqual(json.loads(twin("look")[1])["serial"], SERIAL)
        for words in (("kink", "20 %"), ("kink", "off"), ("stall",), ("stall", "off"), ("speed", "1"), ("radio", "off"),
                      ("radio", "on"), ("save", "now"), ("granuloma",),
                      ("granuloma", "30 %"), ("granuloma", "off"), ("infection",), ("infection", "off"),
                      ("pocket", "50 %"), ("migrate", "T9"), ("battery", "50 %"), ("skip", "1 h")):
            self.assertEqual(twin(*words), (0, '{"done":true}\n'), words)
        for words, code, said in ((("kink", "2"), 1, "amount"), (("kinkk",), 2, "kinkk"), ((), 2, "needs a word"),
                                  (("speed",), 2, "needs a value"), (("save", "../x"), 1, "letters"), (("look", "x"), 2, "look")):
            self.assertEqual(twin(*words)[0], code, words)
            self.assertIn(said, twin(*words)[1])
        self.assertEqual(twin("--state", self.folder / "none", "look")[0], 1)


if __name__ == "__main__":
    unittest.main()
