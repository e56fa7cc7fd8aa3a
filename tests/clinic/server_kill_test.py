"""server_kill_test.py - the server is killed in the middle of writes, again and again: what it acknowledged is there afterwards,
once, and the records verify. HZ-33.

    server_kill_test.py [--kills N] [--seed S]"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import http.client
import pathlib
import random
import signal
import sys
import tempfile
import threading

from server_common import Server, records_make

READ_PAGE = 100


def write_until_gone(person, round_number, writer, kept, tried):
    """Adds patients until the server is gone; what was answered 201 goes to `kept`."""
    number = 0
    while True:
        identifier = f"r{round_number}-w{writer}-{number}"
        number += 1
        tried.append(identifier)
        try:
            answer = person.ask("POST", "/api/patients", {"name": f"Person {identifier}", "birth_date": "1950-12-31",
                                                         "identifier": identifier})
        except (ConnectionError, http.client.HTTPException):
            return
        if answer.status == 201:
            kept.append(identifier)
        elif answer.status not in (429, 503):
            raise AssertionError((answer.status, answer.body))


def patients_of(server):
    admin, found, number = server.sign_in("ada"), [], 1
    while number:
        page = admin.ask("GET", f"/api/patients?from={number}&limit={READ_PAGE}").json
        found += [patient["identifier"] for patient in page["patients"]]
        number = page["next"]
    whole = admin.ask("POST", "/api/audit/verify").json
    assert whole["whole"], whole
    return found


def kill_once(url, chance, round_number, kept, tried):
    server = Server(url)
    people = [server.sign_in(name) for name in ("ada", "nina")]
    before = len(kept)
    writers = [threading.Thread(target=write_until_gone, args=(person, round_number, at, kept, tried))
               for at, person in enumerate(people)]
    for writer in writers:
        writer.start()
    wanted = before + chance.randrange(1, 12)
    while len(kept) < wanted and any(writer.is_alive() for writer in writers):
        people[0].ask("GET", "/api/health")
    server.stop(signal.SIGKILL)
    for writer in writers:
        writer.join()
    server.messages.close()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=6)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance, kept, tried = random.Random(given.seed), [], []
    with tempfile.TemporaryDirectory(prefix="clinic-") as folder:
        url = records_make(pathlib.Path(folder))
        for round_number in range(given.kills):
            kill_once(url, chance, round_number, kept, tried)
        server = Server(url)
        found = patients_of(server)
        code, said = server.end()
        assert code == 0 and "Sanitizer" not in said, said
    assert kept and len(found) == len(set(found)), "somebody is there twice"
    lost = set(kept) - set(found)
    assert not lost, f"acknowledged and lost: {lost}"
    strangers = {one for one in found if one.startswith("r")} - set(tried)
    assert not strangers, f"never asked for: {strangers}"
    print(f"{given.kills} kills, seed {given.seed}: {len(kept)} patients acknowledged, {len(found)} found, none lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
