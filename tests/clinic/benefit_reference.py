#!/usr/bin/env python3
# benefit_reference.py - whether a rising dose still serves the patient, decided a second time from the words of
# clinic/planner/benefit.h, in Python's exact fractions: each line of benefit_emit must come out the same.
# usage: benefit_reference.py EMIT SEED COUNT
# SPDX-License-Identifier: Apache-2.0
import json
import subprocess
import sys
from collections import Counter
from fractions import Fraction

DAY = 86400000
SPAN, ROOM = 365 * DAY, 64
LEAST_SHARE = 200  # each verdict at least once in so many histories


def newest(things):
    """By time, those of one moment as they were added; no more than there is room for."""
    return sorted(things, key=lambda thing: thing[0])[-ROOM:]


def dose_of(therapy, drug):
    return next(((Fraction(num, den), conc) for code, conc, num, den in therapy[1] if code == drug), (Fraction(0), 0))


def judge(drug, now, therapies, scores):
    therapies = [therapy for therapy in newest(therapies) if therapy[0] <= now]
    scores = newest(scores)

    def said(behind, upto):
        heard = [score for score in scores if behind < score[0] <= upto]
        return heard[-1] if heard else None

    last = dose_of(therapies[-1], drug)[0] if therapies else None
    stretches = []
    for place, (begin, end) in enumerate(zip(therapies, therapies[1:])):
        dose, conc = dose_of(begin, drug)
        if begin[0] < end[0] < now and now - end[0] < SPAN and dose > 0 and last / dose >= Fraction(3, 2):
            was = said(begin[0], end[0])
            stretches.append((was is None, dose, -place, begin[0], end[0], conc, was))
    if not stretches:
        return ["steady dose", None, None, None, None, None]
    *_, came, left, conc, was = min(stretches, key=lambda stretch: stretch[:3])
    now_said = said(left, now)
    if was is None or now_said is None:
        word = "benefit not known"
    else:
        more_pain = now_said[1] - was[1]
        more_relief = now_said[2] - was[2] if min(now_said[2], was[2]) >= 0 else 0
        if more_pain >= 1 or more_relief <= -10:
            word = "benefit falling"
        else:
            word = "benefit gained" if more_pain <= -2 or more_relief >= 10 else "no benefit gained"
    return [word, came, left, conc, was, now_said]


def main(emit, seed, count):
    told = subprocess.run([emit, seed, count], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    verdicts, wrong = Counter(), 0
    for number, text in enumerate(told, 1):
        drug, now, therapies, scores, *got = json.loads(text)
        expected = judge(drug, now, therapies, scores)
        verdicts[expected[0]] += 1
        if got != expected:
            wrong += 1
            if wrong <= 5:
                print(f"history {number}: told {got}, expected {expected}\n  {text}")
    rare = [word for word in ("steady dose", "benefit gained", "benefit not known", "no benefit gained", "benefit falling")
            if verdicts[word] * LEAST_SHARE < len(told)]
    print(f"{len(told)} histories, {wrong} otherwise; {dict(verdicts)}")
    return 1 if wrong > 0 or rare or len(told) != int(count) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
