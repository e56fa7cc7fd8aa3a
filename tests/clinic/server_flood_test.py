"""server_flood_test.py - more connections than the server has places for, of those who send a byte now and then, read a byte now
and then, or say nothing: who asks is answered all the while, and who stands about is closed in the end. REQ-SECU-13.

    server_flood_test.py [--sockets N]"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import os
import pathlib
import selectors
import socket
import sys
import tempfile

from server_common import Server, records_make

PLACES = 512  # clinic/server/crowd.h
HEAD = b"GET /api/health HTTP/1.1\r\nHost: "
BODY = (b"POST /api/sign-in HTTP/1.1\r\nHost: %b\r\nOrigin: http://%b\r\nContent-Type: application/json\r\n"
        b"Content-Length: 9999\r\n\r\n")
DRIPS_MAX = 120  # one each second


def call(server, small=False):
    """A connection; with a small window it can be told little at once."""
    wire = socket.socket()
    if small:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    wire.connect((server.address, server.port))
    return wire


def begun(server, number):
    """One of those who will never come to their end."""
    kind, host = number % 4, server.host.encode()
    wire = call(server, small=kind == 3)
    begin = (b"", HEAD, BODY % (host, host), b"GET /api/openapi.json HTTP/1.1\r\nHost: %b\r\n\r\n" % host)[kind]
    wire.sendall(begin)
    return wire


def is_up(server):
    answer = server.nobody().ask("GET", "/api/health")
    assert answer.status == 200, (answer.status, answer.body)


def closed(wires):
    """Those that the server has closed, looked at without waiting; what it has sent is read and dropped."""
    gone = []
    with selectors.DefaultSelector() as ready:
        for wire in wires:
            ready.register(wire, selectors.EVENT_READ)
        for key, _ in ready.select(0):
            try:
                if not key.fileobj.recv(1):
                    gone.append(key.fileobj)
            except ConnectionError:
                gone.append(key.fileobj)
    return gone


def drip(server):
    """A byte of a head each second: how many went until the server closed the connection."""
    with call(server) as wire:
        wire.sendall(HEAD)
        wire.settimeout(1)
        for sent in range(DRIPS_MAX):
            try:
                if not wire.recv(1):
                    return sent
            except TimeoutError:
                pass
            except ConnectionError:
                return sent
            try:
                wire.sendall(b"x")
            except ConnectionError:
                return sent
    raise AssertionError(f"{DRIPS_MAX} bytes, one each second, and it still listens")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--sockets", type=int, default=800)  # the usual bound of a process is 1024
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        server = Server(records_make(pathlib.Path(folder)))
        nurse, wires = server.sign_in("nina"), []
        stream = nurse.stream("/api/pumps/SIM-1/events")
        stream.readline()
        for number in range(given.sockets):
            wires.append(begun(server, number))
            if number % 16 == 0:
                is_up(server)
        assert given.sockets > PLACES
        assert nurse.ask("GET", "/api/patients/1").status == 200
        gone = closed(wires)
        while len(wires) - len(gone) > PLACES:  # the last of those who were pushed out are on their way
            gone += closed([wire for wire in wires if wire not in gone])
        drips = drip(server)
        is_up(server)
        for wire in wires:
            wire.close()
        assert b"event" in stream.readline() + stream.readline() + stream.readline(), "the stream was pushed out"
        stream.close()
        is_up(server)
        code, said = server.end()
        assert code == 0 and "Sanitizer" not in said, said
        assert "too many connections at once" in said, said
    print(f"{given.sockets} connections that ask nothing whole, {len(gone)} of them pushed out at once; one that sent a byte "
          f"each second was closed after {drips}")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    sys.exit(main())
