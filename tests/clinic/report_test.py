#!/usr/bin/python3
"""report_test - the reports, from outside: texts can be selected and are right, fonts are embedded, nothing is cut off or torn,
the code is read back by another program, and a document that is wrong leaves the old report alone.

    report_test.py CISTERNA     the program to ask
"""
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import report_papers as papers

PROGRAM = os.path.abspath(sys.argv.pop(1))
MM = 72 / 25.4


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, check=False, **more)


def told(*words):
    result = run(*words)
    assert result.returncode == 0, result.stderr
    return result.stdout.decode()


class Pages:
    """A report that was made, and what other programs see in it."""

    def __init__(self, room, kind, document, **more):
        source, self.path = room / "in.json", room / "out.pdf"
        papers.write(source, document)
        made = run(PROGRAM, "report", kind, "--in", source, "--out", self.path, **more)
        assert (made.returncode, made.stderr) == (0, b""), (kind, made.stderr.decode())
        self.bytes = self.path.read_bytes()
        self.lines = [re.sub(r" {2,}", " | ", line.strip()) for line in told("pdftotext", "-layout", self.path, "-").splitlines()]
        self.raw = [" ".join(line.split()) for line in told("pdftotext", "-raw", self.path, "-").splitlines()]
        self.text = " ".join(" ".join(self.raw).split())
        self.facts = dict(re.findall(r"^(.*?): +(.*)$", told("pdfinfo", "-isodates", self.path), re.MULTILINE))

    def pictures(self, resolution):
        """Each page as rows of grey."""
        folder = self.path.parent / "pages"
        folder.mkdir(exist_ok=True)
        told("pdftoppm", "-r", resolution, "-gray", self.path, folder / "page")
        for path in sorted(folder.iterdir()):
            data = path.read_bytes()
            head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", data)
            yield int(head[1]), int(head[2]), data[head.end():], path
            path.unlink()


class Reports(unittest.TestCase):
    kept = {}  # what was made of the same document before is looked at again

    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.shelf.cleanup()

    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.room = pathlib.Path(self.place.name)

    def tearDown(self):
        self.place.cleanup()

    def made(self, kind, document=None, **more):
        document = document or papers.sample()
        key = (kind, repr(document), repr(more))
        if key not in self.kept:
            room = tempfile.mkdtemp(dir=self.shelf.name)
            self.kept[key] = Pages(pathlib.Path(room), kind, document, **more)
        return self.kept[key]

    def holds(self, pages, *lines):
        for line in lines:
            self.assertIn(line, pages.lines)

    def test_session(self):
        pages = self.made("session")
        self.holds(pages, "Applied: the pump runs the new therapy.",
                   "morphine, dose by the program | 2 mg per day | 2.4 mg per day | 20 % more",
                   "morphine, most with all boluses 2 mg per day | 2.8 mg per day | 40 % more",
                   "volume by the program | 0.2 mL per day | 0.24 mL per day | 20 % more",
                   "morphine, concentration | 10 mg/mL | 10 mg/mL | none",
                   "patient's bolus, volume | none | 0.01 mL | new")
        # (14.2 - 2) mL at 0.2 mL a day are 61 days; at 0.28 mL with every bolus 43.57.
        self.assertIn("next refill, at the latest 2027-Jan-23, by volume 2027-Jan-06, by volume 17 days 10 h earlier", pages.text)
        self.assertIn("The pump has stored morphine 2.4 mg per day. Typed again by the clinician: 2.4 mg per day. They agree.",
                      pages.text)
        self.assertIn("20 % at most without a reason", pages.text)

    def test_session_that_went_wrong(self):
        document = papers.sample()
        document["session"].update(outcome="unknown", typed="24 mg/day")
        pages = self.made("session", document)
        self.assertIn("UNKNOWN: the pump runs either the old therapy or the new one, whole.", pages.text)
        self.assertIn("They do NOT agree.", pages.text)

    def test_refill(self):
        pages = self.made("refill")
        self.holds(pages, "Expected, by calculation | 3.2 mL", "Found | 3.6 mL", "Of what was metered | about -2.6 %",
                   "Verdict on this one reading | within accuracy", "morphine | 5 mg/mL | 10 mg/mL | 2.4 mg per day",
                   # (18 - 2) mL at 0.28 mL a day are 57.14 days; the label's 180 days; the date in the document.
                   "Next refill at the latest | 2027-Jan-19, by volume", "Longest time that is advised | 2027-May-22",
                   "Replacement of the pump | 2031-Jun-01",
                   "Stability of the drug | not known, so it does not bound the date")
        self.assertIn("-0.4 mL (expected less found); within 1 mL", pages.text)
        # 0.14 mL of tubing and 40 cm at 0.0026 mL/cm, at 0.24 mL a day: 24.4 hours.
        self.assertIn("0.244 mL of it go first. At the program's 0.24 mL per day the new drug reaches the tip after 1 day.",
                      pages.text)
        self.assertIn("never measured", pages.text)

    def test_therapy(self):
        pages = self.made("therapy", papers.periodic())
        self.holds(pages, "base | all day | 1.2 mg", "morphine | 10 mg/mL | 3.6 mg per day | 4 mg per day")
        for text in ("every 1 h: 24 doses per day 24 × 0.1 mg = 2.4 mg", "at most 4 doses per day 4 × 0.1 mg = 0.4 mg",
                     "daily total by the program any 24 h, at most 3.6 mg", "From the beginning of the program"):
            self.assertIn(text, pages.text)

    def test_trend(self):
        pages = self.made("trend")
        self.holds(pages, "Verdict | over-infusion", "Tolerance of one reading | 1 mL",
                   "Sum of all differences | +2.1 mL, about 3.4 % of all that was metered",
                   "Short beyond tolerance, in a row | 1",
                   "2026-Jul-13 | 3 mL | 3.2 mL | 15 mL | -0.2 mL | +0.1 mL",
                   "2026-Nov-23 | 3.2 mL | 2 mL | 15.4 mL | +1.2 mL | +2.1 mL")

    def test_every_reading_stands_in_the_trend(self):
        document = papers.crowded()
        pages = self.made("trend", document)
        rows = [line[:11] for line in pages.lines if re.match(r"\d{4}-\w{3}-\d{2} \| 3\.2 mL", line)]
        self.assertEqual(len(rows), 64)
        self.assertEqual(len(set(rows)), 64)
        self.assertEqual(pages.text.count("metered since"), int(pages.facts["Pages"]), "the head of the table, on every page")
        self.assertIn("Verdict | trend", pages.lines)

    def test_emergency(self):
        pages = self.made("emergency")
        self.holds(pages, "Refill at the latest: 2027-Feb-01", "Call: Sample Clinic, +49 30 0000000")
        for text in ("10 mg/mL, 2.4 mg per day (with all boluses 2.8 mg per day)", "Keep naloxone at hand", "opioid withdrawal",
                     "After a break of more than 24 h the same dose must not simply go on"):
            self.assertIn(text, pages.text)

    def test_what_is_past_or_old_is_told(self):
        document = papers.sample()
        document["emergency"]["refill_by"] = "2026-11-22T00:00:00+01:00"
        pages = self.made("emergency", document)
        self.holds(pages, "Refill at the latest: 2026-Nov-22 (PAST)")
        self.assertEqual(pages.text.count("2026-Nov-22 (PAST)"), 2)  # on the page, and on the card to cut out
        self.assertIn("The day of the refill had passed when this card was made: the pump may be empty.", pages.text)
        self.assertNotIn("PAST", self.made("emergency").text)
        document["read_at"] = "2022-11-23T14:05:00+01:00"
        pages = self.made("session", document)
        self.assertRegex(pages.text, r"As read 2022-Nov-23 14:05 \+01:00, .* before this report was made: "
                                     "the pump may have been programmed or refilled since")
        self.assertNotIn("may have been programmed", self.made("session").text)

    def test_a_drug_that_is_no_opioid_is_not_treated_as_one(self):
        text = self.made("emergency", papers.ziconotide()).text
        self.assertIn("Stop the infusion.", text)
        self.assertNotRegex(text.lower(), "naloxone|opioid|withdrawal|too little|morphine")
        text = self.made("emergency", papers.baclofen()).text  # its withdrawal kills, and it is no opioid either
        self.assertIn("Too little is an emergency: fever", text)
        self.assertIn("There is no antidote", text)
        self.assertNotRegex(text.lower(), "naloxone|opioid")
        text = self.made("emergency", papers.crowded()).text  # two opioids and two that are none, on the page and on the card
        for count, words in ((4, "Keep naloxone at hand."), (4, "Too much: the formulary states no first steps."),
                             (4, "Too little: opioid withdrawal"), (2, "Too little: the blood pressure rises severely.")):
            self.assertEqual(text.count(words), count, words)
        self.assertEqual(text.count("naloxone"), 4)
        self.holds(self.made("emergency", papers.crowded()), "Emergency: pump into the spine | The same for a camera",
                   "HYDROmorphone: first steps | BUPivacaine: first steps", "cloNIDine: first steps | SUFentanil: first steps")

    def test_the_code_is_read_back(self):
        for document, clinic in ((papers.sample(), "Sample Clinic, +49 30 0000000"), (papers.crowded(), papers.CLINIC)):
            pages = self.made("emergency", document)
            found = 0
            for _, _, _, path in pages.pictures(200):
                codes = run("zbarimg", "--nodbus", "--quiet", "--raw", path).stdout.decode()
                found += codes.count("SIMULATION, not a medical device")
                if codes:
                    self.assertIn(f"Call {clinic}", codes)
                    self.assertIn("Refill by 2027-Feb-01", codes)
                    self.assertRegex(codes, r"(morphine 10|HYDROmorphone 100) mg/mL, ")
            self.assertEqual(found, 2, "one on the page, one on the card")

    def test_fonts_are_embedded(self):
        for kind in papers.KINDS:
            for document in (papers.sample(), papers.crowded()):
                rows = told("pdffonts", self.made(kind, document).path).splitlines()[2:]
                self.assertTrue(rows)
                for row in rows:
                    self.assertRegex(row, r"^[A-Z]{6}\+DejaVuSans(-Bold)? .* yes yes yes +\d+ +0$")

    def test_paper_is_that_of_the_region(self):
        for region, size in (("US", "612 x 792 pts (letter)"), ("EU", "595.276 x 841.89 pts (A4)")):
            document = papers.sample()
            document["region"] = region
            self.assertEqual(self.made("therapy", document).facts["Page size"], size)

    def test_the_same_document_gives_the_same_bytes(self):
        for kind in papers.KINDS:
            first, again = self.made(kind), self.made(kind, cwd=self.room)
            self.assertTrue(again.bytes == first.bytes, kind)
            self.assertTrue(first.facts["CreationDate"].startswith("2026-11-23T"), first.facts)
            away = {"PATH": os.environ["PATH"], "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "HOME": "/nowhere",
                    "FONTCONFIG_FILE": "/nowhere", "SOURCE_DATE_EPOCH": "1"}
            self.assertTrue(self.made(kind, env=away).bytes == first.bytes, kind)

    def test_words_follow_the_screen_rules(self):
        for kind in papers.KINDS:
            for document in (papers.sample(), papers.crowded(), papers.periodic(), papers.ziconotide()):
                text = self.made(kind, document).text
                self.assertNotRegex(text, r"µg|\bug\b|/day|[<>@&]|MSO4|\bml\b", kind)
                self.assertNotRegex(text, r"\d\.\d*0 (mg|mcg|mL)|(?<![\d,])\.\d", "zeros at the end, or none before the point")
                self.assertNotRegex(text, r"(?<![\d.,-])\d{4,} (mg|mcg|mL)", "no comma from 1,000 up")
                self.assertIn("SIMULATION, not a medical device. Never for use in people.", text)
                self.assertRegex(text, r"Cisterna \d+\.\d+\.\d+\. Pump software: 0\.1\.0\. Formulary release \d+ \((US|EU)\)\.")
                self.assertRegex(text, r"page 1 of \d")
                self.assertNotRegex(text, r"hydromorphone|fentanyl|Fentanyl|sufentanil|bupivacaine|clonidine", "tall man")
        self.holds(self.made("refill", papers.crowded()), "fentaNYL | 1,000 mcg/mL | none | ends")

    def test_numbers_are_never_torn(self):
        lines = self.made("therapy", papers.crowded()).raw
        # The first of 16 steps: 85 minutes at 12 mL a day with 100 mg/mL, 85/1440 of 1,200 mg; the sum of a day in bold, too wide
        # for its column: 15 steps of 85 minutes and one of 165, each 1.3 mg a day more than the one before.
        for amount in ("70.833333 mg", "8.744855 mg", "87.448 mcg", "35.417 mcg", "12.345678 mg/mL", "1,210.291667 mg"):
            self.assertTrue([line for line in lines if amount in line], f"{amount} stands on no line as a whole")
        self.assertIn("about 12.114427 mL per day", self.made("session", papers.crowded()).text)

    def test_nothing_is_cut_off(self):
        """Between what is written and the hatched band, and outside of it, the paper stays white on every page."""
        for kind in papers.KINDS:
            for document in (papers.sample(), papers.crowded()):
                for width, height, grey, path in self.made(kind, document).pictures(72):
                    self.margins_are_white(width, height, grey, f"{kind} {path.name}")

    def margins_are_white(self, width, height, grey, what):
        edge, corridor = round(4 * MM), (round(9 * MM), round(15 * MM))
        rows = [grey[y * width:(y + 1) * width] for y in range(height)]
        for row in rows:
            self.assertEqual(set(row[:edge] + row[width - edge:]), {255}, what)
        for row in rows[corridor[0]:height - corridor[0]]:
            self.assertEqual(set(row[corridor[0]:corridor[1]] + row[width - corridor[1]:width - corridor[0]]), {255}, what)
        for row in rows[round(9 * MM):round(13 * MM)] + rows[height - round(14 * MM):height - round(9 * MM)]:
            self.assertEqual(set(row[corridor[0]:width - corridor[0]]), {255}, what)

    def refused(self, kind, document, code, *texts):
        source, out = self.room / "bad.json", self.room / "old.pdf"
        papers.write(source, document)
        out.write_bytes(b"the old one")
        result = run(PROGRAM, "report", kind, "--in", source, "--out", out)
        message = result.stderr.decode()
        self.assertEqual(result.returncode, code, message)
        self.assertEqual(result.stdout, b"")
        for text in texts:
            self.assertIn(text, message)
        self.assertEqual(out.read_bytes(), b"the old one")
        self.assertEqual(sorted(path.name for path in self.room.iterdir()), ["bad.json", "old.pdf"])

    def test_a_wrong_document_is_told_and_leaves_the_old_report(self):
        for kind, change, code, texts in papers.WRONG:
            document = papers.sample()
            change(document)
            with self.subTest(kind=kind, texts=texts):
                self.refused(kind, document, code, *texts)

    def test_only_the_owner_reads_it(self):
        source, out = self.room / "in.json", self.room / "out.pdf"
        papers.write(source, papers.sample())
        (self.room / ".out.pdf.part").write_bytes(b"what a killed run left")
        out.write_bytes(b"the old one")
        for path in self.room.iterdir():
            path.chmod(0o666)
        made = run(PROGRAM, "report", "therapy", "--in", source, "--out", out, umask=0)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(out.stat().st_mode & 0o7777, 0o600)
        self.assertEqual(sorted(path.name for path in self.room.iterdir()), ["in.json", "out.pdf"])

    def test_letters_the_font_has_not_are_no_boxes(self):
        document = papers.sample()
        document["patient"] = "患者"
        self.refused("therapy", document, 1, "the report's font has not all characters of this text: 患者")

    def test_usage(self):
        for words, text in ((("sesion",), 'did you mean "session"'), ((), "needs one of session"),
                            (("session",), "needs --in FILE"), (("session", "--in", "x"), "needs --out FILE"),
                            (("session", "--out"), "needs a value after --out")):
            result = run(PROGRAM, "report", *words)
            self.assertEqual((result.returncode, result.stdout), (2, b""))
            self.assertIn(text, result.stderr.decode())
        source = self.room / "in.json"
        papers.write(source, papers.sample())
        result = run(PROGRAM, "report", "session", "--in", source, "--out", "/dev/null/x.pdf")
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot write /dev/null/x.pdf", result.stderr.decode())

    def test_the_schema_agrees(self):
        papers.schema_check(self)


if __name__ == "__main__":
    unittest.main()
