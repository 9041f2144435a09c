# SPDX-License-Identifier: Apache-2.0
"""Compares the XML parts of a workbook with golden ones: golden.py WORKBOOK DIRECTORY. With --write after them, writes the golden parts.

Parts are compared in canonical form, one element on each line. Prints what differs; exits 1 then.
"""
import difflib
import os
import re
import sys
import xml.etree.ElementTree
import zipfile

PARTS = ["xl/workbook.xml", "xl/styles.xml", "xl/drawings/drawing1.xml", "xl/charts/chart1.xml", "docProps/core.xml"]
PARTS += ["xl/worksheets/sheet%d.xml" % number for number in range(1, 6)]


def canonical(text):
    lines = xml.etree.ElementTree.canonicalize(text).replace("><", ">\n<") + "\n"
    # The schema version is not part of the rendering.
    return re.sub(r"(<t>Schema version</t>.*?<v>)\d+", r"\1N", lines, count=1, flags=re.DOTALL)


def main():
    book, directory, same = zipfile.ZipFile(sys.argv[1]), sys.argv[2], True
    for part in PARTS:
        found = canonical(book.read(part).decode())
        path = os.path.join(directory, part.rsplit("/", 1)[1])
        if "--write" in sys.argv:
            open(path, "w", encoding="utf-8").write(found)
        wanted = open(path, encoding="utf-8").read()
        difference = list(difflib.unified_diff(wanted.splitlines(), found.splitlines(), part, "found", n=1, lineterm=""))
        same = same and not difference
        print("\n".join(difference[:40]), end="")
    return 0 if same else 1


sys.exit(main())
