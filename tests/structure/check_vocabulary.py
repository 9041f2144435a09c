#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finds words that are not the project's terms; CONTRIBUTING.md has the terms that are.

usage: check_vocabulary.py ROOT [PATH]...      prints one line per word found, exits 1 when there is one
"""
import os
import re
import subprocess
import sys

# Word, in any inflection: the term to use. Words are compared with the parts of identifiers and with the words of string
# literals, comments and documents.
EVERYWHERE = {
    r"dice": "jitter, random",
    r"patience|patient": "timeout, deadline, FailFast",
    r"troubles?": "error, warning, failure",
    r"belie(f|ve|ves|ved)": "accept, valid, plausible",
    r"doubts?|doubtful": "suspect",
    r"asking|askings": "request, fetch, attempt",
    r"verdicts?": "class, result",
    r"complains?|complained": "report, warn, fail",
    r"upkeep": "maintenance",
    r"knobs?": "option",
    r"leftovers?": "stale file, remainder",
    r"folders?": "directory",
}
# In the parts of identifiers alone: plain English elsewhere.
IDENTIFIERS = {
    r"ask|asks|asked": "request, fetch, poll, query, schedule",
    r"tell|tells|told|says?|said": "log, report, print, publish",
    r"answers?|answered": "response, on_response",
    r"people": "text, humanize",
    r"beside": "sibling",
    r"wrong": "invalid, mismatch, fail",
    r"pauses": "delays",
    r"kept": "stored, retained",
    r"somebody|nobody|everybody|whoever": "the owner, the group, other users",
}
# In string literals, comments and documents.
PROSE = {
    r"stand-in": "simulator",
    r"in the way": "blocks",
    r"goes on|went on": "continues",
    r"(is|was|are|were|be|been) told": "is reported, is logged",
    r"asked for": "requested",
    r"this machine's clock": "the local clock",
    r"the cloud('s)?": "the Webex API, the API",
    r"looks? at": "check, inspect",
    r"whoever|nobody|somebody": "name the party",
}
# A constant contains its noun: kMaxRetryDelay, not kLongest.
ADJECTIVE = re.compile(
    r"\bk(Shortest|Longest|Largest|Smallest|Few|Fewest|Many|Most|Least|Again|Every|First|Last|Next|Recent|Fresh|Large|Small|Long|Short|Live|Times|Weeks|Days|Max|Min)\b"
)
# Names that libraries prescribe.
PRESCRIBED = {"Tell"}
# The lists of the words themselves.
EXEMPT = ("tests/structure/", "docs/renamed.md")
# What customers and agents write.
PROSE_EXEMPT = ("simulator/cloud/phrases",)
SOURCES = (".cpp", ".h", ".sql", ".py")
BINARIES = (".db", ".png")

TOKEN = re.compile(r'R"\((?P<raw>.*?)\)"|"(?P<string>(?:\\.|[^"\\\n])*)"|//(?P<comment>[^\n]*)|(?P<word>[A-Za-z_]\w*)|\n', re.DOTALL)
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def compiled(words):
    return [(re.compile(rf"\b({word})\b", re.IGNORECASE), term) for word, term in words.items()]


EVERYWHERE, IDENTIFIERS, PROSE = compiled(EVERYWHERE), compiled(IDENTIFIERS), compiled(PROSE)


def in_prose(text):
    return [(found.group(), term) for pattern, term in (*EVERYWHERE, *PROSE) for found in pattern.finditer(text)]


def in_identifier(name):
    if name in PRESCRIBED:
        return
    if ADJECTIVE.match(name):
        yield name, "a constant contains its noun"
    parts = " ".join(PART.findall(name))
    for pattern, term in (*EVERYWHERE, *IDENTIFIERS):
        if pattern.search(parts):
            yield name, term


def findings(path, text):
    if not path.endswith(SOURCES):
        for number, line in enumerate(text.split("\n"), 1):
            for word, term in in_prose(line):
                yield number, word, term
        return
    number = 1
    for token in TOKEN.finditer(text):
        prose = token.group("raw") or token.group("string") or token.group("comment")
        found = in_identifier(token.group("word")) if token.group("word") else in_prose(prose) if prose else ()
        if not (prose and path.startswith(PROSE_EXEMPT)):
            for word, term in found:
                yield number, word, term
        number += token.group().count("\n")


def main(arguments):
    if len(arguments) < 2 or not os.path.isdir(arguments[1]):
        print(__doc__, file=sys.stderr)
        return 2
    root = arguments[1]
    listed = subprocess.run(["git", "-C", root, "ls-files", *arguments[2:]], capture_output=True, text=True, check=True).stdout
    breached = False
    for path in listed.splitlines():
        if path.startswith(EXEMPT) or path.endswith(BINARIES):
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, word, term in findings(path, file.read()):
                breached = True
                print(f"{path}:{number}: {word}: {term}")
    return 1 if breached else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
