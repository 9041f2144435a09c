// SPDX-License-Identifier: Apache-2.0
#include "report/formats.h"

#include <gtest/gtest.h>

#include <set>

namespace wxcc::report {
namespace {

TEST(Formats, AreFoundByNameAndEnding) {
  for (const Format& format : kFormats) {
    EXPECT_EQ(find_format(format.name), &format);
    EXPECT_EQ(format_of_file("directory.csv/extract" + std::string(format.ending)), &format);
  }
  EXPECT_EQ(find_format("pdf"), nullptr);
  EXPECT_EQ(find_format(""), nullptr);
  EXPECT_EQ(format_of_file("EXTRACT.CSV"), find_format("csv"));
  EXPECT_EQ(format_of_file("extract.csv.gz"), nullptr);
  EXPECT_EQ(format_of_file(""), nullptr);
}

TEST(Formats, HaveDistinctEndings) {
  std::set<std::string_view> endings;
  for (const Format& format : kFormats) EXPECT_TRUE(endings.insert(format.ending).second) << format.ending;
}

}  // namespace
}  // namespace wxcc::report
