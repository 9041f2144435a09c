// SPDX-License-Identifier: Apache-2.0
#include "cli/login/pasted_line.h"

#include <gtest/gtest.h>

namespace wxcc::cli {
namespace {

TEST(PastedLine, StripsQuotesAndBlanks) {
  const char* const address = "http://localhost:1/callback?code=a&state=b";
  for (const char* pattern : {"{}", "  {}\r", "\"{}\"", "'{}'", "<{}>", "\t<\"{}\"> "}) {
    std::string line = pattern;
    line.replace(line.find("{}"), 2, address);
    EXPECT_EQ(strip_pasted(line), address) << line;
  }
  EXPECT_EQ(strip_pasted(" \"\" "), "");
}

}  // namespace
}  // namespace wxcc::cli
