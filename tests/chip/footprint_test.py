#!/usr/bin/python3
"""footprint_test - tools/footprint finds what must not be in freestanding code: each kind of fault, planted in a small build."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILE = ("arm-none-eabi-gcc", "-Os", "-std=c11", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-fstack-usage",
           "-fcallgraph-info=su", "-c")
CLEAN = "int leaf(int x);\nint leaf(int x) { return x + 1; }\n"


def footprint(source, *options):
    """Plants one source in core/ of a small build and measures it."""
    with tempfile.TemporaryDirectory() as folder:
        for room, text in (("core", source), ("pump", CLEAN)):
            place = pathlib.Path(folder, room)
            place.mkdir()
            place.joinpath("noun.c").write_text(text)
            subprocess.run((*COMPILE, f"{place}/noun.c", "-o", f"{place}/noun.c.obj"), check=True)
            subprocess.run(("arm-none-eabi-ar", "rc", f"{place}/lib{room}.a", f"{place}/noun.c.obj"), check=True)
        command = (f"{ROOT}/tools/footprint", "--build", folder, *options)
        return subprocess.run(command, capture_output=True, text=True, check=False)


class Footprint(unittest.TestCase):
    def refused(self, source, message, *options):
        result = footprint(source, *options)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(message, result.stderr)

    def test_clean_code_passes_and_tells_its_stack(self):
        result = footprint(CLEAN)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("worst static stack", result.stdout)

    def test_the_deepest_path_is_the_sum_of_its_frames(self):
        result = footprint("int use(volatile char *);\nint top(void);\n"
                           "__attribute__((noinline)) int use(volatile char *p) { volatile char b[200]; b[3] = *p;"
                           " return b[3]; }\nint top(void) { volatile char b[500]; b[1] = 1; return use(b) + 1; }\n")
        worst = int(result.stdout.split("worst static stack: ")[1].split()[0])
        self.assertTrue(700 <= worst <= 800, result.stdout)

    def test_a_circle_of_calls(self):
        self.refused("int even(int n); int odd(int n);\n"
                     "__attribute__((noinline)) int even(int n) { return n == 0 ? 1 : odd(n - 1) + 2; }\n"
                     "__attribute__((noinline)) int odd(int n) { return n == 0 ? 0 : even(n - 1) * 3; }\n",
                     "calls in a circle")

    def test_a_pointer_that_is_not_a_door(self):
        self.refused("int call(int (*f)(int));\nint call(int (*f)(int)) { return f(3) + 1; }\n",
                     "not a board door")

    def test_a_frame_of_unknown_size(self):
        self.refused("int grow(int n);\nint grow(int n) { volatile char b[n]; b[n - 1] = 1; return b[0]; }\n", "unbounded")

    def test_floating_point(self):
        self.refused("double half(double x);\ndouble half(double x) { return x * 0.5; }\n", "__aeabi_dmul")

    def test_malloc(self):
        self.refused("void *malloc(unsigned int);\nvoid *more(void);\nvoid *more(void) { return malloc(8); }\n", "malloc")

    def test_a_writable_variable(self):
        self.refused("int count(void);\nstatic int n;\nint count(void) { return ++n; }\n", "writable variable")

    def test_too_deep_a_stack(self):
        self.refused("int top(void);\nint top(void) { volatile char b[500]; b[1] = 1; return b[1]; }\n",
                     "are allowed", "--stack-max", "300")


if __name__ == "__main__":
    unittest.main()
