// SPDX-License-Identifier: Apache-2.0
#include "cli/check_steps.h"

#include <gmock/gmock.h>
namespace wxcc::cli {
namespace {

using testing::HasSubstr;

TEST(CheckSteps, ExitCodeIsThatOfFirstFailure) {
  CheckSteps steps;
  steps.ok("one", "");
  steps.warn("two", "");
  EXPECT_EQ(steps.code(), 0);
  steps.fail("three", model::Failure{.kind = model::Failure::Kind::AuthRequired, .message = "no", .http_status = 401});
  steps.fail("four", "", kConfiguration);
  EXPECT_EQ(steps.code(), kLoginRequired);
}

TEST(CheckSteps, AddsHintForFailure) {
  testing::internal::CaptureStdout();
  CheckSteps steps;
  steps.fail("search",
             model::Failure{.kind = model::Failure::Kind::Permanent, .message = "status 403", .http_status = 403});
  steps.fail("search",
             model::Failure{.kind = model::Failure::Kind::Permanent, .message = "status 404", .http_status = 404});
  const std::string output = testing::internal::GetCapturedStdout();
  EXPECT_THAT(output, HasSubstr("FAIL  search         status 403; log in with the scope"));
  EXPECT_THAT(output, HasSubstr("status 404; check that api_urls.contact_center"));
  using Kind = net::TransferFailure::Kind;
  EXPECT_THAT(hint_for(Kind::Resolve), HasSubstr("name server"));
  EXPECT_THAT(hint_for(Kind::Tls), HasSubstr("ca_file"));
  EXPECT_THAT(hint_for(Kind::Connect), HasSubstr("HTTPS_PROXY"));
}

TEST(CheckSteps, AssessesFreeDiskSpace) {
  EXPECT_TRUE(assess_disk_space(1ULL << 30U).comfortable);
  EXPECT_FALSE(assess_disk_space((1ULL << 30U) - 1).comfortable);
  EXPECT_TRUE(assess_disk_space(100ULL << 20U).sufficient);
  EXPECT_FALSE(assess_disk_space((100ULL << 20U) - 1).sufficient);
}

}  // namespace
}  // namespace wxcc::cli
