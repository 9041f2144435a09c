#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks subjects of commits, a line each on standard input: "area: imperative change", at most 72 characters.

usage: git log --no-merges --format=%s RANGE | check_subjects.py      prints one line per breach, exits 1 when there is one
"""
import re
import sys

MAX_LENGTH = 72
AREAS = {
    "base", "model", "systemd", "net", "store", "webex", "report", "sync", "monitor", "daemon", "cli", "simulator",
    "bench", "cmake", "ci", "docs", "etc", "packaging", "tests", "tools",
}  # fmt: skip
# Verbs whose base form ends like an inflected one.
BASE_FORMS = {"bring", "embed", "exceed", "feed", "need", "seed", "speed", "spring", "focus", "bias"}
INFLECTED = re.compile(r".*(ing|ed|[^s]s)$")


def breach_of(subject):
    if len(subject) > MAX_LENGTH:
        return f"has {len(subject)} characters, at most {MAX_LENGTH}"
    shape = re.fullmatch(r"([a-z, ]+): ([a-z]+)\b.*[^.]", subject)
    if not shape:
        return 'is not "area: imperative change" in lower case without a full stop'
    unknown = [area for area in shape.group(1).split(", ") if area not in AREAS]
    if unknown:
        return f"names no area of the tree: {', '.join(unknown)}"
    verb = shape.group(2)
    if INFLECTED.match(verb) and verb not in BASE_FORMS:
        return f'begins with "{verb}", not an imperative'
    return None


def main():
    breaches = [(subject, breach) for subject in sys.stdin.read().splitlines() if (breach := breach_of(subject))]
    for subject, breach in breaches:
        print(f'"{subject}" {breach}')
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
