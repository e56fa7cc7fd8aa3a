"""records_postgres.py - runs a program against a PostgreSQL of its own: a cluster in a temporary folder, reached through a
Unix socket alone, gone afterwards. The program finds its URL in CISTERNA_TEST_DB. The server refuses to run as root: then it
runs as the user postgres, whom Debian's package has made.

    records_postgres.py PROGRAM [WORD ...]"""
# SPDX-License-Identifier: Apache-2.0
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Cluster:
    """A server with one empty database, `records`."""

    def __init__(self, folder):
        self.folder, self.data = pathlib.Path(folder), pathlib.Path(folder, "data")
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise SystemExit("records_postgres: there is no PostgreSQL; tools/setup test installs it")
        self.programs = found[-1].parent
        self.url = f"postgresql:///records?host={folder}&user=postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")

    def run(self, name, *words):
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        ran = subprocess.run([*as_postgres, str(self.programs / name), *map(str, words)], cwd="/", check=False, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if ran.returncode != 0:
            raise SystemExit(f"records_postgres: {name} failed:\n{ran.stdout}")

    def make(self):
        # Not synced while it is made: it is thrown away when that fails. The server itself syncs, or the records refuse it.
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()
        self.run("createdb", "-h", self.folder, "-U", "postgres", "records")

    def start(self):
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=10 -c shared_buffers=64MB"
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, how="fast"):
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-m", how, "stop")

    def process(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])


@contextlib.contextmanager
def cluster():
    """A running cluster; stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="records-pg-") as folder:
        made = Cluster(folder)
        made.make()
        try:
            yield made
        finally:
            made.stop("immediate")


def main():
    with cluster() as made:
        environment = {**os.environ, "CISTERNA_TEST_DB": made.url}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
