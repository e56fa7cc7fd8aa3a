#!/usr/bin/python3
"""interrogation.py - from the question at the pump to the report on the disk, for SQLite and for PostgreSQL, in a clinic of many
patients.

    tools/build release && bench/interrogation.py [--patients 10000] [--times 200] [--sessions 20]

A virtual pump is asked with `cisterna status` and `cisterna log`, each a session of its own over its sockets, keys opened each
time; what a session of twenty events leaves is then kept, read again and told as a PDF, by interrogation_bench.
Commands that do all of this at once are not there yet: the figure is the sum. A figure, not a test."""
# SPDX-License-Identifier: Apache-2.0
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/release/app/cisterna"))
BENCH = ROOT / "build/release/bench/interrogation_bench"
SERIAL = "SIM-000042"
ENVIRONMENT = {**os.environ, "CISTERNA_PASSPHRASE": "a pump in every port"}


def run(*words):
    began = time.perf_counter()
    ran = subprocess.run([CISTERNA, *map(str, words)], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise SystemExit(f"bench: {' '.join(map(str, words))}: {ran.stderr}")
    return (time.perf_counter() - began) * 1000


def sessions(count):
    """Milliseconds of each question, by its command."""
    with tempfile.TemporaryDirectory(prefix="pump-") as folder:
        radio, keys = pathlib.Path(folder, "pump"), pathlib.Path(folder, "keys")
        radio.mkdir()
        pump = subprocess.Popen([CISTERNA, "pump", "--state", radio, "--serial", SERIAL, "--quiet"], cwd=ROOT,
                                stderr=subprocess.DEVNULL)
        try:
            while not (radio / "card.txt").exists() or not (radio / "magnet").exists():
                if pump.poll() is not None:
                    raise SystemExit("bench: the pump is not there")
                time.sleep(0.01)
            run("pair", "--radio", radio, "--keys", keys, "--role", "clinician", "--card-file", radio / "card.txt", "--label",
                "bench")
            return {word: [run(word, "--radio", radio, "--keys", keys, "--json") for _ in range(count)]
                    for word in ("status", "log")}
        finally:
            pump.kill()
            pump.wait()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--patients", type=int, default=10000)
    options.add_argument("--times", type=int, default=200)
    options.add_argument("--sessions", type=int, default=20)
    given = options.parse_args()
    asked = sessions(given.sessions)
    for word, took in asked.items():
        print(f"cisterna {word:<10} {len(took)} times: median {statistics.median(took):.0f} ms, most {max(took):.0f} ms")
    for runner in ([], [sys.executable, "-B", str(ROOT / "tests/clinic/records_postgres.py")]):
        with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
            url = "" if runner else str(pathlib.Path(folder, "new.db"))
            ran = subprocess.run([*runner, str(BENCH), url, str(given.patients), str(given.times)], check=True,
                                 stdout=subprocess.PIPE, text=True)
        print(ran.stdout, end="")
        both = float(ran.stdout.strip().splitlines()[-1].split()[2])
        whole = sum(statistics.median(took) for took in asked.values()) + both
        print(f"interrogated to reported, sum of medians: {whole:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
