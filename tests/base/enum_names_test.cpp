// SPDX-License-Identifier: Apache-2.0
#include "base/enum_names.h"

#include <gtest/gtest.h>

namespace wxcc::base {
namespace {

enum class Side { Left, Right };
constexpr auto kSideNames = enum_names<Side>({{Side::Left, "left"}, {Side::Right, "right"}});

static_assert(kSideNames.text_of(Side::Right) == "right");
static_assert(kSideNames.size() == 2);

TEST(EnumNames, ParsesOnlyKnownNames) {
  for (const EnumName<Side>& row : kSideNames) EXPECT_EQ(kSideNames.parse(row.text), row.value);
  EXPECT_EQ(kSideNames.parse("Left"), std::nullopt);
  EXPECT_EQ(kSideNames.parse(""), std::nullopt);
}

}  // namespace
}  // namespace wxcc::base
