#!/usr/bin/python3
"""tidy_test - each rule of tools/tidy, planted in a small tree, must be found, with its line and its remedy."""
# SPDX-License-Identifier: Apache-2.0
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"

ARCHITECTURE = """# Architecture
| room | is | may include | never |
|---|---|---|---|
| `core/` | words | core | - |
| `pump/` | software | pump, core | - |
| `twin/` | truth | twin, core/quantity | pump |
| `app/` | main | anything | being included |
| `tests/ docs/ tools/` | evidence | anything | - |

Freestanding rooms: `core/`, `pump/`.

| rule | file | why |
|---|---|---|
"""


def source(name, body=""):
    return f"/* {name} - a planted file. */\n{SPDX}{body}"


def clean_tree():
    """The least tree without a fault."""
    return {
        "ARCHITECTURE.md": ARCHITECTURE,
        "core/quantity.h": source("quantity.h"),
        "core/quantity.c": source("quantity.c", '#include "core/quantity.h"\n'),
        "core/CMakeLists.txt": "room(core quantity.c)\n",
        "tests/core/quantity_test.c": source("quantity_test.c", '#include "core/quantity.h"\n'),
        "tests/core/CMakeLists.txt": "test(quantity_test.c)\n",
        "docs/decisions/README.md": "# Decisions\n- [one](0001-one.md)\n",
        "docs/decisions/0001-one.md": "# One\n",
    }


def tidy(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        command = (f"{ROOT}/tools/tidy", "--root", folder)
        return subprocess.run(command, capture_output=True, text=True, check=False)


class Tidy(unittest.TestCase):
    def refused(self, files, *messages):
        """The clean tree with these files laid over it is refused, and all the messages stand in one line."""
        result = tidy({**clean_tree(), **files})
        self.assertEqual(result.returncode, 1, result.stdout)
        lines = [line for line in result.stdout.splitlines() if all(message in line for message in messages)]
        self.assertTrue(lines, f"no line with {messages} in:\n{result.stdout}")

    def accepted(self, files):
        result = tidy({**clean_tree(), **files})
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)

    def quantity(self, body):
        return {"core/quantity.c": source("quantity.c", '#include "core/quantity.h"\n' + body)}

    def test_the_clean_tree_passes(self):
        self.accepted({})

    def test_no_table(self):
        self.assertEqual(tidy({**clean_tree(), "ARCHITECTURE.md": "# Nothing\n"}).returncode, 2)

    def test_a_forbidden_include(self):
        self.refused(self.quantity('#include "pump/pump.h"\n'), "core/quantity.c:4: [include]", "core/ may not include",
                     "allows core/ only: core")

    def test_a_file_of_a_room_may_be_all_that_is_allowed(self):
        planted = {"twin/world.h": source("world.h", '#include "core/quantity.h"\n')}
        self.accepted(planted)
        self.refused({"twin/world.h": source("world.h", '#include "core/quantity_more.h"\n')}, "twin/world.h:3: [include]")
        self.refused({"twin/world.h": source("world.h", '#include "core/program.h"\n')}, "allows twin/ only")

    def test_the_table_alone_decides(self):
        table = ARCHITECTURE.replace("| core | - |", "| core, pump | - |")
        self.accepted({**self.quantity('#include "pump/pump.h"\n'), "ARCHITECTURE.md": table})

    def test_an_include_without_a_room(self):
        self.refused(self.quantity('#include "quantity.h"\n'), "[include]", "does not start with a room")
        self.refused(self.quantity('#include "core/../pump/pump.h"\n'), "[include]", "does not start with a room")

    def test_nothing_but_its_tests_includes_app(self):
        self.refused({"tests/core/quantity_test.c": source("q", '#include "app/main.h"\n')}, "nothing but tests/app/ includes")
        self.accepted({"app/main.h": source("main.h"), "app/main.c": source("main.c", '#include "app/main.h"\n'),
                       "app/CMakeLists.txt": "program(main.c)\n", "tests/app/CMakeLists.txt": "test(main_test.c)\n",
                       "tests/app/main_test.c": source("main_test.c", '#include "app/main.h"\n')})
        self.accepted({"app/main.h": source("main.h"), "app/main.c": source("main.c", '#include "app/main.h"\n'),
                       "app/CMakeLists.txt": "program(main.c)\n"})

    def test_an_unknown_room(self):
        self.refused({"attic/old.h": source("old.h")}, "[room]", "'attic/' is no room")

    def test_a_long_file(self):
        self.refused({"core/quantity.h": source("quantity.h", "int a;\n" * 460)}, "[file-lines]", "450 at most")

    def test_a_long_line(self):
        self.refused({"core/quantity.h": source("quantity.h", f"/* {'a' * 130} */\n")}, "core/quantity.h:3: [line-chars]")

    def test_a_long_function(self):
        body = "int long_one(void)\n{\n" + "    ;\n" * 70 + "}\n"
        self.refused(self.quantity("\n" + body), "core/quantity.c:5: [function-lines]", "73 lines")
        self.accepted(self.quantity(body.replace("    ;\n" * 70, "    ;\n" * 60)))

    def test_contracts_do_not_count(self):
        contract = "/*@ requires 1;\n" + "    ensures 1;\n" * 500 + "    assigns 1; */\n"
        self.accepted(self.quantity(contract))
        body = "int long_one(void)\n{\n" + "    //@ assert 1;\n" * 80 + "    ;\n" * 60 + "}\n"
        self.accepted(self.quantity(body))
        self.refused(self.quantity(body + contract.replace("/*@", "/* ")), "[file-lines]")

    def test_forbidden_words(self):
        for word in ("float x;", "double x;", "x = malloc(3);", 'printf("a");'):
            self.refused(self.quantity(f"{word}\n"), "core/quantity.c:4: [word]")

    def test_words_in_comments_and_strings_are_free(self):
        self.accepted(self.quantity('/* a double\n float */ // malloc\nstatic const char *const a = "float";\n'))

    def test_a_library_in_a_freestanding_room(self):
        self.refused(self.quantity("#include <stdio.h>\n"), "[library]", "<stdio.h>")

    def test_a_variable_that_outlives_its_call(self):
        self.refused(self.quantity("static int count;\n"), "[global]")
        self.refused(self.quantity("int f(void)\n{\n    static int count = 0;\n    return count;\n}\n"), "[global]")
        self.accepted(self.quantity("static const int table[2] = { 1, 2 };\nstatic int f(int a)\n{\n    return a;\n}\n"))

    def test_a_test_that_depends_on_the_day(self):
        for call in ("sleep(1);", "rand();", "skip();", "clock_gettime(CLOCK_MONOTONIC, &t);"):
            body = f'#include "core/quantity.h"\nvoid f(void)\n{{\n    {call}\n}}\n'
            self.refused({"tests/core/quantity_test.c": source("q", body)}, "quantity_test.c:6: [unsteady]")
        self.accepted({"core/quantity.c": source("q", '#include "core/quantity.h"\nint span_time(int);\n')})

    def test_no_licence_line(self):
        self.refused({"core/quantity.h": "/* quantity.h - a planted file. */\n"}, "[spdx]")
        self.refused({"tools/thing": "#!/bin/sh\necho\n"}, "tools/thing:1: [spdx]")
        self.refused({"tools/thing.lua": "-- thing.lua - a planted file.\n"}, "tools/thing.lua:1: [spdx]")

    def test_no_opening(self):
        self.refused({"core/quantity.h": "#define A 1\n" + SPDX}, "[opening]")

    def test_blanks(self):
        self.refused({"core/quantity.h": source("quantity.h", "int a; \n")}, "core/quantity.h:3: [blanks]", "end of the line")
        self.refused({"core/quantity.h": source("quantity.h", "\tint a;\n")}, "[blanks]", "a tab")
        self.refused({"core/quantity.h": source("quantity.h", "int a;")}, "[blanks]", "no newline")

    def test_unfinished_work(self):
        for word in ("TO" "DO", "FIX" "ME"):
            self.refused({"docs/page.md": f"# Page\n{word}: more\n"}, "docs/page.md:2: [unfinished]", word)

    def test_a_path_of_one_machine(self):
        self.refused({"docs/page.md": "see /ho" "me/somebody/x\n"}, "docs/page.md:1: [machine-path]")
        self.accepted({"docs/page.md": "see the web/home/page of https://example.org/home/x and /usr/bin\n"})

    def test_messages_carry_units_and_no_floating_point(self):
        def proto(field):
            return {"core/words.proto": source("words.proto", f"message M {{ // int32 rate = 1;\n  {field}\n}}\n")}
        for field in ("int64 left_nl = 1;", "sint32 rate_nl_day = 1;", "oneof a { int32 conc_ng_ml = 1; }", "uint32 code = 1;",
                      "repeated sint64 field = 9;", "uint32 offset_bytes = 2;", "fixed64 ledger_head = 2;", "Rate rate = 3;"):
            self.accepted(proto(field))
        for field in ("int64 left = 1;", "sint32 rate_ml_h = 1;", "oneof a { int32 nl = 1; }", "repeated int32 step = 1;",
                      "uint32 offset = 2;", "fixed64 at_time = 2;", "int32 a_nl = 1; int32 b = 2;"):
            self.refused(proto(field), "core/words.proto:4: [proto]", "ends in no known unit")
        self.refused(proto("float left_nl = 1;"), "core/words.proto:4: [proto]", "'float left_nl'")
        self.refused(proto("double left_nl = 1;"), "core/words.proto:4: [proto]")

    def test_a_noun_without_its_header(self):
        self.refused({"core/other.c": source("other.c"), "core/CMakeLists.txt": "room(core quantity.c other.c)\n"},
                     "core/other.c:1: [header]", "declare what it offers in core/other.h")
        self.refused({"core/quantity.c": source("quantity.c")}, "[header]", 'add: #include "core/quantity.h"')

    def test_a_source_nobody_builds(self):
        self.refused({"core/CMakeLists.txt": "room(core) # quantity.c\n"}, "core/quantity.c:1: [listed]")
        self.refused({"core/CMakeLists.txt": "room(core my_quantity.c)\n"}, "core/quantity.c:1: [listed]")
        self.refused({"core/CMakeLists.txt": "file(GLOB X m_*.c)\n"}, "core/quantity.c:1: [listed]")
        self.accepted({"core/CMakeLists.txt": "file(GLOB X q*.c)\n"})

    def test_a_decision_outside_the_index(self):
        self.refused({"docs/decisions/0002-two.md": "# Two\n"}, "docs/decisions/0002-two.md:1: [listed]")

    def test_a_noun_without_a_test(self):
        self.refused({"core/other.h": source("other.h"), "core/other.c": source("other.c", '#include "core/other.h"\n'),
                      "core/CMakeLists.txt": "room(core quantity.c other.c)\n"},
                     "core/other.c:1: [test]", "tests/core/other_test.c does not exist")
        self.accepted({"core/other.h": source("other.h"), "core/other.c": source("other.c", '#include "core/other.h"\n'),
                       "core/CMakeLists.txt": "room(core quantity.c other.c)\n",
                       "tests/property/other_test.c": source("other_test.c"),
                       "tests/property/CMakeLists.txt": "test(other_test.c)\n"})

    def test_a_link_that_leads_nowhere(self):
        self.refused({"docs/page.md": "[x](gone.md)\n"}, "docs/page.md:1: [link]", "gone.md")
        self.accepted({"docs/page.md": "[x](decisions/0001-one.md#a) [y](https://example.org)\n"})

    def test_an_exception_excuses_and_must_be_needed(self):
        row = "| library | `core/quantity.c` | a planted reason |\n"
        self.accepted({**self.quantity("#include <stdio.h>\n"), "ARCHITECTURE.md": ARCHITECTURE + row})
        self.refused({"ARCHITECTURE.md": ARCHITECTURE + row}, "[exception]", "is not needed")


if __name__ == "__main__":
    unittest.main()
