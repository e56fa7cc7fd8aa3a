"""moments_kill_test.py - a pump killed at moments of chance while it keeps moments: each is there whole or not at all, the pump
goes on, and a new one can be made of every one that is there."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))
KILLS, SEED = 24, 7
FILES = {"implant", "body", "therapy", "moment.json", "seal"}


def start(state, *more):
    log = tempfile.TemporaryFile()
    process = subprocess.Popen([CISTERNA, "pump", "--state", state, "--quiet", "--wait", "--control", *more], stderr=log)
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(state / "control"))
            return process, line, log
        except OSError:
            line.close()
            log.seek(0)
            assert process.poll() is None, log.read().decode()
            time.sleep(0.01)


def ask(line, **body):
    line.sendall(json.dumps(body).encode() + b"\n")
    return json.loads(line.makefile().readline())


def main():
    chance, kept, lost = random.Random(SEED), 0, 0
    with tempfile.TemporaryDirectory(prefix="moments-") as folder:
        state = pathlib.Path(folder, "pump")
        for kill in range(KILLS):
            process, line, _ = start(state)
            view = ask(line, do="look")
            names = {moment["name"] for moment in view["moments"]}
            there = {path.name for path in (state / "moments").glob("*")}
            assert names == there, (kill, names, there)  # and nothing half is left
            for name in names:
                assert {path.name for path in (state / "moments" / name).iterdir()} == FILES, (kill, name)
            for name in sorted(names)[8:]:  # there is room for sixteen
                subprocess.run(["rm", "-r", state / "moments" / name], check=True)
            line.close()
            process.send_signal(signal.SIGKILL)
            process.wait()
            process, line, _ = start(state)
            line.sendall(b"".join(json.dumps({"do": "save", "name": f"m{kill}-{i}"}).encode() + b"\n" for i in range(6)))
            time.sleep(chance.random() * 0.15)
            process.send_signal(signal.SIGKILL)
            process.wait()
            line.close()
            begun = {path.name for path in (state / "moments").glob("*")}
            kept += len([name for name in begun if name.startswith(f"m{kill}-")])
            lost += ".keeping" in begun
        process, line, _ = start(state)
        for name in sorted(moment["name"] for moment in ask(line, do="look")["moments"])[:3]:
            new, other, log = start(pathlib.Path(folder, name), "--like", state / "moments" / name, "--serial", f"N-{name}")
            assert ask(other, do="look")["serial"] == f"N-{name}"
            new.terminate()
            log.seek(0)
            assert (new.wait(), b"Sanitizer" in log.read()) == (0, False)
            other.close()
        process.terminate()
        assert process.wait() == 0
        line.close()
    print(f"{KILLS} kills, {kept} moments kept, {lost} left half")
    assert kept > 0, "no moment was ever kept: the kills come too early to show anything"


if __name__ == "__main__":
    sys.exit(main())
