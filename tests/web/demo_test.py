"""demo_test.py - `cisterna demo` as a person starts it: it comes up, it is killed in the middle of everything, and it goes on
with the same pumps, accounts and records."""
# SPDX-License-Identifier: Apache-2.0
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))


class Demo(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="demo-")
        self.addCleanup(folder.cleanup)
        self.state = pathlib.Path(folder.name) / "some" / "where"

    def start(self, beside=None, **environment):
        process = subprocess.Popen([CISTERNA, "demo", "--state", self.state, "--listen", "127.0.0.1:0", "--speed", "60",
                                    "--every", "3 s"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **environment})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)  # it waits for those it started, which write into the folder to the last
        if beside is not None:
            beside(process)
        told = ""
        while "Ready after" not in told:
            line = process.stdout.readline()
            self.assertNotEqual(line, "", process.stderr.read() if process.poll() is not None else told)
            told += line
        self.told = told
        self.assertIn("SIMULATION. Not a medical device; never for use in people.", told)
        return process, re.search(r"http://(\S+)", told)[1], dict(re.findall(r"^  (\w+) +(\S+) +\w+$", told, re.MULTILINE))

    def test_it_tells_how_long_it_took_since_run_began(self):
        self.start(CISTERNA_RUN_BEGAN_MS=str(round(time.time() * 1000) - 100000))
        told = re.search(r"^Ready after \d+\.\d s, (\d+\.\d) s after \./run began\.", self.told, re.MULTILINE)
        self.assertGreater(float(told[1]), 100)

    def stalled(self, process):
        """The first pump, once it is paired: it stands still for longer than a programmer at a bedside would wait."""
        while process.poll() is None:
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for child in children:
                try:
                    name = pathlib.Path(f"/proc/{child}/comm").read_text().strip()
                    logs = [log.read_text() for log in self.state.glob("making-*/demo.log")]
                except OSError:  # it has just ended, or has just got its name
                    continue
                if name == "pump SIM-0001" and any("clock" in log for log in logs):
                    os.kill(int(child), signal.SIGSTOP)
                    threading.Timer(9, os.kill, (int(child), signal.SIGCONT)).start()
                    return
            time.sleep(0.01)

    def test_a_machine_with_much_to_do_makes_it_too(self):
        self.start(beside=self.stalled)

    def test_the_patients_page_is_there_and_the_clinics_pages_link_to_it(self):
        _, host, passwords = self.start()
        page = re.search(r"(http://\S+)  the page of Maren Holt", self.told)[1]
        self.assertNotIn(host, page)
        connection = http.client.HTTPConnection(page.removeprefix("http://"), timeout=60)
        connection.request("GET", "/")
        with connection.getresponse() as response:
            self.assertEqual(response.status, 200)
            self.assertIn("Call the emergency number", response.read().decode())
        connection.close()
        _, cookie = self.ask(host, "POST", "/api/sign-in", {"name": "nina", "password": passwords["nina"]})
        self.assertEqual(self.ask(host, "GET", "/api/pumps/SIM-0001", cookie=cookie)[0]["patient_page"], page)
        self.assertIsNone(self.ask(host, "GET", "/api/pumps/SIM-0002", cookie=cookie)[0]["patient_page"])

    def ask(self, host, method, path, body=None, cookie=None):
        connection = http.client.HTTPConnection(host, timeout=60)
        headers = {"Origin": f"http://{host}", "Content-Type": "application/json", **({"Cookie": cookie} if cookie else {})}
        connection.request(method, path, json.dumps(body) if body else None, headers if body or cookie else {})
        with connection.getresponse() as response:
            answer = json.loads(response.read())
            self.assertEqual(response.status, 200, answer)
            cookie = (response.headers["Set-Cookie"] or "").split(";")[0]
        connection.close()
        return answer, cookie

    def ward(self, host, password):
        """All three pumps, once each has been heard."""
        _, cookie = self.ask(host, "POST", "/api/sign-in", {"name": "nina", "password": password})
        while True:
            pumps = self.ask(host, "GET", "/api/ward", cookie=cookie)[0]["pumps"]
            if all(pump["state"] for pump in pumps):
                return {pump["serial"]: pump for pump in pumps}

    def test_killed_it_goes_on_with_the_same_pumps(self):
        process, host, passwords = self.start()
        self.assertEqual(set(passwords), {"ada", "nina", "phil", "otto"})
        before = self.ward(host, passwords["nina"])
        self.assertEqual(set(before), {"SIM-0001", "SIM-0002", "SIM-0003"})
        said = ""
        for _ in range(3):  # within one of the pumps' days: three resets to them, which the demo's clinician looks at
            process.send_signal(signal.SIGKILL)
            process.wait()
            said += process.stderr.read()
            process, host, again = self.start()
        self.assertEqual(again, passwords)
        after = self.ward(host, again["nina"])
        for serial, pump in before.items():
            state, now = pump["state"], after[serial]["state"]
            self.assertEqual((now["mode"], now["therapy"], now["day"]), ("running", state["therapy"], state["day"]))
            self.assertGreater(now["now_ms"], state["now_ms"])
            self.assertLessEqual(float(now["reservoir_calculated"].split()[0]), float(state["reservoir_calculated"].split()[0]))
            self.assertEqual((after[serial]["patient"], after[serial]["refilled"]), (pump["patient"], pump["refilled"]))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)
        self.assertEqual((said + process.stderr.read()).count("its therapy is resumed"), 3)

    def desk(self, serial, *words):
        demo = self.state / "demo"
        ran = subprocess.run([CISTERNA, *words, "--radio", demo / "radios" / serial, "--keys", demo / "keys", "--passphrase-file",
                              demo / "passphrase", "--pump", serial, "--role", "clinician"], capture_output=True, text=True,
                             check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def test_what_a_clinician_had_stopped_stays_so(self):
        process, _, _ = self.start()
        self.desk("SIM-0001", "stop")
        self.desk("SIM-0002", "minimum")
        said = ""
        for _ in range(3):  # one start is the first: it is at the second of these that three are there
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(), 0)
            said += process.stderr.read()
            process, _, _ = self.start()
        modes = [json.loads(self.desk(serial, "status", "--json"))["mode"] for serial in ("SIM-0001", "SIM-0002", "SIM-0003")]
        self.assertEqual(modes, ["stopped", "safe", "running"])
        self.assertIn("SIM-0001 had three starts within a day of its own: that alarm is cleared; it stays stopped", said)
        self.assertIn("it stays safe: it did not run before", said)
        self.assertEqual(said.count("its therapy is resumed"), 1)
        # One whose cell is empty cannot be asked: the others go on.
        subprocess.run([CISTERNA, "twin", "--state", self.state / "demo/radios/SIM-0003", "battery", "0 %"], check=True,
                       capture_output=True)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)
        process, _, _ = self.start()
        self.desk("SIM-0001", "status")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)
        self.assertIn("pump SIM-0003 could not be asked for an alarm of three starts", process.stderr.read())

    def test_a_second_one_in_the_same_folder_is_refused(self):
        self.start()
        ran = subprocess.run([CISTERNA, "demo", "--state", self.state, "--listen", "127.0.0.1:0"], capture_output=True, text=True,
                             check=False)
        self.assertEqual((ran.returncode, ran.stdout), (1, ""), ran.stderr)
        self.assertIn("another demo runs in this folder", ran.stderr)

    def test_usage(self):
        for words, said in ((["--speed", "0"], "whole number"), (["--speed", "fast"], "whole number"),
                            (["x"], "takes options only"), (["--nothing"], "unknown option"),
                            (["--state", ""], "needs a folder")):
            ran = subprocess.run([CISTERNA, "demo", *words], capture_output=True, text=True, check=False)
            self.assertEqual((ran.returncode, ran.stdout), (2, ""), ran.stderr)
            self.assertIn(said, ran.stderr)


if __name__ == "__main__":
    unittest.main()
