// SPDX-License-Identifier: Apache-2.0
#include "base/name_suggestions.h"

#include <gmock/gmock.h>

namespace wxcc::base {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SuggestNames, ReturnsContainingAndSimilarNames) {
  const std::vector<std::string> known = {"Billing", "Parcels EU", "Parcels US", "Returns", "Refunds", ""};
  EXPECT_THAT(suggest_names("parcels", known), ElementsAre("Parcels EU", "Parcels US"));
  EXPECT_THAT(suggest_names("Retruns", known), ElementsAre("Returns"));
  EXPECT_THAT(suggest_names("BILING", known), ElementsAre("Billing"));
  EXPECT_THAT(suggest_names("xyz", known), IsEmpty());
  EXPECT_THAT(suggest_names("", known), ElementsAre(""));
  EXPECT_THAT(suggest_names("parcels", {}), IsEmpty());
  EXPECT_THAT(suggest_names("parcels", known, 1), ElementsAre("Parcels EU"));
}

}  // namespace
}  // namespace wxcc::base
