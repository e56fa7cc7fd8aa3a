"""planning.py - asking `cisterna plan`, and an answer that is as its schema says."""
# SPDX-License-Identifier: Apache-2.0
import json

import jsonschema

from common import DEV, ROOT, cisterna

SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text()))
ZICONOTIDE = ("--drug", "ziconotide", "--concentration", "25 mcg/mL")


def plan(question, *words, code=0):
    """The answer as JSON, which must be as the schema says; with this exit code."""
    done = cisterna(DEV, "plan", question, *words, "--json")
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
    answer = json.loads(done.stdout)
    SCHEMA.validate(answer)
    assert answer["plan"] == question
    return answer


def told(answer, rule, level="hard limit"):
    """The texts of one rule at one level."""
    return [check["text"] for check in answer["checks"] if check["rule"] == rule and check["level"] == level]
