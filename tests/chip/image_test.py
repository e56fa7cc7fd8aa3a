#!/usr/bin/python3
"""image_test - tools/image finds what must not be in an image: each kind of fault, planted beside the objects of the real one and
linked; and two builds in two places give the same image.

    image_test.py BUILD_DIR
"""
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
ARCHIVES = ("pump/libpump.a", "link/liblink.a", "core/libcore.a", "link/libmessages.a", "link/libnanopb.a", "link/libsodium.a")
LINK = ("-nostdlib", "-Wl,--gc-sections", "-Wl,-u,vectors", "-Wl,-u,image_stamp")


def flags_of(source):
    """The very flags of a file of the tree."""
    rows = json.loads((BUILD / "compile_commands.json").read_text())
    words = shlex.split(next(row["command"] for row in rows if row["file"].endswith(source)))
    return words[:words.index("-o")]


def shipped(place, source=None, memory=None, script=lambda text: text, without=()):
    """An image of the pump as it is built, with something planted; what tools/image says of it."""
    objects = sorted(BUILD.glob("chip/CMakeFiles/chip.dir/*.obj")) + sorted(BUILD.glob("chip/CMakeFiles/pump_main.dir/*.obj"))
    graph = place / "graph"
    graph.mkdir()

    def compiled(name, text, like, out):
        path = graph / name
        path.write_text(text)
        flags = [word for word in flags_of(like) if word not in without]
        subprocess.run((*flags, "-o", str(out), "-c", str(path)), check=True, cwd=graph)
        return out

    if memory is not None:
        text = (ROOT / "chip/memory.c").read_text() + memory
        objects = [file for file in objects if file.name != "memory.c.obj"]
        objects.append(compiled("memory.c", text, "/chip/memory.c", place / "memory.c.obj"))
    if source is not None:
        objects.append(compiled("planted.c", source, "/chip/doors.c", graph / "planted.o"))
    (place / "planted.ld").write_text(script((ROOT / "chip/pump.ld").read_text()))
    image = place / "planted.elf"
    command = ("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", *LINK,
               "-T", str(place / "planted.ld"), f"-Wl,-Map={place}/planted.map", *map(str, objects),
               *(["-Wl,-u,planted"] if source or memory else []),
               "-Wl,--start-group", *ARCHIVES, "-Wl,--end-group", "-lgcc", "-o", str(image))
    subprocess.run(command, check=True, cwd=BUILD, stderr=subprocess.DEVNULL)
    return subprocess.run((str(ROOT / "tools/image"), str(image), "--build", str(BUILD), "--graph", str(graph)),
                          capture_output=True, text=True, check=False)


class Image(unittest.TestCase):
    def planted(self, *args, **how):
        with tempfile.TemporaryDirectory(prefix="cisterna-image-") as folder:
            return shipped(pathlib.Path(folder), *args, **how)

    def refused(self, message, *args, **how):
        result = self.planted(*args, **how)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(message, result.stderr)

    def test_the_images_pass_and_their_reports_are_written(self):
        for name, options in (("pump", ()), ("pump-bench", ("--bench",))):
            out = BUILD / "chip" / f"{name}.txt"
            result = subprocess.run((str(ROOT / "tools/image"), str(BUILD / f"chip/{name}.elf"), "--build", str(BUILD), *options,
                                     "--report", str(out)), capture_output=True, text=True, check=False)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn(" T pump_boot\n", out.read_text())

    def test_nothing_planted_but_a_file_of_nobody(self):
        """What the other tests plant lies in a file that is none of the rooms'; of the plain image the rest is in order."""
        self.assertEqual(self.planted().stderr, "")
        result = self.planted("int planted(int x);\nint planted(int x) { return x + 1; }\n")
        self.assertEqual((result.returncode, len(result.stderr.splitlines())), (1, 2), result.stderr)
        self.assertIn("planted.o is linked, and is none of", result.stderr)
        self.assertIn("planted must not be in an image", result.stderr)

    def test_a_circle_of_calls(self):
        self.refused("calls in a circle", "int planted(int n); int odd(int n);\n"
                     "__attribute__((noinline)) int planted(int n) { return n == 0 ? 1 : odd(n - 1) + 2; }\n"
                     "__attribute__((noinline)) int odd(int n) { return n == 0 ? 0 : planted(n - 1) * 3; }\n")

    def test_floating_point(self):
        self.refused("floating-point instruction vadd.f32",
                     "float planted(float x);\nfloat planted(float x) { return x + 2.5f; }\n",
                     without=("-mgeneral-regs-only", "-Wdouble-promotion"))
        self.refused("__aeabi_dadd must not be in an image",
                     "double planted(double x);\ndouble planted(double x) { return x + 0.1; }\n",
                     without=("-mgeneral-regs-only",))

    def test_a_writable_pointer(self):
        self.refused("hook is a variable: chip/memory.c holds all of them",
                     "void planted(void (*f)(void));\nvoid (*volatile hook)(void);\n"
                     "void planted(void (*f)(void)) { hook = f; }\n")
        self.refused("hook holds a pointer, and can be written to",
                     memory="void (*hook)(void);\nextern int planted;\nint planted;\n")

    def test_a_pointer_deep_in_a_variable(self):
        text = ("struct inner { int number; const char *text; };\nstruct outer { int number; struct inner inner[3]; };\n"
                "struct outer planted;\n")
        self.refused("planted holds a pointer, and can be written to", memory=text)
        self.assertNotIn("holds a pointer", self.planted(memory=text.replace("const char *", "char ")).stderr)

    def test_a_first_value(self):
        with self.assertRaises(subprocess.CalledProcessError):  # the linker script asserts it
            self.planted("int planted = 3;\n")
        self.refused("nothing in the image copies it", "int planted = 3;\n",
                     script=lambda text: text.replace("SIZEOF(.data) == 0", "1"))

    def test_a_bench_or_debug_symbol(self):
        self.refused("bench_command must not be in an image", "void bench_command(void);\nvoid planted(void);\n"
                     "__attribute__((noinline)) void bench_command(void) { __asm volatile(\"nop\"); }\n"
                     "void planted(void) { bench_command(); }\n")
        result = subprocess.run((str(ROOT / "tools/image"), str(BUILD / "chip/pump-bench.elf"), "--build", str(BUILD)),
                                capture_output=True, text=True, check=False)
        self.assertIn("bench_command must not be in an image", result.stderr)
        self.refused("breakpoint instruction", "void planted(void);\nvoid planted(void) { __asm volatile(\"bkpt #0xAB\"); }\n")

    def test_a_hole_in_the_vectors(self):
        result = self.planted(script=lambda text: text.replace("KEEP(*(.vectors))", "LONG(4) LONG(4) KEEP(*(.vectors))"))
        self.assertEqual(result.returncode, 1)
        for message in ("vector 0 is not the top of the handlers' stack", "vector 1 (0x4) leads to no function"):
            self.assertIn(message, result.stderr)

    def test_more_than_an_update_can_bring(self):
        self.refused("an update brings 131072 at most", "extern const char planted[8000];\nconst char planted[8000] = { 1 };\n")

    def test_a_stack_that_is_too_small(self):
        self.refused("bytes of stack and have 8000", script=lambda text: text.replace("10240", "8000"))
        self.refused("the handlers need", script=lambda text: text.replace(". += 512", ". += 96"))


class Reproducible(unittest.TestCase):
    def test_another_place_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory(prefix="cisterna-again-") as folder:
            there = pathlib.Path(folder, "another place")
            there.mkdir()
            for name in ("board", "chip", "cmake", "core", "link", "pump", "tests/chip"):
                shutil.copytree(ROOT / name, there / name)
            shutil.copy(ROOT / "CMakeLists.txt", there)
            subprocess.run(("cmake", "-G", "Ninja", "-S", there, "-B", there / "out", "-DCMAKE_BUILD_TYPE=MinSizeRel",
                            "-DCMAKE_C_FLAGS_MINSIZEREL=-Os", f"-DCMAKE_TOOLCHAIN_FILE={there}/cmake/cortex-m.cmake",
                            f"-DCISTERNA_SOURCES={ROOT}/.cache/sources"), check=True, capture_output=True)
            subprocess.run(("cmake", "--build", there / "out"), check=True, capture_output=True)
            for name in ("pump.bin", "pump-bench.bin"):
                self.assertEqual((there / "out/chip" / name).read_bytes(), (BUILD / "chip" / name).read_bytes(), name)


if __name__ == "__main__":
    unittest.main()
