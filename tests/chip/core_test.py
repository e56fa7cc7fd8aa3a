#!/usr/bin/python3
"""core_test - the images run on the emulated chip: the pump boots and sleeps, and whatever goes wrong in the core ends in a
record and a new start.

    core_test.py BUILD_DIR NEWBORN     build/cortex-m, and the program of newborn.c
"""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

from core import BENCH, DONE, MALFORMED, NEVER, RADIO, RAM, SLEEP, Board, Core

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
NEWBORN = str(pathlib.Path(sys.argv.pop(1)).resolve())
PUMP, BENCHED, PLANT = BUILD / "chip/pump.elf", BUILD / "chip/pump-bench.elf", BUILD / "tests/chip/plant/plant.elf"
HARD, MEMORY, BUS, USAGE, STACK, UNEXPECTED, WATCHDOG, IMAGE = range(1, 9)
READ_REFUSED, RUN_REFUSED, ADDRESS_KNOWN, NO_COPROCESSOR, DIVIDED_BY_ZERO = 1 << 1, 1 << 0, 1 << 7, 1 << 19, 1 << 25


def newborn(what):
    return subprocess.run((NEWBORN, what), capture_output=True, check=True).stdout


def symbols(image):
    lines = subprocess.run(("arm-none-eabi-nm", str(image)), capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[-1]: int(line.split()[0], 16) for line in lines}


def begin(core, flash_open=False):
    """A board for a pump that comes from the factory; its memory is there before the core looks."""
    name, _ = core.request()
    assert name == "HELLO", name
    board = Board(core, newborn("unit"))
    retained = newborn("retained")
    at = core.hello["retained"] - RAM
    core.ram[at:at + len(retained)] = retained
    board.show_flash()
    core.flash_open = flash_open
    core.answer(board.hello(b""))
    return board


class Pump(unittest.TestCase):
    def test_it_boots_sleeps_and_wakes(self):
        with Core(PUMP) as core:
            board = begin(core)
            wake = board.sleep()
            self.assertEqual((core.hello["version"], core.hello["bench"], core.hello["fault_kept"]), (1, 0, 0))
            self.assertEqual(core.hello["unit_bytes"], len(board.unit))
            image = (BUILD / "chip/pump.bin").read_bytes()
            self.assertEqual(core.hello["image_crc"], zlib.crc32(image[:0x104] + image[0x108:]))
            self.assertEqual(core.hello["build"], image[0x108:0x108 + 20])
            calls = dict(board.calls)
            self.assertEqual((calls["UNIT"], calls["SLEEP"]), (1, 1))
            for _ in range(50):
                self.assertGreater(wake, board.now)
                board.now = wake
                board.wake()
                wake = board.sleep()
            self.assertNotIn("FLASH_ERASE", calls)
            self.assertEqual(board.faults, [])
            self.unspoilt_stack(core)

    def test_a_flash_that_is_open_is_read_without_asking(self):
        told = []
        for is_open in (False, True):
            with Core(PUMP) as core:
                board = begin(core, is_open)
                wake = board.sleep()
                for _ in range(5):
                    board.now = wake
                    board.wake()
                    wake = board.sleep()
                told.append((wake, bytes(board.flash), board.calls["FLASH_PROGRAM"], board.faults))
                self.assertEqual("FLASH_READ" in board.calls, not is_open)
        self.assertEqual(told[0], told[1])

    def unspoilt_stack(self, core):
        """Both stacks still hold paint at their bottom, and what the paint shows is no more than tools/footprint allows for."""
        at = symbols(PUMP)
        for bottom, top in (("layout_stack", "layout_stack_top"), ("layout_handler_stack", "layout_handler_top")):
            words = struct.unpack(f"<{(at[top] - at[bottom]) // 4}I", core.memory(at[bottom], at[top] - at[bottom]))
            untouched = next(index for index, word in enumerate(words) if word != 0x5AFEF00D)
            self.assertGreater(untouched, 16, f"{bottom}: {untouched} words untouched")

    def test_the_radio_wakes_it(self):
        with Core(PUMP) as core:
            board = begin(core)
            board.sleep()
            frame = bytes([5, 1, 2, 3, 4]) * 4 + b"\0"
            frames = [frame]
            def receive(_):
                data = frames.pop() if frames else b""
                core.radio.sendall(data)
                return struct.pack("<HBx", len(data), 1 if data else 0)
            board.radio_receive = receive
            board.wake(RADIO)
            board.sleep()
            self.assertEqual((board.calls["RADIO_RECEIVE"], frames, board.faults), (2, [], []))

    def test_the_product_takes_no_bench_command(self):
        with Core(PUMP) as core:
            board = begin(core)
            board.sleep()
            board.wake(BENCH)
            self.assertEqual(core.request()[0], "HELLO")
            self.assertEqual(core.hello["fault_kept"], 1)

    def test_the_bench_image_gives_a_receipt(self):
        with Core(BENCHED) as core:
            board = begin(core)
            first = board.sleep()
            self.assertEqual(core.hello["bench"], 1)
            board.wake(BENCH, 2, 1, bytes(40))
            receipt = board.serve("BENCH_RECEIPT")
            self.assertEqual(len(receipt), 56)
            core.answer()
            self.assertEqual(board.sleep(), first)

    def test_an_image_that_was_changed_does_not_run_the_pump(self):
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder, "pump.elf")
            shutil.copy(PUMP, image)
            data = bytearray(image.read_bytes())
            code = (BUILD / "chip/pump.bin").read_bytes()
            at = data.find(code) + len(code) - 100
            data[at] ^= 1
            image.write_bytes(data)
            with Core(image) as core:
                self.assertEqual(core.request()[0], "HELLO")
                self.assertEqual(core.hello["fault_kept"], 1)
                core.answer(bytes(16))
                name, body = core.request()
                self.assertEqual((name, struct.unpack("<6I", body)[0]), ("FAULT", IMAGE))
                core.answer()
                core.bus.settimeout(1)
                self.assertRaises(Exception, core.request)


class Faults(unittest.TestCase):
    """plant.elf does what no code should."""

    @classmethod
    def setUpClass(cls):
        cls.core = Core(PLANT)
        cls.board = Board(cls.core, b"")
        cls.at = symbols(PLANT)
        assert cls.core.request()[0] == "HELLO"

    @classmethod
    def tearDownClass(cls):
        cls.core.__exit__()

    def setUp(self):
        self.core.reset()
        self.assertEqual(self.core.request()[0], "HELLO")
        self.core.answer(bytes(16))
        self.board.serve()
        self.board.faults.clear()

    def told(self):
        """The core has started again: what it kept, once."""
        self.assertEqual(self.core.request()[0], "HELLO")
        self.assertEqual((self.core.hello["fault_kept"], self.core.sequence), (1, 0))
        self.core.answer(bytes(16))
        self.board.serve()
        self.assertEqual(len(self.board.faults), 1)
        return self.board.faults[0]

    def deed(self, number, kind, status, address=None):
        self.board.wake(1, number)
        fault = self.told()
        self.assertEqual((fault["kind"], fault["status"]), (kind, status), fault)
        if address is not None:
            self.assertEqual(fault["address"], address, fault)
        return fault

    def in_function(self, fault, name):
        told = subprocess.run(("arm-none-eabi-addr2line", "-f", "-i", "-e", str(PLANT), hex(fault["pc"])), capture_output=True,
                              text=True, check=True).stdout
        self.assertIn(name, told.splitlines(), fault)

    def test_a_stack_that_overflows_meets_the_guard(self):
        self.board.wake(1, 1)
        fault = self.told()
        self.assertEqual(fault["kind"], STACK)
        self.assertTrue(0 <= fault["address"] - self.at["layout_guard"] < 256, fault)
        self.assertEqual(fault["pc"], 0)  # there was no room left to say where

    def test_a_division_by_zero(self):
        self.in_function(self.deed(6, USAGE, DIVIDED_BY_ZERO), "deed")

    def test_an_exception_without_room_on_the_stack(self):
        self.board.wake(1, 14)
        self.assertEqual(self.told()["kind"], STACK)

    def test_a_null_pointer(self):
        self.deed(2, MEMORY, READ_REFUSED | ADDRESS_KNOWN, 0)

    def test_code_is_not_written(self):
        fault = self.deed(3, MEMORY, READ_REFUSED | ADDRESS_KNOWN, 0x100)
        self.in_function(fault, "write_at")

    def test_memory_is_not_run(self):
        self.assertEqual(self.deed(4, MEMORY, RUN_REFUSED)["pc"], self.core.hello["retained"])

    def test_a_broken_promise_to_libsodium(self):
        self.deed(5, USAGE, 0, 0)

    def test_a_long_division_by_zero(self):
        self.deed(7, USAGE, 0, 0)

    def test_an_interrupt_that_nobody_expects(self):
        self.deed(8, UNEXPECTED, 0, 16 + 8)

    def test_an_address_where_nothing_is(self):
        self.deed(9, MEMORY, READ_REFUSED | ADDRESS_KNOWN, 0x50000000)

    def test_a_fault_while_faults_are_masked(self):
        self.assertEqual(self.board.faults, [])
        self.board.wake(1, 10)
        self.assertEqual(self.told()["kind"], HARD)

    def test_floating_point(self):
        self.deed(11, USAGE, NO_COPROCESSOR)

    def test_a_loop_without_an_end(self):
        self.deed(12, WATCHDOG, 0)

    def test_a_core_that_is_deaf_to_the_watchdog(self):
        """Its second bite resets the chip, and nothing is left that could have been kept."""
        self.board.wake(1, 15)
        self.assertEqual(self.core.request()[0], "HELLO")
        self.assertEqual((self.core.hello["fault_kept"], self.core.sequence), (0, 0))
        self.core.answer(bytes(16))
        self.board.serve()

    def test_the_guard_is_nobodys(self):
        self.deed(13, STACK, READ_REFUSED | ADDRESS_KNOWN, self.at["layout_guard"])

    def wrong(self, *_, **how):
        self.core.answer(bytes(16), **how)
        sequence, answer = self.core.sequence, how.get("kind", DONE)
        if "sequence" in how:
            sequence = how["sequence"]
        fault = self.told()
        self.assertEqual((fault["kind"], fault["status"]), (BUS, 0))
        self.assertEqual(fault["address"], 3 << 16 | 1 << 8 | (sequence << 4 & 0xF0 | answer))

    def test_malformed(self):
        self.wrong(kind=MALFORMED)

    def test_an_answer_that_is_neither(self):
        self.wrong(kind=3)

    def test_an_answer_to_another_request(self):
        self.wrong(sequence=2)

    def test_a_window_for_another_request(self):
        self.wrong(window_sequence=2)

    def test_a_window_with_a_wrong_check(self):
        self.wrong(check=0x1234)

    def test_a_result_of_another_size(self):
        self.core.answer(bytes(15))
        self.assertEqual(self.told()["kind"], BUS)
        self.board.faults.clear()
        self.core.answer(bytes(17))
        self.assertEqual(self.told()["kind"], BUS)

    def test_a_fault_is_told_once(self):
        self.deed(5, USAGE, 0)
        self.board.faults.clear()
        self.core.reset()
        self.assertEqual(self.core.request()[0], "HELLO")
        self.assertEqual(self.core.hello["fault_kept"], 0)
        self.core.answer(bytes(16))
        self.assertEqual(SLEEP.unpack(self.board.serve())[0], NEVER)

    def test_rubbish_where_a_record_would_be_is_none(self):
        at = self.at["chip_fault"] - RAM
        self.core.ram[at:at + 28] = bytes(range(28))
        self.core.reset()
        self.assertEqual(self.core.request()[0], "HELLO")
        self.assertEqual(self.core.hello["fault_kept"], 0)

    def test_what_a_start_leaves_alone(self):
        at = self.core.hello["retained"] - RAM
        pattern = bytes(range(256)) * 64
        self.core.ram[at:at + len(pattern)] = pattern
        self.deed(5, USAGE, 0)
        self.assertEqual(self.core.ram[at:at + len(pattern)], pattern)


if __name__ == "__main__":
    unittest.main()
