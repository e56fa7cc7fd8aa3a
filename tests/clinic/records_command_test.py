"""records_command_test.py - `cisterna records ...` from outside: founding, users, verify and its anchor, backup, restore,
export, purge; what each says and its exit code. Against a file of SQLite, or the PostgreSQL that CISTERNA_TEST_DB names, which
each test begins by emptying. REQ-SECU-11, HZ-33."""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CISTERNA = os.environ.get("CISTERNA_DEV", str(ROOT / "build/dev/app/cisterna"))
PASSWORD = "a pump in every port"
SAMPLE = ROOT / "tests/clinic/records_v1/backup.jsonl"  # two patients; ada (admin) and otto (auditor) have that password


class Records(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="records-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.url = os.environ.get("CISTERNA_TEST_DB", str(self.folder / "records.db"))
        if self.is_postgres():
            self.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def is_postgres(self):
        return self.url.startswith("postgresql:")

    def psql(self, sql):
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.url, "-c", sql], check=True, capture_output=True)

    def attack(self, sql):
        """A statement of somebody who has the database, takes its guards away, and puts them back so that nobody misses them."""
        if self.is_postgres():
            self.psql("SET session_replication_role = replica; " + sql)
            return
        with sqlite3.connect(self.url) as database:
            guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                database.execute(f"DROP TRIGGER {name}")
            database.execute(sql)
            for _, guard in guards:
                database.execute(guard)
        database.close()

    def run_it(self, *words, code=0, url=None, stdin="", **environment):
        given = {**os.environ, "CISTERNA_PASSPHRASE": PASSWORD, "CISTERNA_DB": url or self.url, "HOME": str(self.folder),
                 **environment}
        given.pop("XDG_STATE_HOME", None)
        ran = subprocess.run([CISTERNA, "records", *map(str, words)], env=given, input=stdin, capture_output=True, text=True,
                             check=False)
        self.assertEqual(ran.returncode, code, (words, ran.stdout, ran.stderr))
        self.assertTrue(code in (0, 5) or ran.stderr != "", words)
        self.assertNotIn(PASSWORD, ran.stdout + ran.stderr)
        return ran

    def found(self):
        self.run_it("init", "--user", "ada", "--key-file", self.folder / "key")

    def sample(self):
        self.run_it("restore", SAMPLE)

    def test_records_are_made_once_and_say_where(self):
        self.run_it("verify", "--user", "ada", code=1)
        self.assertIn("--user NAME, --key-file FILE", self.run_it("init", code=2).stderr)
        self.found()
        self.assertEqual((self.folder / "key").stat().st_mode & 0o777, 0o600)
        self.assertIn("already", self.run_it("init", "--user", "eve", code=1).stderr)
        self.assertIn("sound: ", self.run_it("verify", "--user", "ada").stdout)
        self.assertIn("sound: ", self.run_it("verify", "--key-file", self.folder / "key").stdout)
        if not self.is_postgres():
            self.assertEqual(pathlib.Path(self.url).stat().st_mode & 0o777, 0o600)

    def test_the_default_place_is_the_home(self):
        self.run_it("init", "--user", "ada", CISTERNA_DB="")
        place = self.folder / ".local/state/cisterna/records.db"
        self.assertEqual((place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777), (0o600, 0o700))

    def test_who_cannot_sign_in_is_told_and_nothing_changes(self):
        self.found()
        self.run_it("users", "list", code=2)
        for words, environment in ((("--user", "ada"), {"CISTERNA_PASSPHRASE": "another password"}), (("--user", "eve"), {})):
            said = self.run_it("users", "list", *words, code=1, **environment)
            self.assertEqual((said.stdout, "no such user, or this is not the password" in said.stderr), ("", True))
        key = self.folder / "other"
        key.write_text("0" * 64 + "\n")
        key.chmod(0o640)
        self.assertIn("chmod 600", self.run_it("verify", "--key-file", key, code=3).stderr)
        key.chmod(0o600)
        self.assertIn("not the one of these records", self.run_it("verify", "--key-file", key, code=1).stderr)
        key.write_text("hello\n")
        self.run_it("verify", "--key-file", key, code=5)
        self.run_it("verify", "--user", "ada", "--passphrase-file", self.folder / "nowhere", code=1)
        (self.folder / "pass").write_text(PASSWORD + "\nand more\n")
        self.run_it("verify", "--user", "ada", "--passphrase-file", self.folder / "pass", CISTERNA_PASSPHRASE="wrong one here")

    def test_users_come_and_go(self):
        self.found()
        new = {"CISTERNA_NEW_PASSPHRASE": "quanta, not volumes"}
        self.run_it("users", "add", "nina", "--role", "nurse", "--user", "ada", **new)
        self.run_it("users", "add", "otto", "--role", "auditor", "--user", "ada", **new)
        said = self.run_it("users", "add", "x", "--role", "king", "--user", "ada", code=2, **new)
        self.assertIn("nurse, physician", said.stderr)
        self.run_it("users", "add", "nina", "--role", "nurse", "--user", "ada", code=1, **new)
        self.run_it("users", "add", "x", "--role", "nurse", "--user", "ada", code=2, CISTERNA_NEW_PASSPHRASE="short")
        signed = {"CISTERNA_PASSPHRASE": new["CISTERNA_NEW_PASSPHRASE"]}
        listed = self.run_it("users", "list", "--json", "--user", "otto", **signed).stdout.splitlines()
        self.assertEqual([(user["name"], user["role"]) for user in map(json.loads, listed)],
                         [("ada", "admin"), ("nina", "nurse"), ("otto", "auditor")])
        self.assertIn("only an admin", self.run_it("users", "add", "y", "--role", "nurse", "--user", "nina", code=3,
                                                   **{**new, **signed}).stderr)
        self.run_it("users", "password", "nina", "--user", "nina", **signed, CISTERNA_NEW_PASSPHRASE="yet another one")
        self.run_it("users", "list", "--user", "nina", code=1, **signed)
        self.run_it("users", "list", "--user", "nina", CISTERNA_PASSPHRASE="yet another one")
        self.run_it("users", "disable", "nina", "--user", "ada")
        self.run_it("users", "list", "--user", "nina", code=3, CISTERNA_PASSPHRASE="yet another one")
        self.run_it("verify", "--user", "ada")

    def test_the_key_file_replaces_a_lost_admin(self):
        self.found()
        self.run_it("users", "disable", "ada", "--key-file", self.folder / "key")
        self.run_it("patients", "--user", "ada", code=3)
        self.run_it("users", "add", "eve", "--role", "admin", "--key-file", self.folder / "key",
                    CISTERNA_NEW_PASSPHRASE=PASSWORD)
        self.run_it("users", "add", "nina", "--role", "nurse", "--user", "eve", CISTERNA_NEW_PASSPHRASE=PASSWORD)
        self.assertIn("sound: ", self.run_it("verify", "--user", "eve").stdout)

    def test_a_new_key_file_takes_the_place_of_the_old(self):
        self.found()
        self.run_it("key", self.folder / "new", "--user", "ada")
        self.run_it("verify", "--key-file", self.folder / "new")
        self.run_it("verify", "--key-file", self.folder / "key", code=1)
        self.run_it("key", self.folder / "new", "--user", "ada", code=1)  # it is there: not written over
        self.run_it("verify", "--key-file", self.folder / "new")

    def test_verify_names_what_was_changed(self):
        self.sample()
        told = json.loads(self.run_it("verify", "--user", "otto", "--json").stdout)
        self.assertEqual((told["sound"], told["faults"], told["log_rows"]), (True, [], 22))
        self.attack("UPDATE refills SET found_nl = found_nl - 500000 WHERE id = 2")
        said = self.run_it("verify", "--user", "otto", code=5)
        self.assertIn("refills: row 2 was changed\n", said.stdout)
        self.assertIn("NOT SOUND", said.stdout)
        told = json.loads(self.run_it("verify", "--user", "otto", "--json", code=5).stdout)
        self.assertEqual((told["sound"], told["faults"]), (False, ["refills: row 2 was changed"]))

    def test_an_anchor_finds_records_put_back(self):
        self.sample()
        anchor = self.folder / "anchor"
        self.run_it("verify", "--user", "otto", "--anchor", anchor)
        first = anchor.read_text()
        backup = self.folder / "early.jsonl"
        self.run_it("backup", backup, "--user", "ada")
        self.run_it("purge", "1", "--yes", "--user", "ada")
        self.run_it("verify", "--user", "otto", "--anchor", anchor)
        self.assertNotEqual(anchor.read_text(), first)
        other = str(self.folder / "other.db")
        self.run_it("restore", backup, url=other)
        self.run_it("verify", "--user", "otto", url=other)
        said = self.run_it("verify", "--user", "otto", "--anchor", anchor, code=5, url=other)
        self.assertIn("earlier state", said.stdout)
        anchor.write_text("something else\n")
        self.run_it("verify", "--user", "otto", "--anchor", anchor, code=5)

    def test_backup_restore_and_export(self):
        self.sample()
        backup = self.folder / "backup.jsonl"
        told = json.loads(self.run_it("backup", backup, "--user", "otto", "--json").stdout)
        self.assertEqual(told["rows"], len(backup.read_text().splitlines()) - 2)
        self.assertEqual(backup.stat().st_mode & 0o777, 0o600)
        self.assertNotIn("Patient", backup.read_text())
        self.assertIn("already", self.run_it("backup", backup, "--user", "ada", code=3).stderr)
        self.assertIn("already", self.run_it("restore", backup, code=1).stderr)
        other = str(self.folder / "below" / "other.db")
        self.run_it("restore", backup, url=other, code=1)  # its folder is not there
        other = str(self.folder / "other.db")
        self.run_it("restore", backup, url=other)
        self.run_it("verify", "--user", "ada", url=other)
        cut = self.folder / "cut.jsonl"
        cut.write_bytes(backup.read_bytes()[:-200])
        self.assertIn("nothing was restored", self.run_it("restore", cut, url=str(self.folder / "third.db"), code=5).stderr)
        newer = backup.read_text().replace('"version":5', '"version":6', 1)
        cut.write_text(newer)
        self.run_it("restore", cut, url=str(self.folder / "third.db"), code=6)
        lines = [json.loads(line) for line in self.run_it("export", "--user", "ada").stdout.splitlines()]
        self.assertEqual((lines[0]["cisterna_records"], lines[-1]["end"]), (1, len(lines) - 2))
        clear = self.run_it("export", "--clear", "--user", "ada").stdout
        self.assertIn("Patient 1", json.dumps([json.loads(line) for line in clear.splitlines()], ensure_ascii=False))
        self.run_it("export", "--clear", "--user", "otto", code=3)
        self.run_it("patients", "--user", "otto", code=3)
        told = self.run_it("patients", "--user", "ada").stdout
        self.assertIn("MRN-000001", told)

    def test_a_purge_is_asked_for_twice_and_is_for_ever(self):
        self.sample()
        for stdin in ("", "2\n", "yes\n"):
            self.run_it("purge", "1", "--user", "ada", stdin=stdin, code=1 if stdin else 2)
        self.run_it("purge", "one", "--yes", "--user", "ada", code=2)
        self.run_it("purge", "9", "--yes", "--user", "ada", code=1)
        self.run_it("purge", "1", "--yes", "--user", "otto", code=3)
        self.run_it("purge", "1", "--user", "ada", stdin="1\n")
        self.run_it("purge", "1", "--yes", "--user", "ada", code=3)
        told = [json.loads(line) for line in self.run_it("patients", "--json", "--user", "ada").stdout.splitlines()]
        self.assertEqual([(patient["purged"], patient["name"] != "") for patient in told], [(True, False), (False, True)])
        self.run_it("verify", "--user", "otto")

    def test_the_audit_tells_who_did_what(self):
        self.sample()
        self.run_it("export", "--clear", "--user", "ada")
        told = [json.loads(line) for line in self.run_it("audit", "--json", "--user", "otto").stdout.splitlines()]
        self.assertEqual([row["id"] for row in told], list(range(1, len(told) + 1)))
        self.assertEqual((told[0]["action"], told[0]["at"], told[0]["user"]), ("found", "2026-03-01T12:00:00Z", 0))
        self.assertEqual((told[-1]["action"], told[-1]["user"]), ("disclose", 1))
        said = self.run_it("audit", "--from", len(told), "--user", "otto").stdout
        self.assertRegex(said, r"^ +\d+  20.*Z  user 1 +disclose head 1\n$")
        self.run_it("audit", "--from", "x", "--user", "otto", code=2)

    def test_limits_are_counted(self):
        self.sample()
        told = json.loads(self.run_it("limits", "--json", "--user", "otto").stdout.splitlines()[0])
        self.assertEqual(told, {"rule": "morphine.dose_day.soft", "shown": 2, "overridden": 1})

    def test_what_is_no_command_is_told(self):
        self.assertIn("did you mean verify", self.run_it("verfy", code=2).stderr)
        self.assertIn("did you mean --anchor", self.run_it("verify", "--ancor", "x", code=2).stderr)
        self.assertIn("needs add, list", self.run_it("users", code=2).stderr)
        self.run_it(code=2)
        self.run_it("backup", code=2)
        self.run_it("verify", "a", "b", code=2)
        self.run_it("verify", "--clear", code=2)
        said = self.run_it("--help").stdout
        self.assertTrue(said.startswith("Examples:\n"))
        self.assertEqual(self.run_it("backup", "--help").stdout, said)

    def test_a_newer_version_is_left_alone(self):
        self.sample()
        self.attack("UPDATE edition SET version = 99")
        for words in (("verify", "--user", "ada"), ("init", "--user", "eve"), ("restore", SAMPLE)):
            self.assertIn("newer", self.run_it(*words, code=6).stderr)


if __name__ == "__main__":
    unittest.main()
