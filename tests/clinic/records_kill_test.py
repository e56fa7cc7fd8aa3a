"""records_kill_test.py - a writer of records is killed (kill -9) at moments of chance, again and again: what it said was kept is
there, whole, nothing half-written is, and everything verifies. With SQLite it is killed by turns from outside and in the middle
of a write to the file, of which a part of chance is done; with PostgreSQL from outside, each tenth time the server with it.

    records_kill_test.py WRITER [--postgres] [--kills 1000] [--seed 1]"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import os
import pathlib
import random
import signal
import subprocess
import tempfile

import records_postgres

# Records before everything begins anew, so that a check stays short; and the most in one life of a writer.
ANEW, LIFE = 60, 30
# The writes to its files that one record takes, about: so that a death by write comes before the life has ended.
WRITES = 20


class Ward:
    """The records, and how many of them are known to be kept."""

    def __init__(self, writer, url, chance, cluster):
        self.writer, self.url, self.chance, self.cluster = writer, url, chance, cluster
        self.kept = 0

    def run(self, *words):
        ran = subprocess.run([self.writer, self.url, *map(str, words)], check=False, capture_output=True, text=True)
        if ran.returncode != 0:
            raise SystemExit(f"records_kill_test: {words}: exit {ran.returncode}\n{ran.stderr}")
        return ran.stdout

    def found(self):
        if self.cluster:
            self.cluster.run("psql", "-q", "-h", self.cluster.folder, "-U", "postgres", "-d", "records", "-c",
                             "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        else:
            for name in pathlib.Path(self.url).parent.glob("*"):
                name.unlink()
        self.run("found")
        self.kept = 0

    def life(self, kill):
        """One life of a writer; True when it, or the server, was killed before it had ended by itself."""
        with_server = self.cluster is not None and kill % 10 == 9
        inside = not self.cluster and kill % 2 == 0
        death = [str(self.chance.randint(1, LIFE * WRITES // 2))] if inside else []
        passed = LIFE + 1 if inside else self.chance.randint(0, LIFE // 2)
        with subprocess.Popen([self.writer, self.url, "write", str(LIFE), *death], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as writer:
            for _ in range(passed):
                line = writer.stdout.readline()
                if not line:
                    break
                self.kept = int(line)
            if not inside:
                for _ in range(self.chance.randint(0, 200000)):  # it goes on meanwhile, as far as chance will have it
                    pass
                if with_server:
                    self.cluster.stop("immediate")  # at once, without a checkpoint: it has to recover from its log
                writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:  # what it had said before it died
                self.kept = int(line) if line.endswith("\n") else self.kept
        if with_server:
            self.cluster.start()
        return writer.returncode == -signal.SIGKILL or (with_server and writer.returncode != 0)

    def check(self):
        self.kept = int(self.run("check", self.kept))


def campaign(ward, kills):
    killed, records = 0, 0
    ward.found()
    for kill in range(kills):
        killed += ward.life(kill)
        before = ward.kept
        ward.check()
        records += ward.kept - before  # one that was kept and not told of any more
        if ward.kept >= ANEW:
            ward.found()
    print(f"{kills} lives, {killed} ended by kill -9, {records} records kept whose acknowledgement was never heard, none lost")
    if killed < kills * 9 // 10:
        raise SystemExit("records_kill_test: too few writers were killed: they ended by themselves")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("writer")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    if given.postgres:
        with records_postgres.cluster() as cluster:
            campaign(Ward(given.writer, cluster.url, chance, cluster), given.kills)
    else:
        with tempfile.TemporaryDirectory(prefix="records-kill-") as folder:
            campaign(Ward(given.writer, os.path.join(folder, "records.db"), chance, None), given.kills)


if __name__ == "__main__":
    main()
