#!/usr/bin/python3
"""trace_test - tools/trace refuses claims without evidence, evidence that does not exist, and rows that are missing."""
# SPDX-License-Identifier: Apache-2.0
import html.parser
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = "hazard,requirement,code,evidence,status\n"


def tree(rows):
    return {
        "docs/hazards.csv": 'id,title\nHZ-01,"too <much>"\nHZ-02,too little\n',
        "docs/requirements.csv": "id,text\nREQ-A-01,never too much\nREQ-A-02,never too little\n",
        "docs/trace.csv": HEAD + rows,
        "proofs/goals.csv": "file,machine,proved,total,admitted\ncore/a.h,x,9,9,0\ncore/b.h,x,9,9,0\ncore/b.h,y,8,9,0\n",
        "build/dev/CTestTestfile.cmake": 'add_test(unit.governor "true")\nadd_test([=[hazard.entry]=] "true")\n',
        "tests/pump/governor_test.c": "static void test_a_full_window(void **state)\n{\n"
                                      "    (void)state;\n    test_only_called(1);\n}\n",
        "core/a.h": "/* a */\n",
    }


def trace(files):
    """(exit code, what was printed, the page)"""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        command = (f"{ROOT}/tools/trace", "--root", folder)
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        page = pathlib.Path(folder, "build/trace.html")
        return result.returncode, result.stdout + result.stderr, page.read_text() if page.exists() else ""


PLANNED = "HZ-01,REQ-A-01,core/a.h,,planned\nHZ-02,REQ-A-02,core/later.c,,planned\n"


def first_row(evidence, code="core/a.h", status="verified"):
    return PLANNED.replace("core/a.h,,planned", f"{code},{evidence},{status}", 1)


class Trace(unittest.TestCase):
    def accepted(self, rows):
        code, printed, _ = trace(tree(rows))
        self.assertEqual(code, 0, printed)

    def refused(self, rows, message):
        code, printed, _ = trace(tree(rows))
        self.assertEqual(code, 1, printed)
        self.assertIn(message, printed)

    def test_plans_need_nothing(self):
        self.accepted(PLANNED)

    def test_each_kind_of_evidence(self):
        self.accepted(first_row("unit.governor hazard.entry unit.governor:test_a_full_window proof:core/a.h core/a.h"))

    def test_verified_without_evidence(self):
        self.refused(first_row(""), "docs/trace.csv:2: verified without evidence")

    def test_a_test_that_does_not_exist(self):
        self.refused(first_row("unit.governess"), "verified by 'unit.governess', which is neither a test")

    def test_a_tree_that_was_not_built(self):
        files = tree(first_row("unit.governor"))
        del files["build/dev/CTestTestfile.cmake"]
        code, printed, _ = trace(files)
        self.assertEqual(code, 1)
        self.assertIn("build the dev preset first", printed)

    def test_a_function_that_does_not_exist(self):
        self.refused(first_row("unit.governor:test_b"), "defines test_b()")
        self.refused(first_row("unit.governor:test_only_called"), "defines test_only_called()")

    def test_a_proof_that_is_not_whole(self):
        self.refused(first_row("proof:core/b.h"), "not among the proved files")
        self.refused(first_row("proof:core/c.h"), "not among the proved files")

    def test_code_that_does_not_exist(self):
        self.refused(first_row("unit.governor", code="core/z.c"), "its code 'core/z.c' does not exist")
        self.refused(first_row("unit.governor", code=""), "its code '' does not exist")

    def test_unknown_ids_and_status(self):
        self.refused(PLANNED + "HZ-99,REQ-A-01,core/a.h,,planned\n", "docs/trace.csv:4: unknown hazard 'HZ-99'")
        self.refused(PLANNED + "HZ-01,REQ-A-09,core/a.h,,planned\n", "unknown requirement 'REQ-A-09'")
        self.refused(first_row("", status="done"), "unknown status 'done'")

    def test_what_has_no_row(self):
        self.refused("HZ-01,REQ-A-01,core/a.h,,planned\n-,REQ-A-02,core/a.h,,planned\n", "the hazard HZ-02 has no row")
        self.refused("HZ-01,REQ-A-01,core/a.h,,planned\nHZ-02,-,core/a.h,,planned\n", "the requirement REQ-A-02 has no row")

    def test_a_row_twice_and_an_empty_row(self):
        self.refused(PLANNED + "HZ-01,REQ-A-01,core/a.h,,planned\n", "stands there twice")
        self.refused(PLANNED + "-,-,core/a.h,,planned\n", "neither hazard nor requirement")

    def test_a_row_of_the_wrong_width(self):
        code, printed, _ = trace(tree("HZ-01,REQ-A-01\n"))
        self.assertEqual(code, 1)
        self.assertIn("must have the columns", printed)

    def test_the_page_says_what_is_so_and_escapes_it(self):
        _, _, page = trace(tree(first_row("unit.governor")))
        self.assertIn("1 of 2 rows are verified", page)
        self.assertIn("too &lt;much&gt;", page)
        self.assertIn("Not for use in people", page)

    def test_the_page_closes_what_it_opens_and_names_its_parts(self):
        _, _, page = trace(tree(PLANNED))
        reader = Balance()
        reader.feed(page)
        self.assertEqual(reader.open, [])
        for needed in ('<html lang="en">', "<caption>", 'scope="col"', 'scope="row"', "prefers-color-scheme: dark"):
            self.assertIn(needed, page)


class Balance(html.parser.HTMLParser):
    """Fails on an element that is closed out of order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def screens(self, rows, message=None):
        files = {**tree(PLANNED), "docs/ui-rules.csv": "rule,says,status,evidence,remark\n" + "".join(rows),
                 "tests/web/field_test.mjs": 'test("a comma is refused, and said", async () => {\n'}
        code, printed, _ = trace(files)
        self.assertEqual(code, 0 if message is None else 1, printed)
        self.assertIn(message or "50 screen rules", printed)

    def test_every_rule_of_screens_has_a_row_and_its_tests(self):
        counts = {"U": 8, "N": 9, "L": 6, "W": 10, "A": 9, "X": 8}
        rules = [f"{letter}{i}" for letter, count in counts.items() for i in range(1, count + 1)]
        rows = [f"{rule},says,missing,,not begun\n" for rule in rules]
        self.screens(rows)
        self.screens(rows[1:], "U1 has to stand there exactly once")
        self.screens([*rows, rows[0]], "U1 has to stand there exactly once")
        self.screens([*rows, "Z1,says,missing,,no\n"], "Z1 has to stand there")
        first = lambda text: [f"U1,says,{text}\n", *rows[1:]]
        self.screens(first('tested,"unit.governor: a comma is refused, and said | unit.governor: test_a_full_window",'))
        self.screens(first("tested,,"), "U1: tested, with no test")
        self.screens(first("missing,unit.governor,not begun"), "U1: missing, with tests")
        self.screens(first("partly,unit.governor,"), "U1: say in the remark")
        self.screens(first("nearly,unit.governor,"), "unknown status 'nearly'")
        self.screens(first("tested,unit.other,"), "there is no test unit.other")
        self.screens(first("tested,unit.governor: a point is refused,"), "no test has the title 'a point is refused'")


if __name__ == "__main__":
    unittest.main()
