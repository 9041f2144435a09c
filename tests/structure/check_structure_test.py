#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants one breach after the other in a small tree and looks whether check_structure.py finds it, and it alone."""
import os
import tempfile
import unittest

import check_structure

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
SOUND = {
    "CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\n",
    "base/text.h": LICENCE + "#pragma once\n#include <string>\n",
    "base/json.cpp": LICENCE + "#include <rapidjson/document.h>\n",
    "net/curl.cpp": LICENCE + '#include <curl/curl.h>\n#include "base/text.h"\n#include "net/curl.h"\n',
    "net/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nwxcc_library(net PRIVATE_USES PkgConfig::CURL)\n",
    "store/schema/0001_a.sql": "-- SPDX-License-Identifier: Apache-2.0\n",
    "tests/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nforeach(directory base)\n",
    "tests/base/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nwxcc_test(base USES base)\n",
    "tests/base/text_test.cpp": LICENCE + '#include <gtest/gtest.h>\n#include "base/text.h"\n',
}


def breaches_with(planted):
    with tempfile.TemporaryDirectory() as root:
        for path, text in {**SOUND, **planted}.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        return list(check_structure.breaches(root))


class CheckStructure(unittest.TestCase):
    def expect_one(self, planted, words):
        found = breaches_with(planted)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])
        self.assertTrue(found[0].startswith(next(iter(planted)).rsplit("/", 1)[0]), found[0])

    def test_a_sound_tree_has_no_breach(self):
        self.assertEqual(breaches_with({}), [])

    def test_an_include_upwards(self):
        self.expect_one({"base/clock.cpp": LICENCE + '#include "net/curl.h"\n'}, "may include nothing")

    def test_an_include_sideways(self):
        self.expect_one({"report/rows.cpp": LICENCE + '#include "webex/cloud.h"\n'}, "may include base, model, store")

    def test_the_simulator_shares_no_code_with_the_client(self):
        self.expect_one({"simulator/cloud.cpp": LICENCE + '#include "webex/oauth.h"\n'}, "may include base")

    def test_the_product_does_not_include_its_tests(self):
        self.expect_one({"sync/engine.cpp": LICENCE + '#include "tests/fakes.h"\n'}, "sync/ may include")

    def test_an_include_that_is_not_spelled_from_the_root(self):
        self.expect_one({"net/other.cpp": LICENCE + '#include "curl.h"\n'}, "not spelled from the root")
        self.expect_one({"net/other.cpp": LICENCE + '#include "../base/text.h"\n'}, "not spelled from the root")

    def test_a_header_of_a_library_outside_its_folder(self):
        for header in ("curl/curl.h", "sqlite3.h", "SQLiteCpp/SQLiteCpp.h", "systemd/sd-event.h", "xlsxwriter.h",
                       "spdlog/spdlog.h", "openssl/evp.h", "httplib.h", "CLI/CLI.hpp", "rapidjson/document.h"):
            with self.subTest(header):
                self.expect_one({"sync/engine.cpp": LICENCE + f"#include <{header}>\n"}, f"includes <{header}>")

    def test_one_file_of_a_folder_does_not_open_the_others(self):
        self.expect_one({"cli/config.cpp": LICENCE + "#include <CLI/CLI.hpp>\n"}, "CLI11 belongs to")

    def test_a_target_of_a_library_outside_its_folder(self):
        cmake = "# SPDX-License-Identifier: Apache-2.0\nwxcc_library(sync PRIVATE_USES SQLiteCpp)\n"
        self.expect_one({"sync/CMakeLists.txt": cmake}, "names SQLiteCpp")

    def test_a_source_without_its_licence(self):
        self.expect_one({"base/clock.cpp": "int x;\n"}, "no SPDX line")
        self.expect_one({"store/schema/0002_b.sql": "SELECT 1;\n"}, "no SPDX line")

    def test_a_vague_name(self):
        for name in ("util.cpp", "string_helper.h", "common.h", "task_manager.cpp", "misc.cpp"):
            with self.subTest(name):
                self.expect_one({f"base/{name}": LICENCE + "#pragma once\n"}, "say what it is")

    def test_tests_that_are_not_listed(self):
        directory = {"tests/net/curl_test.cpp": LICENCE,
                  "tests/net/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nwxcc_test(net USES net)\n"}
        self.expect_one(directory, "not built")

    def test_tests_without_a_program(self):
        self.expect_one({"tests/base/more/words_test.cpp": LICENCE}, "not built")

    def test_a_target_that_no_build_makes(self):
        self.expect_one(
            {"bench/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nadd_executable(b EXCLUDE_FROM_ALL b.cpp)\n"},
            "built by default",
        )

    def test_a_decision_that_the_index_does_not_list(self):
        self.expect_one({"docs/decisions/0001-one.md": "# One\n"}, "not in docs/decisions/README.md")

    def test_a_listed_decision_that_does_not_exist(self):
        self.expect_one({"docs/decisions/README.md": "* [0001](0001-one.md) One\n"}, "does not exist")

    def test_a_path_in_a_document_that_does_not_exist(self):
        self.assertEqual(breaches_with({"ARCHITECTURE.md": "`base/text` and `base/text.h`, in `base/`\n"}), [])
        found = breaches_with({"ARCHITECTURE.md": "see `base/texts.h`\n"})
        self.assertEqual(found, ["ARCHITECTURE.md: names `base/texts.h`, which does not exist"])


if __name__ == "__main__":
    unittest.main()
