#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the manual pages: fills the lists of commands and keys into the hand-written pages, from what the program's --help
and `check --keys` print, so that neither list can go out of date. Writes compressed pages and the changelog."""

import argparse
import gzip
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def roff(text):
    """Plain text as roff: a line never begins with a control character."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    return "\\&" + text if text.startswith(".") else text


def marked(text):
    """Markdown within a line: `code` and **strong** become bold, [text](link) its text."""
    text = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text)
    parts = re.split(r"`([^`]+)`|\*\*([^*]+)\*\*", text)
    out = []
    for i in range(0, len(parts), 3):
        out.append(roff(parts[i]))
        for strong in parts[i + 1 : i + 3]:
            if strong is not None:
                out.append("\\fB" + roff(strong) + "\\fR")
    return "".join(out)


def output_of(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, encoding="utf-8").stdout


def help_of(program, *command):
    return output_of(program, *command, "--help")


def entries(help_text, heading):
    """(name, description) of the lines below a heading of --help."""
    found = []
    inside = False
    for line in help_text.splitlines():
        if not line.startswith(" "):
            inside = line == heading + ":"
        elif inside and re.match(r"  \S", line):
            name, _, description = re.sub(r"\s{2,}", "\0", line.strip(), count=1).partition("\0")
            found.append([name, description])
        elif inside and line.strip():
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return found


def tagged(name, description):
    """An option or a positional: the name bold, what it takes in italics."""
    name = re.sub(r" REQUIRED$", "", name)
    flag, _, value = name.partition(" ")
    if not flag.startswith("-"):
        value = ""
    flag = "\\fR, \\fB".join(roff(part) for part in flag.split(","))
    shown = f"\\fB{flag}\\fR" + (f" \\fI{roff(value)}\\fR" if value else "")
    return f".TP\n{shown}\n{roff(description)}\n"


def option_list(help_text, skip=("-h,--help",)):
    rows = entries(help_text, "Positionals") + entries(help_text, "Options")
    return "".join(tagged(name, description) for name, description in rows if name not in skip)


def command_list(program):
    text = ""
    for name, description in entries(help_of(program), "Subcommands"):
        details = help_of(program, name)
        text += f".SS {roff(name)}\n{roff(description)}.\n"
        text += option_list(details)
    return text


def key_list(document):
    """The tables of `check --keys`: a section for each heading, an entry for each key."""
    text = ""
    for line in document.splitlines():
        if line.startswith("## "):
            text += f".SS {roff(line[3:])}\n"
        elif line.startswith("| `"):
            key, meaning, default = [cell.strip() for cell in line.strip().strip("|").split("|")]
            names = ", ".join(f"\\fB{roff(name)}\\fR" for name in re.findall(r"`([^`]+)`", key))
            text += f".TP\n{names}\n{marked(without_note(meaning))}.\n"
            if default.startswith("required"):
                text += f"{marked(default.capitalize())}.\n"
            elif default:
                text += f"Default: {marked(without_note(default))}.\n"
    return text


def without_note(cell):
    return cell.replace(" ¹", " (see FILES)")


def write_compressed(path, text):
    # The same bytes from the same sources: no time stamp, no name.
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--changelog", type=pathlib.Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    # The program breaks its help by this.
    os.environ["COLUMNS"] = "200"
    filling = {
        "VERSION": roff(arguments.version),
        "OPTIONS": option_list(help_of(arguments.program)),
        "COMMANDS": command_list(arguments.program),
        "KEYS": key_list(output_of(arguments.program, "check", "--keys")),
    }
    for page in ("wxcc-archive.1", "wxcc-archive.json.5"):
        text = (HERE / (page + ".in")).read_text()
        for name, value in filling.items():
            text = text.replace(f"@{name}@\n", value).replace(f"@{name}@", value.rstrip("\n"))
        write_compressed(arguments.output / (page + ".gz"), text)
    write_compressed(arguments.output / "changelog.Debian.gz", arguments.changelog.read_text())


if __name__ == "__main__":
    main()
