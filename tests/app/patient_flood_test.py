"""patient_flood_test.py - the patient's page while hundreds of connections send a byte and wait, and after they are closed: it
answers, and a press is still taken. REQ-PTNT-01, REQ-SECU-13."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))
PASSPHRASE, SERIAL = "four plain words here", "SIM-000000"
IDLE, ASKS = 300, 10
PATIENCE_S = 5.0  # for one answer; the page has said something long before, or says nothing for minutes


def paired(folder, env):
    """A pump at work, and a patient's key of it."""
    pump = subprocess.Popen([CISTERNA, "pump", "--state", folder / "pump", "--quiet", "--serial", SERIAL],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (folder / "pump" / "near").exists():
        assert pump.poll() is None
    words = [CISTERNA, "pair", "--radio", folder / "pump", "--role", "patient", "--label", "page", "--keys", folder / "keys",
             "--card-file", folder / "pump" / "card.txt"]
    made = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, check=False)
    if made.returncode != 0:
        pump.kill()
        raise AssertionError(made.stderr)
    return pump


def asked(port):
    """Is it answered, whole and in time?"""
    told = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as wire:
        wire.sendall(f"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        while True:
            try:
                more = wire.recv(65536)
            except TimeoutError:
                return False
            if not more:
                break
            told += more
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), told
    return "csrf" in json.loads(body)


def main():
    env = {**os.environ, "CISTERNA_PASSPHRASE": PASSPHRASE}
    with tempfile.TemporaryDirectory(prefix="flood-") as name:
        folder = pathlib.Path(name)
        pump = paired(folder, env)
        page = subprocess.Popen([CISTERNA, "patient", "--radio", folder / "pump", "--keys", folder / "keys", "--book",
                                 folder / "book", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=env)
        try:
            port = int(page.stdout.readline().rsplit(":", 1)[1])
            assert asked(port), "silent before anything happened"
            idle = []
            for _ in range(IDLE):
                idle.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
                idle[-1].sendall(b"G")
            for number in range(ASKS):
                assert asked(port), f"silent at question {number} while {IDLE} connections stand about"
            for wire in idle:
                wire.close()
            for number in range(ASKS):
                assert asked(port), f"silent at question {number} after {IDLE} connections were closed"
        finally:
            page.terminate()
            _, said = page.communicate()
            pump.terminate()
            pump.wait()
        assert "Sanitizer" not in said, said
        assert page.returncode == 0, said
        assert "that stood about longest were closed" in said, said
    print(f"{IDLE} idle connections, {2 * ASKS} answers")


if __name__ == "__main__":
    sys.exit(main())
