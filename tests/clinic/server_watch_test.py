"""server_watch_test.py - virtual pumps over their sockets, readers' keys, the server, and a stream: what a pump tells arrives,
and when it falls silent the stream says so and goes on telling the age of what it shows; the others are asked as before.
What their logs tell gets into the records, where there is a key file for that.
REQ-ALRM-14, REQ-LINK-08, REQ-STOR-06, HZ-33, HZ-38."""
# SPDX-License-Identifier: Apache-2.0
import itertools
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from server_common import CISTERNA, PASSWORD, ROOT, Server, events, records_make

SERIAL, PASSPHRASE = "SIM-0042", "a horse without a battery"


class Watch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watch-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.keys, self.environment = self.folder / "keys", {"CISTERNA_PASSPHRASE": PASSPHRASE}

    def pump(self, radio, serial):
        """A virtual pump and a reader's key for it. Its time runs faster, so that its bounds on sessions do not hold the test
        up."""
        radio.mkdir(parents=True)
        pump = subprocess.Popen([CISTERNA, "pump", "--state", radio, "--serial", serial, "--speed", "100", "--quiet"],
                                cwd=ROOT, stderr=subprocess.DEVNULL)
        self.addCleanup(pump.wait)
        self.addCleanup(pump.kill)
        while not (radio / "card.txt").exists() or not (radio / "magnet").exists():
            self.assertIsNone(pump.poll(), "the pump is not there")
        ran = self.desk("pair", "--radio", radio, "--role", "reader", "--card-file", radio / "card.txt", "--label", "clinic")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return pump

    def desk(self, *words):
        return subprocess.run([CISTERNA, *words, "--keys", self.keys], cwd=ROOT, capture_output=True, text=True, check=False,
                              env={**os.environ, **self.environment})

    def server(self, radio, *options):
        return Server(records_make(self.folder), "--radio", radio, "--keys", self.keys, "--heartbeat", "0.5 s", *options,
                      environment=self.environment)

    def end(self, server):
        code, said = server.end()
        self.assertEqual((code, "Sanitizer" in said), (0, False), said)
        return said

    def test_state_comes_and_silence_is_told(self):
        radio = self.folder / "pump"
        pump = self.pump(radio, SERIAL)
        server = self.server(radio, "--every", "1 s", "--pump", SERIAL)
        person = server.sign_in("nina")
        with person.stream(f"/api/pumps/{SERIAL}/events") as response:
            told = events(response)
            states = list(itertools.islice((data for kind, data in told if kind == "state"), 2))
            self.assertEqual([state["state"]["pump"] for state in states], [SERIAL] * 2)
            self.assertEqual(states[0]["state"]["mode"], "new")
            self.assertFalse(states[1]["silent"])
            self.assertGreater(states[1]["state"]["now_ms"], states[0]["state"]["now_ms"])
            pump.send_signal(signal.SIGKILL)
            silent = next(data for kind, data in told if kind == "age" and data["silent"])
            later = next(data for kind, data in told if kind == "age")
        self.assertIn("does not answer", silent["fault"])
        self.assertGreaterEqual(int(later["age"].split()[0]), int(silent["age"].split()[0]))
        watched = person.ask("GET", "/api/pumps").json["watched"]
        self.assertEqual([(pump["serial"], pump["silent"]) for pump in watched], [(SERIAL, True)])
        self.end(server)

    def test_all_of_a_folder_are_asked_and_one_that_stops_hides_no_other(self):
        radios = self.folder / "radios"
        serials = ["SIM-0001", "SIM-0002", "SIM-0003"]
        pumps = {serial: self.pump(radios / serial, serial) for serial in serials}
        server = self.server(radios, "--every", "1 s")
        person = server.sign_in("nina")
        streams = {serial: self.enterContext(person.stream(f"/api/pumps/{serial}/events")) for serial in serials}
        told = {serial: events(stream) for serial, stream in streams.items()}
        for serial in serials:
            state = next(data for kind, data in told[serial] if kind == "state")
            self.assertEqual(state["state"]["pump"], serial)
        # It stands still with its sockets open: the worst kind of silence.
        pumps["SIM-0002"].send_signal(signal.SIGSTOP)
        silent = next(data for kind, data in told["SIM-0002"] if kind == "age" and data["silent"])
        self.assertIn("did not answer", silent["fault"])
        for serial in ("SIM-0001", "SIM-0003"):
            for _ in range(2):
                state = next(data for kind, data in told[serial] if kind == "state")
                self.assertEqual((state["state"]["pump"], state["silent"]), (serial, False))
        watched = {pump["serial"]: pump["silent"] for pump in person.ask("GET", "/api/pumps").json["watched"]}
        self.assertEqual(watched, {"SIM-0001": False, "SIM-0002": True, "SIM-0003": False})
        # Heard again, it is no longer silent.
        pumps["SIM-0002"].send_signal(signal.SIGCONT)
        state = next(data for kind, data in told["SIM-0002"] if kind == "state" and not data["silent"])
        self.assertEqual(state["state"]["pump"], "SIM-0002")
        said = self.end(server)
        self.assertEqual((said.count("pump SIM-0002: "), said.count("SIM-0002 answers again")), (1, 1), said)

    def test_the_command_line_uses_the_same_keys_meanwhile(self):
        radios = self.folder / "radios"
        self.pump(radios / SERIAL, SERIAL)
        server = self.server(radios, "--every", "0.05 s")
        person = server.sign_in("nina")
        with person.stream(f"/api/pumps/{SERIAL}/events") as response:
            told = events(response)
            next(data for kind, data in told if kind == "state")
            ran = self.desk("pair", "--radio", radios / SERIAL, "--role", "clinician", "--card-file",
                            radios / SERIAL / "card.txt", "--label", "ward")
            self.assertEqual(ran.returncode, 0, ran.stderr)
            ran = self.desk("stop", "--radio", radios / SERIAL, "--role", "clinician")
            self.assertEqual(ran.returncode, 0, ran.stderr)
            stopped = next(data for kind, data in told if kind == "state" and data["state"]["mode"] == "stopped")
            self.assertEqual(stopped["state"]["pump"], SERIAL)
        self.end(server)

    def records_key(self, url):
        """A key file that opens the records."""
        key, word = self.folder / "records.key", self.folder / "password"
        ran = subprocess.run([CISTERNA, "records", "key", key, "--db", url, "--user", "ada", "--passphrase-file", word],
                             capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return key

    def test_what_pumps_log_is_kept_with_nobody_signed_in_who_could(self):
        radios, url = self.folder / "radios", records_make(self.folder)
        for serial in (SERIAL, "SIM-0007"):  # the second is nobody's
            self.pump(radios / serial, serial)
        (self.folder / "password").write_text(PASSWORD)
        options = ["--radio", radios, "--keys", self.keys, "--every", "1 s", "--records-key", self.records_key(url)]
        server = Server(url, *options, environment=self.environment)
        implant = {"serial": SERIAL, "model": "C40", "implanted": "2026-03-01T12:00:00Z"}
        answer = server.sign_in("nina").ask("POST", "/api/patients/1/implants", implant)
        self.assertEqual(answer.status, 201, answer.body)
        number = answer.json["id"]
        server.end()
        ran = self.desk("pair", "--radio", radios / SERIAL, "--role", "clinician", "--card-file", radios / SERIAL / "card.txt",
                        "--label", "ward")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(self.desk("stop", "--radio", radios / SERIAL, "--pump", SERIAL, "--role", "clinician").returncode, 0)
        server = Server(url, *options, environment=self.environment)
        auditor = server.sign_in("otto")  # whose session can write no log
        kept = []
        with auditor.stream(f"/api/pumps/{SERIAL}/events") as response:
            for _ in events(response):
                kept = auditor.ask("GET", f"/api/implants/{number}/log?limit=100").json["items"]
                if any(item["event"]["event"] == "mode" for item in kept):
                    break
        with auditor.stream("/api/pumps/SIM-0007/events") as response:
            next(data for kind, data in events(response) if kind == "state")
        said = self.end(server)
        ran = self.desk("log", "--radio", radios / SERIAL, "--pump", SERIAL, "--role", "clinician", "--json")
        told = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual([(item["event"]["sequence"], item["event"]["event"], item["event"]["pump_ms"]) for item in kept],
                         [(event["sequence"], event["event"], event["tick_ms"]) for event in told[:len(kept)]])
        self.assertEqual(said.count("pump SIM-0007: its log is not kept: "), 1, said)
        self.assertNotIn(f"pump {SERIAL}: its log", said)
        ran = subprocess.run([CISTERNA, "records", "verify", "--db", url, "--key-file", self.folder / "records.key"],
                             capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_refuses_to_start_without_its_keys(self):
        url, open_to_all, other = records_make(self.folder), self.folder / "open", self.folder / "other"
        self.pump(self.folder / "pump", SERIAL)
        other.write_text("5a" * 32 + "\n")
        other.chmod(0o600)
        open_to_all.write_text("5a" * 32 + "\n")
        open_to_all.chmod(0o644)
        keys = ["--radio", self.folder / "pump", "--keys", self.keys]
        for options, code, why in (
                (["--radio", self.folder, "--keys", self.folder / "nothing"], 1, "there is no such file; pair with a pump first"),
                (["--patient-page", "http://127.0.0.1:8081"], 2, "--patient-page needs a serial and an address"),
                (["--patient-page", "SIM-0001=http://example.org"], 2, "--patient-page needs a serial and an address"),
                (["--records-key", other], 2, "--records-key needs --radio"),
                ([*keys, "--records-key", self.folder / "nothing"], 1, "No such file or directory"),
                ([*keys, "--records-key", open_to_all], 3, "others can read this key file"),
                ([*keys, "--records-key", other], 1, "key file")):
            ran = subprocess.run([CISTERNA, "clinic", "--db", url, "--listen", "127.0.0.1:0", *options], capture_output=True,
                                 text=True, check=False, env={**os.environ, **self.environment})
            self.assertEqual((ran.returncode, ran.stdout), (code, ""), ran.stderr)
            self.assertIn(why, ran.stderr)


if __name__ == "__main__":
    unittest.main()
