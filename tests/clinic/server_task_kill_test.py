"""server_task_kill_test.py - a server that is killed while it changes a pump: whatever the instant, records and pump agree
afterwards on what became of the change, once somebody has looked. REQ-LINK-04, HZ-17, HZ-28.

    server_task_kill_test.py [--kills N] [--seed N]"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import random
import signal
import sys
import threading
import time
import unittest

from server_ward import MORPHINE, SERIAL, THERAPY, Ward

ASKED = argparse.Namespace(kills=6, seed=1)


class Kills(Ward):
    def drafted(self, dose):
        """Everything said but the read-back."""
        self.assertEqual(self.begun(self.nina, "program")["step"], "therapy")
        therapy = {**THERAPY, "program": {"kind": "continuous", "dose": dose}, "name": f"morphine {dose}"}
        self.task(self.nina, "/therapy", therapy=therapy)
        self.assertEqual(self.task(self.nina, "/finish")["step"], "readback")

    def kill_within(self, seconds, dose):
        """Sends the read-back, and kills the server so long after."""
        def send():
            try:
                self.nina.ask("POST", f"/api/pumps/{SERIAL}/task/readback", {"claim": self.token, "amount": dose})
            except OSError:
                pass  # it is gone before it could answer
        sending = threading.Thread(target=send)
        sending.start()
        time.sleep(seconds)
        self.server.stop(signal.SIGKILL)
        sending.join()
        self.server.messages.close()

    def looked(self):
        """What the pump gives, by its own word, after a person has looked at it over the server: every visit is settled."""
        self.server_start()
        self.claim(self.nina)
        card = self.identify(self.task(self.nina, workflow="program"), self.nina, MORPHINE)
        self.assertEqual(card["step"], "therapy", card)
        self.task(self.nina, "/abandon")
        return card["pump"]["doses"][0]["most_in_a_day"]

    def test_records_and_pump_agree_after_every_kill(self):
        chance, counts = random.Random(ASKED.seed), {}
        self.implanted()
        now, other = "5 mg/day", "5.5 mg/day"
        for number in range(ASKED.kills):
            self.drafted(other)
            before = len(self.visits())
            self.kill_within(chance.uniform(0, 0.15), other)
            gives = self.looked()
            self.assertIn(gives, (now, other))
            visits = self.visits()
            self.assertNotIn("unknown", [visit["outcome"] for visit in visits], (number, visits))
            self.assertNotIn("open", [visit["outcome"] for visit in visits], (number, visits))
            new = visits[:len(visits) - before]
            self.assertLessEqual(len(new), 1)
            said = new[0]["outcome"] if new else "nothing"
            self.assertEqual(gives == other, said == "applied", (number, gives, new))
            counts[said] = counts.get(said, 0) + 1
            if gives == other:
                now, other = other, now
        print(f"{ASKED.kills} kills, seed {ASKED.seed}: {counts}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=ASKED.kills)
    parser.add_argument("--seed", type=int, default=ASKED.seed)
    parser.parse_args(namespace=ASKED)
    suite = unittest.TestSuite([Kills("test_records_and_pump_agree_after_every_kill")])
    sys.exit(not unittest.TextTestRunner().run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
