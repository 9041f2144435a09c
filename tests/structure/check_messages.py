#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares docs/troubleshooting.md with the warnings and errors in the source.

Every text that is logged as a warning or an error or is thrown has a row of its own, and the text of every row is in the
source. A placeholder is written as an ellipsis. Errors of the operating system on a file (FileError) have one row together.

usage: check_messages.py ROOT      prints one line per difference, exits 1 when there is one
"""
import os
import re
import sys

DIRECTORIES = ("base", "model", "systemd", "net", "store", "webex", "report", "sync", "monitor", "daemon", "cli")
DOCUMENT = "docs/troubleshooting.md"
RAISED = re.compile(r"\blog::(?:warning|error)\(|\bthrow (?!base::FileError|FileError|CLI::)[\w:]+\(")
LITERALS = re.compile(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def as_written(literals):
    text = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', literals))
    text = re.sub(r"\{[^{}]*\}", "…", text.replace('\\"', '"').replace("{{", "{").replace("}}", "}"))
    return text.strip()


# Without a word of its own a text only passes another one on.
def has_words(text):
    return re.search(r"[a-z]{3,}", text.replace("…", "")) is not None


def statement_at(source, start):
    depth = 0
    for token in re.finditer(r'"(?:\\.|[^"\\\n])*"|[();]', source[start:]):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth == 0 and token.group() in ");":
            return source[start : start + token.end()]
    return source[start:]


def texts_in(source):
    return {as_written(found.group()) for found in LITERALS.finditer(source)}


def raised_in(source):
    for call in RAISED.finditer(source):
        for found in LITERALS.finditer(statement_at(source, call.start())):
            text = as_written(found.group())
            if has_words(text):
                yield text
                break


def sources_of(root):
    for top in DIRECTORIES:
        for directory, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".cpp", ".h")):
                    path = os.path.join(directory, name)
                    with open(path, encoding="utf-8") as file:
                        yield os.path.relpath(path, root), COMMENT.sub("", file.read())


def documented_in(document):
    return re.findall(r"^\| ``? ?(.+?) ?``? \|", document, re.MULTILINE)


def differences(root):
    with open(os.path.join(root, DOCUMENT), encoding="utf-8") as file:
        documented = [row.replace("\\|", "|") for row in documented_in(file.read())]
    written = set()
    for path, source in sources_of(root):
        written |= texts_in(source)
        for text in raised_in(source):
            if text not in documented:
                yield f"{path}: `{text}` has no row in {DOCUMENT}"
    for row in documented:
        if not any(row in text for text in written):
            yield f"{DOCUMENT}: `{row}` is not in the source"
        if documented.count(row) > 1:
            yield f"{DOCUMENT}: `{row}` has two rows"


def main(arguments):
    if len(arguments) != 2 or not os.path.isdir(arguments[1]):
        print(__doc__, file=sys.stderr)
        return 2
    found = sorted(set(differences(arguments[1])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
