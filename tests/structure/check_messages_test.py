#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks check_messages.py on a small tree."""
import os
import tempfile
import unittest

import check_messages


def differences_between(source, rows):
    with tempfile.TemporaryDirectory() as root:
        for directory in ("sync", "docs"):
            os.mkdir(os.path.join(root, directory))
        with open(os.path.join(root, "sync/a.cpp"), "w", encoding="utf-8") as file:
            file.write(source)
        with open(os.path.join(root, check_messages.DOCUMENT), "w", encoding="utf-8") as file:
            file.write("| message | cause |\n|---|---|\n" + "".join(f"| `{row}` | a cause |\n" for row in rows))
        return list(check_messages.differences(root))


class CheckMessages(unittest.TestCase):
    def test_accepts_a_message_with_its_row(self):
        self.assertEqual(differences_between('base::log::warning("poll: {} failed", what);', ["poll: … failed"]), [])

    def test_finds_a_warning_without_a_row(self):
        self.assertEqual(len(differences_between('base::log::warning("poll: failed");', [])), 1)

    def test_finds_a_thrown_message_without_a_row(self):
        self.assertEqual(len(differences_between('throw base::Error(fmt::format("no {} there", task));', [])), 1)

    def test_joins_literals_of_several_lines(self):
        self.assertEqual(differences_between('log::error("one "\n    "two {}", x);', ["one two …"]), [])

    def test_skips_texts_that_only_pass_another_on(self):
        self.assertEqual(differences_between('log::error("{}: {}", a, b); throw base::FileError("reading", path, 1);', []), [])

    def test_finds_a_row_that_is_not_in_the_source(self):
        self.assertEqual(len(differences_between("", ["poll: failed"])), 1)

    def test_finds_a_message_with_two_rows(self):
        self.assertNotEqual(differences_between('log::error("poll: failed");', ["poll: failed", "poll: failed"]), [])


if __name__ == "__main__":
    unittest.main()
