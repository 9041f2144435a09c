#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants words of each kind and checks that check_vocabulary.py finds them, and nothing else."""
import unittest

import check_vocabulary


def words_in(path, text):
    return [word for _, word, _ in check_vocabulary.findings(path, text)]


class CheckVocabulary(unittest.TestCase):
    def test_accepts_terms_of_the_field(self):
        source = 'int retry_delay = 0;  // The delay before the next attempt.\nlog("search: request rejected");\n'
        self.assertEqual(words_in("sync/a.cpp", source), [])

    def test_finds_parts_of_identifiers(self):
        self.assertEqual(words_in("sync/a.cpp", "int roll_dice(); bool TokenAnswer; int asked_;"), ["roll_dice", "TokenAnswer", "asked_"])

    def test_ignores_longer_words_in_identifiers(self):
        self.assertEqual(words_in("sync/a.cpp", "int task; int basket; int essay; int masked;"), [])

    def test_finds_constants_without_a_noun(self):
        self.assertEqual(words_in("sync/a.cpp", "kLongest kLongestDelay kMany"), ["kLongest", "kMany"])

    def test_finds_prose_in_strings_and_comments(self):
        self.assertEqual(words_in("sync/a.cpp", '// The cloud is down.\nf("asked for twice");'), ["The cloud", "asked for"])

    def test_finds_prose_in_raw_strings(self):
        self.assertEqual(words_in("sync/a.cpp", 'R"(the\nfolder)"'), ["folder"])

    def test_gives_the_line_of_a_finding(self):
        found = list(check_vocabulary.findings("sync/a.cpp", 'f("a");\n\n// patience\n'))
        self.assertEqual([(number, word) for number, word, _ in found], [(3, "patience")])

    def test_checks_documents_as_prose(self):
        self.assertEqual(sorted(words_in("docs/a.md", "The answer stands.\nNobody looks at it.\n")), ["Nobody", "looks at"])


if __name__ == "__main__":
    unittest.main()
