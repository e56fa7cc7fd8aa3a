#!/usr/bin/python3
"""footprint_test - tools/footprint finds what must not be in freestanding code: each kind of fault, planted in a small build."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILE = ("arm-none-eabi-gcc", "-Os", "-std=c11", "-mcpu=cortex-m4", "-mthumb", "-ffreestanding", "-ffunction-sections",
           "-fdata-sections", "-fstack-usage", "-fcallgraph-info=su", "-c")
CLEAN = "int leaf(int x);\nint leaf(int x) { return x + 1; }\n"
# Where the archive of each room and library lies in a build folder, and what a build without a fault has in it.
PLACES = {"core": ("core", "core.dir"), "link": ("link", "link.dir"), "pump": ("pump", "pump.dir"),
          "messages": ("link", "messages.dir"), "nanopb": ("link", "nanopb.dir"), "sodium": ("link", "sodium.dir")}
SOUND = {"core": CLEAN, "link": CLEAN.replace("leaf", "link_leaf"), "pump": CLEAN.replace("leaf", "pump_leaf"),
         "messages": "const int cisterna_Request_msg = 1, cisterna_Reply_msg = 2;\n",
         "nanopb": "int pb_decode(int x);\nint pb_encode(int x);\nint pb_decode(int x) { return x; }\n"
                   "int pb_encode(int x) { return x; }\n",
         "sodium": CLEAN.replace("leaf", "sodium_leaf")}


def footprint(source, *options, **planted):
    """Plants one source in core/ of a small build, others where the caller says, and measures it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**SOUND, "core": source, **planted}.items():
            room, objects = PLACES[name]
            place = pathlib.Path(folder, room, "CMakeFiles", objects)
            place.mkdir(parents=True)
            place.joinpath("noun.c").write_text(text)
            subprocess.run((*COMPILE, f"{place}/noun.c", "-o", f"{place}/noun.c.obj"), check=True)
            subprocess.run(("arm-none-eabi-ar", "rc", f"{folder}/{room}/lib{name}.a", f"{place}/noun.c.obj"), check=True)
        command = (f"{ROOT}/tools/footprint", "--build", folder, *options)
        return subprocess.run(command, capture_output=True, text=True, check=False)


class Footprint(unittest.TestCase):
    def refused(self, source, message, *options, **planted):
        result = footprint(source, *options, **planted)
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

    def test_of_a_library_only_what_is_reached_counts(self):
        spoilt = ("void *malloc(unsigned int);\nvoid *more(void);\nint sodium_leaf(int x);\n"
                  "int sodium_leaf(int x) { return x; }\nstatic int n;\nvoid *more(void) { return n++ ? malloc(8) : 0; }\n")
        result = footprint(CLEAN, sodium=spoilt)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        use = "void *more(void);\nvoid *top(void);\nvoid *top(void) { return more(); }\n"
        self.refused(use, "undefined symbol malloc", sodium=spoilt)
        self.refused(use, "n is a writable variable", sodium=spoilt)

    def test_flash_is_told_by_room_and_library(self):
        result = footprint("int sodium_leaf(int x);\nint top(void);\nint top(void) { return sodium_leaf(2); }\n",
                           sodium="extern const char t[64];\nconst char t[64] = { 1 };\nint sodium_leaf(int x);\n"
                                  "int sodium_leaf(int x) { return t[x & 63]; }\n")
        flash = dict(line.split()[:2] for line in result.stdout.splitlines() if len(line.split()) > 1)
        self.assertTrue(64 < int(flash["libsodium"]) < 100, result.stdout)
        self.assertLess(int(flash["core"]), 20)

    def test_nanopb_may_call_itself_once_a_level(self):
        circle = ("int pb_decode(int x);\nint pb_encode(int x);\nint field(int x);\nint pb_encode(int x) { return x; }\n"
                  "__attribute__((noinline)) int field(int x)"
                  " { volatile char b[200]; b[1] = 1; return x ? pb_decode(x - 1) * 3 : b[1]; }\n"
                  "__attribute__((noinline)) int pb_decode(int x) { return field(x) + 2; }\n")
        result = footprint(CLEAN, nanopb=circle)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        levels = 5  # Request, Command, Refill, Mixture, Component
        worst = int(result.stdout.split("worst static stack: ")[1].split()[0])
        self.assertTrue(levels * 200 <= worst <= levels * 260, result.stdout)
        self.refused(circle.replace("pb_", "core_"), "calls in a circle")

    def test_a_field_without_a_fixed_size(self):
        self.refused(CLEAN, "no fixed size", messages="extern int pb_default_field_callback(void);\n"
                     "int (*const cisterna_Request_msg)(void) = pb_default_field_callback;\nconst int cisterna_Reply_msg = 2;\n")

    def test_too_deep_a_stack(self):
        self.refused("int top(void);\nint top(void) { volatile char b[500]; b[1] = 1; return b[1]; }\n",
                     "are allowed", "--stack-max", "300")


if __name__ == "__main__":
    unittest.main()
