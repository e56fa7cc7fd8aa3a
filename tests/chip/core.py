"""core - an image of the chip in QEMU, and the other end of its board bus (board/SPEC.md), for tests and for looking at it.

The board here is the plainest that the pump accepts: a motor that does what it is told, flash, sensors in the middle of their
range, nobody on the radio. Time goes as the test says. It knows nothing of a twin.
"""
# SPDX-License-Identifier: Apache-2.0
import ctypes
import json
import mmap
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RAM, RAM_BYTES = 0x21000000, 16 << 20
DONE, MALFORMED = 0xA, 0x5
NUMBER = {name: int(number, 16) for name, number
          in re.findall(r"^BUS_REQUEST\((\w+), (0x\w+)", (ROOT / "board/bus.def").read_text(), re.MULTILINE)}
NAME = {number: name for name, number in NUMBER.items()}
HELLO = struct.Struct("<HBB7I20s")
START, SLEEP, WAKE, FAULT = (struct.Struct(form) for form in ("<qBB6x", "<qB7x", "<qBBBxHH", "<6I"))
STEP, RADIO, BENCH = 1, 2, 3
NEVER = (1 << 63) - 1
ANSWER_WITHIN = 60  # seconds of the host: a core that says nothing for so long never will


def check_of(data, check=0xFFFF):
    for byte in data:
        check = (check << 8 | check >> 8) & 0xFFFF
        check ^= byte
        check ^= (check & 0xFF) >> 4
        check ^= check << 12 & 0xFFFF
        check ^= (check & 0xFF) << 5
    return check


class Silent(Exception):
    """The core said nothing, or QEMU has ended."""


class Core:
    """One emulated chip. `with Core(image) as core:` ends QEMU whatever happens."""

    def __init__(self, image, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="cisterna-chip-")
        path = pathlib.Path(self.folder.name, "ram")
        with open(path, "wb") as file:
            file.truncate(RAM_BYTES)
        with open(path, "r+b") as file:
            self.ram = mmap.mmap(file.fileno(), RAM_BYTES)
        ends = [socket.socketpair() for _ in range(3)]
        (self.radio, radio), (self.bus, bus), (self.control, control) = ends
        command = ["qemu-system-arm", "-nic", "none", "-display", "none",
                   "-object", f"memory-backend-file,id=ram,size=16M,mem-path={path},share=on",
                   "-machine", "mps2-an386,memory-backend=ram", "-kernel", str(image)]
        for name, end in (("radio", radio), ("bus", bus)):
            command += ["-chardev", f"socket,id={name},fd={end.fileno()}", "-serial", f"chardev:{name}"]
        command += ["-chardev", f"socket,id=control,fd={control.fileno()}", "-mon", "chardev=control,mode=control", *options]
        self.said = open(pathlib.Path(self.folder.name, "said"), "w+", encoding="utf-8")
        self.qemu = subprocess.Popen(command, pass_fds=[end.fileno() for _, end in ends], preexec_fn=die_with_parent,
                                     stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.said)
        for _, end in ends:
            end.close()
        self.bus.settimeout(ANSWER_WITHIN)
        self.radio.settimeout(ANSWER_WITHIN)
        self.control_file = self.control.makefile("rw", encoding="utf-8")
        self.control_file.readline()
        self.order("qmp_capabilities")
        self.got, self.sequence, self.flash_open = b"", 0, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.qemu.kill()
        self.qemu.wait()
        for end in (self.bus, self.radio, self.control):
            end.close()
        self.said.close()
        self.ram.close()
        self.folder.cleanup()

    def order(self, command):
        """A command of QEMU's monitor."""
        self.control_file.write(json.dumps({"execute": command}) + "\n")
        self.control_file.flush()
        while "return" not in json.loads(self.control_file.readline()):
            pass

    def reset(self):
        self.order("system_reset")

    def more(self, size):
        while len(self.got) < size:
            try:
                data = self.bus.recv(4096)
            except TimeoutError as late:
                raise Silent(f"nothing on the bus for {ANSWER_WITHIN} seconds") from late
            if not data:
                self.said.seek(0)
                raise Silent(f"QEMU has ended: {self.said.read()}")
            self.got += data
        data, self.got = self.got[:size], self.got[size:]
        return data

    def request(self):
        """(name, body) of the next request."""
        head = self.more(6)
        assert head[:2] == b"\xB5\x5B", head
        number, self.sequence, size = struct.unpack("<BBH", head[2:])
        body = self.more(size)
        assert struct.unpack("<H", self.more(2))[0] == check_of(head[2:] + body), "a request with a wrong check"
        if NAME[number] == "HELLO":
            self.hello = dict(zip(("version", "bench", "fault_kept", "window", "retained", "pump", "pump_bytes", "unit_bytes",
                                   "image_crc", "flash", "build"), HELLO.unpack(body)))
        return NAME[number], body

    def answer(self, result=b"", kind=DONE, sequence=None, window_sequence=None, check=None):
        """The answer to the last request; whatever is given instead of what would be right is sent."""
        sequence = self.sequence if sequence is None else sequence
        at = self.hello["window"] - RAM
        head = struct.pack("<HHBB2x", len(result), check_of(result) if check is None else check,
                           self.sequence if window_sequence is None else window_sequence, self.flash_open)
        self.ram[at:at + 8 + len(result)] = head + result
        self.bus.sendall(bytes([sequence << 4 & 0xF0 | kind]))

    def memory(self, address, size):
        return self.ram[address - RAM:address - RAM + size]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.setpgid(0, 0)


class Board:
    """Answers the doors of board/board.h."""

    def __init__(self, core, unit):
        self.core, self.unit = core, unit
        self.flash = bytearray(b"\xFF" * (389 * 4096))
        self.keys, self.fired, self.moved, self.chance, self.now = {}, 0, False, 17, 0
        self.calls, self.faults = {}, []

    def serve(self, until="SLEEP"):
        """Answers whatever comes until this request does; that one is left unanswered. Its body."""
        while True:
            name, body = self.core.request()
            self.calls[name] = self.calls.get(name, 0) + 1
            if name == until:
                return body
            self.core.answer((self.unit_ if name == "UNIT" else getattr(self, name.lower()))(body) or b"")

    def wake(self, why=STEP, role=0, slot=0, command=b""):
        self.core.answer(WAKE.pack(self.now, why, role, slot, len(command), 0) + command)

    def sleep(self):
        """Serves until the core sleeps: the instant at which it wants to wake."""
        return SLEEP.unpack(self.serve())[0]

    def hello(self, _):
        return START.pack(self.now, 1, 0)

    def unit_(self, _):
        return self.unit

    def fault(self, body):
        self.faults.append(dict(zip(("kind", "status", "address", "pc", "lr", "psr"), FAULT.unpack(body))))

    def motor_key_engine(self, body):
        self.keys["engine"] = body

    def motor_key_governor(self, body):
        self.moved, self.fired = True, self.fired + 1

    def motor_result(self, _):
        state, self.moved = (3 if self.moved else 1), False
        return struct.pack("<BB2xI", state, 0, 0)

    def motor_budget(self, body):
        self.budget = body

    def motor_witness(self, _):
        return struct.pack("<I4xqI4x", self.fired, self.now, 1000)

    def show_flash(self, address=0, size=389 * 4096):
        """The copy in the core's memory, which it may read while the board says so."""
        at = self.core.hello["flash"] - RAM + address
        self.core.ram[at:at + size] = self.flash[address:address + size]

    def flash_read(self, body):
        address, size = struct.unpack("<II", body)
        return bytes(self.flash[address:address + size])

    def flash_program(self, body):
        address = struct.unpack("<I", body[:4])[0]
        self.flash[address:address + 8] = bytes(a & b for a, b in zip(self.flash[address:address + 8], body[4:]))
        self.show_flash(address, 8)
        return b"\x01"

    def flash_erase(self, body):
        sector = struct.unpack("<I", body)[0]
        self.flash[sector * 4096:(sector + 1) * 4096] = b"\xFF" * 4096
        self.show_flash(sector * 4096, 4096)
        return b"\x01"

    def flash_erased(self, _):
        return b"\x01"

    def sound(self, body):
        self.tone = body[0]

    def sounder_alive(self, _):
        return b"\x01"

    def sense(self, _):
        return struct.pack("<iiqiiBB6x", 37000, 3000, -1, -(1 << 31), 0, 0, 0)

    def watchdog(self, _):
        pass

    def random(self, _):
        self.chance = (self.chance * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return struct.pack("<Q", self.chance)

    def radio_receive(self, _):
        return struct.pack("<HBx", 0, 0)

    def radio_send(self, body):
        self.sent = self.core.radio.recv(struct.unpack("<HBx", body)[0], socket.MSG_WAITALL)

    def radio_listen(self, body):
        self.reach = body[0]

    def restart(self, _):
        pass


