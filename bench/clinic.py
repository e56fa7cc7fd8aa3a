#!/usr/bin/python3
"""clinic.py - the clinic's server under load on loopback: so many reads a second, so many open streams, and what they cost.

    tools/build release cisterna && bench/clinic.py [--rate 1000] [--streams 50] [--seconds 30]

Requests are due at fixed times whether or not earlier ones were answered, and a latency counts from when one was due: a stall of
the server is seen by all that waited for it. The one who asks runs on the same machine, so that the figures are an upper bound.
A figure, not a test. Exit code 1 when anything but 200 came."""
# SPDX-License-Identifier: Apache-2.0
import argparse
import asyncio
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
os.environ.setdefault("CISTERNA_DEV", str(ROOT / "build/release/app/cisterna"))
sys.path.insert(0, str(ROOT / "tests/clinic"))
from server_common import ACCOUNTS, Server, records_make  # noqa: E402

READS = ("/api/me", "/api/patients?limit=2", "/api/patients/1", "/api/patients/1/implants", "/api/implants/1/log?limit=20",
         "/api/implants/1/refills", "/api/formulary", "/api/pumps")
CONNECTIONS = 32


class Load:
    def __init__(self, server, people):
        self.server, self.people = server, people
        self.latency_ms, self.errors, self.events = [], 0, 0

    def request(self, number):
        person = self.people[number % len(self.people)]
        path = READS[number % len(READS)]
        return f"GET {path} HTTP/1.1\r\nHost: {self.server.host}\r\nCookie: {person.cookie}\r\n\r\n".encode()

    async def connection(self, queue):
        """Asks what is due, one after the other, on one kept connection."""
        reader, writer = await asyncio.open_connection(self.server.address, self.server.port)
        while (item := await queue.get()) is not None:
            number, due = item
            writer.write(self.request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(size)
            self.latency_ms.append((time.perf_counter() - due) * 1000)
            self.errors += not head.startswith(b"HTTP/1.1 200 ")
        writer.close()

    async def stream(self, person):
        reader, writer = await asyncio.open_connection(self.server.address, self.server.port)
        writer.write((f"GET /api/pumps/SIM-000000/events HTTP/1.1\r\nHost: {self.server.host}\r\n"
                      f"Cookie: {person.cookie}\r\n\r\n").encode())
        self.errors += not (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        try:
            while line := await reader.readline():
                self.events += line.startswith(b"event: ")
        finally:
            writer.close()

    async def run(self, rate, streams, seconds):
        queue = asyncio.Queue()
        open_streams = [asyncio.create_task(self.stream(self.people[i % len(self.people)])) for i in range(streams)]
        askers = [asyncio.create_task(self.connection(queue)) for _ in range(CONNECTIONS)]
        begin, memory = time.perf_counter(), []
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            queue.put_nowait((number, due))
            if number % int(rate * seconds / 10) == 0:
                memory.append(self.server.memory_kib())
        for _ in askers:
            queue.put_nowait(None)
        await asyncio.gather(*askers)
        took = time.perf_counter() - begin
        dead = sum(stream.done() for stream in open_streams)
        for stream in open_streams:
            stream.cancel()
        await asyncio.gather(*open_streams, return_exceptions=True)
        return took, memory + [self.server.memory_kib()], dead


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rate", type=int, default=1000)
    options.add_argument("--streams", type=int, default=50)
    options.add_argument("--seconds", type=int, default=30)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        server = Server(records_make(pathlib.Path(folder)), "--heartbeat", "1 s")
        people = [server.sign_in(ACCOUNTS[role]) for role in ("nurse", "physician", "pharmacist", "admin")]
        load = Load(server, people)
        took, memory, dead = asyncio.run(load.run(given.rate, given.streams, given.seconds))
        code, _ = server.end()
    ranked = sorted(load.latency_ms)
    print(f"{len(ranked)} reads in {took:.1f} s: {len(ranked) / took:.0f}/s; {given.streams} streams told {load.events} events")
    print("latency from when due, ms: " + ", ".join(f"{name} {ranked[min(len(ranked) - 1, int(len(ranked) * share))]:.2f}"
                                                   for name, share in (("p50", .5), ("p90", .9), ("p99", .99), ("p99.9", .999),
                                                                       ("max", 1))))
    print(f"errors {load.errors}, streams lost {dead}; resident KiB over the run: {' '.join(map(str, memory))}; exit code {code}")
    return 1 if load.errors or dead or code else 0


if __name__ == "__main__":
    sys.exit(main())
