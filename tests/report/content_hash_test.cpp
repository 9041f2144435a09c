// SPDX-License-Identifier: Apache-2.0
#include "report/content_hash.h"

#include <gtest/gtest.h>

namespace wxcc::report {
namespace {

TEST(ContentHash, HashesValuesAndSeparators) {
  ContentHash hash;
  hash.add_value("a");
  hash.add_value("");
  hash.end_row();
  hash.add_value("b\xFF");
  hash.end_row();
  EXPECT_EQ(hash.digest(), base::to_hex(base::sha256("a\x1F\x1F\x1E"
                                                     "b\uFFFD\x1F\x1E")));
}

TEST(ContentHash, OfEmptyExtractIsHashOfNoBytes) {
  EXPECT_EQ(ContentHash().digest(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(ContentHash, IsIndependentOfBufferSize) {
  ContentHash hash;
  std::string all;
  for (int row = 0; row < 100; ++row) {
    const std::string text(static_cast<std::size_t>(row) * 97, 'x');
    hash.add_value(text);
    hash.end_row();
    all += text + "\x1F\x1E";
  }
  EXPECT_EQ(hash.digest(), base::to_hex(base::sha256(all)));
}

}  // namespace
}  // namespace wxcc::report
