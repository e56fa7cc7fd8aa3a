"""server_task_lost_test.py - the link is lost in the middle of a workflow. REQ-LINK-04, HZ-17, HZ-28."""
# SPDX-License-Identifier: Apache-2.0
import json
import select
import signal
import socket
import threading
import unittest

from server_common import Server
from server_ward import SERIAL, THERAPY, Ward


class Link(threading.Thread):
    """Between the server and the sockets of a pump: passes so many frames of the pump, and then nothing either way."""

    def __init__(self, folder, behind):
        super().__init__(daemon=True)
        self.behind, self.passed, self.listeners = behind, None, {}
        folder.mkdir()
        for name in ("near", "far"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(folder / name))
            listener.listen(4)
            self.listeners[listener] = name

    def run(self):
        while True:
            for listener in select.select(list(self.listeners), [], [])[0]:
                server, _ = listener.accept()
                threading.Thread(target=self.carry, args=(server, self.listeners[listener]), daemon=True).start()

    def carry(self, server, name):
        with socket.socket(socket.AF_UNIX) as pump, server:
            pump.connect(str(self.behind / name))
            while True:
                for end in select.select([server, pump], [], [])[0]:
                    data = end.recv(4096)
                    if not data:
                        return
                    if end is pump and self.passed is not None:
                        self.passed -= data.count(0)
                    if self.passed is None or self.passed >= 0:
                        (server if end is pump else pump).sendall(data)


class Lost(Ward):
    """The link is lost in the middle of a change."""
    link = None

    def server_start(self, *options):
        if self.link is None:
            self.link = Link(self.folder / "air", self.radio)
            self.link.start()
        self.link.passed = None
        self.server = Server(self.url, "--radio", self.folder / "air", "--keys", self.keys, "--patience", "40 ms", *options,
                             environment=self.environment)
        self.addCleanup(self.server_end)
        self.nina, self.phil = self.server.sign_in("nina"), self.server.sign_in("phil")

    def test_an_outcome_is_unknown_until_it_is_found_out(self):
        self.implanted()
        now, other, changes = "5 mg/day", "5.5 mg/day", []
        for passed in range(4):
            self.programmed(other, other)
            card = self.task(self.nina, "/finish")
            self.assertEqual(card["step"], "readback", card)
            self.link.passed = passed
            card = self.task(self.nina, "/readback", amount=other)
            changes.append(card["change"])
            if card["change"] == "unknown":
                self.assertTrue(card["fate"] and card["fault"], card)
                self.assertEqual(card["wants"], "interrogate")
                gone = self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/abandon", {"claim": self.token})
                self.assertEqual((gone.status, gone.kind), (409, "unknown-outcome"))
                self.assertEqual(self.visits()[0]["outcome"], "unknown")
            self.link.passed = None
            while card["wants"] != "nothing":
                card = self.task(self.nina, "/again")
            self.assertIn(card["change"], ("applied", "not_applied"), card)
            gives = json.loads(self.desk("status", "--json"))["drugs"]["morphine"]["dose_at_this_flow"]
            self.assertEqual(self.visits()[0]["outcome"], card["change"])
            self.assertEqual(gives, other if card["change"] == "applied" else now, passed)
            if card["change"] == "applied":
                now, other = other, now
        self.assertIn("unknown", changes)

    def test_nothing_but_the_way_down_while_an_outcome_is_unknown(self):
        """The answer is lost, then the server, then its keys; and another programmer has changed the therapy meanwhile."""
        self.implanted()
        self.programmed("5.5 mg/day", "5.5 mg/day")
        self.task(self.nina, "/finish")
        self.link.passed = 1
        self.assertEqual(self.task(self.nina, "/readback", amount="5.5 mg/day")["change"], "unknown")
        self.server.stop(signal.SIGKILL)
        self.server.messages.close()
        self.keys.unlink()
        self.desk("pair", "--role", "clinician", "--card-file", self.radio / "card.txt", "--label", "other")
        therapy = {**THERAPY, "program": {"kind": "continuous", "dose": "5.2 mg/day"}, "name": "morphine 5.2 mg/day"}
        (self.folder / "therapy.json").write_text(json.dumps(therapy))
        self.desk("program", self.folder / "therapy.json", "--yes")
        self.server_start()
        self.assertEqual(self.visits()[0]["outcome"], "unknown")
        self.claim(self.nina)
        card = self.task(self.nina, workflow="program")
        self.assertEqual((card["ending"], card["wants"]), ("abandoned", "nothing"), card)
        self.assertIn("it is not known whether", card["fault"])
        self.assertEqual(self.task(self.nina, workflow="emergency")["step"], "lower")


if __name__ == "__main__":
    unittest.main()
