#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the alert rules and the dashboard use only metrics that the program has, and that the manual lists each
of them.

usage: check_names.py ROOT
"""
import json
import os
import re
import sys

NAME = re.compile(r"\bwxcc_archive_[a-z_]+")


def names_in(path):
    with open(path, encoding="utf-8") as file:
        return set(NAME.findall(file.read()))


def main(root):
    known = names_in(os.path.join(root, "monitor/metrics.cpp"))
    assert "wxcc_archive_state" in known
    series = known | {"wxcc_archive_request_duration_seconds_bucket"}
    errors = []
    for path in ("etc/monitoring/wxcc-archive.rules.yml", "etc/monitoring/dashboard.json"):
        used = names_in(os.path.join(root, path))
        if not used:
            errors.append(f"{path}: uses no metric")
        errors += [f"{path}: unknown metric {name}" for name in sorted(used - series)]
    documented = names_in(os.path.join(root, "docs/operation.md"))
    errors += [f"docs/operation.md: lacks {name}" for name in sorted(known - documented)]
    with open(os.path.join(root, "etc/monitoring/dashboard.json"), encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    if not all(panel["targets"] for panel in panels):
        errors.append("dashboard.json: a panel uses no metric")
    print("\n".join(errors), end="\n" if errors else "")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
