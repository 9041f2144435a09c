#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the extract with a bare libxlsxwriter loop, Python's XlsxWriter, and pandas with openpyxl.

usage: compare.py BENCH_REPORT MESSAGES [STEP...]      (steps: bare extract xlsxwriter pandas; default all)

Every step runs in a process of its own and writes the same conversations and messages. Needs python3-xlsxwriter,
python3-pandas and python3-openpyxl for the steps of these names. Prints seconds, the ratio to the bare loop, and the
most memory that the process held (of "bare" this includes the prepared cells). Only ratios of one run mean anything.
"""
import os
import subprocess
import sys
import tempfile
import time

PYTHON_STEPS = {
    "xlsxwriter": """
import sqlite3, sys, xlsxwriter
database = sqlite3.connect(sys.argv[1])
book = xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True, "strings_to_urls": False})
for view in ("conversations", "messages"):
    sheet = book.add_worksheet(view)
    for number, row in enumerate(database.execute("SELECT * FROM " + view)):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
book.close()
""",
    "pandas": """
import sqlite3, sys, pandas
database = sqlite3.connect(sys.argv[1])
with pandas.ExcelWriter(sys.argv[2], engine="openpyxl") as book:
    for view in ("conversations", "messages"):
        pandas.read_sql_query("SELECT * FROM " + view, database).to_excel(book, sheet_name=view, index=False)
""",
}


def measure(command):
    """Runs it. Returns the seconds that it prints, else those that it took, and the MiB that it held at most."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit("failed: " + " ".join(command[:3]))
    return float(output or time.monotonic() - began), usage.ru_maxrss / 1024


def main():
    program, messages = sys.argv[1], sys.argv[2]
    steps = sys.argv[3:] or ["bare", "extract", "xlsxwriter", "pandas"]
    with tempfile.TemporaryDirectory(prefix="wxcc-bench-") as directory:
        archive, output = os.path.join(directory, "archive.db"), os.path.join(directory, "out.xlsx")
        measure([program, "fill", archive, messages])
        bare = None
        print("%s messages\n%-12s %9s %7s %9s" % (messages, "step", "seconds", "ratio", "MiB"))
        for step in steps:
            code = PYTHON_STEPS.get(step)
            command = ["/usr/bin/python3", "-c", code, archive, output] if code else [program, step, archive, output]
            seconds, memory = measure(command)
            bare = seconds if step == "bare" else bare
            ratio = "%.2f" % (seconds / bare) if bare else "-"
            print("%-12s %9.2f %7s %9.1f" % (step, seconds, ratio, memory), flush=True)


if __name__ == "__main__":
    main()
