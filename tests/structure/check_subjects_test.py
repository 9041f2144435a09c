#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import unittest

from check_subjects import breach_of


class CheckSubjects(unittest.TestCase):
    def test_accepts_areas_with_an_imperative(self):
        for subject in ("sync: retry malformed responses once", "webex, net: embed the table", "store: pass rows by value"):
            self.assertIsNone(breach_of(subject), subject)

    def test_finds_other_shapes(self):
        for subject in ("Lose nothing", "sync: Retry", "sync: retry.", "sync retry", "attic: retry once", "sync: retries once",
                        "sync: retried once", "sync: " + "retry " * 12):  # fmt: skip
            self.assertIsNotNone(breach_of(subject), subject)


if __name__ == "__main__":
    unittest.main()
