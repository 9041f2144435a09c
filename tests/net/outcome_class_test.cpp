// SPDX-License-Identifier: Apache-2.0
#include "net/outcome_class.h"

#include <gtest/gtest.h>

namespace wxcc::net {
namespace {

using base::Millis;
using Kind = TransferFailure::Kind;

const base::Instant kNow = base::from_ms(1'767'225'600'000);  // 2026-01-01T00:00:00Z

Outcome response(int status, Headers headers = {}) {
  Response result;
  result.status = status;
  result.headers = std::move(headers);
  return result;
}
Outcome failure(Kind kind) {
  return base::make_unexpected(TransferFailure{kind, "why"});
}

TEST(OutcomeClass, ClassifiesResponsesByStatus) {
  struct Row {
    int status;
    OutcomeClass expected;
  };
  for (const auto& [status, expected] : {
           Row{200, OutcomeClass::Success},   Row{201, OutcomeClass::Success},   Row{204, OutcomeClass::Success},
           Row{299, OutcomeClass::Success},   Row{301, OutcomeClass::Permanent}, Row{302, OutcomeClass::Permanent},
           Row{304, OutcomeClass::Permanent}, Row{400, OutcomeClass::Permanent}, Row{401, OutcomeClass::Unauthorized},
           Row{403, OutcomeClass::Permanent}, Row{404, OutcomeClass::Permanent}, Row{408, OutcomeClass::Transient},
           Row{409, OutcomeClass::Permanent}, Row{413, OutcomeClass::Permanent}, Row{422, OutcomeClass::Permanent},
           Row{428, OutcomeClass::Permanent}, Row{429, OutcomeClass::Throttled}, Row{499, OutcomeClass::Permanent},
           Row{500, OutcomeClass::Transient}, Row{501, OutcomeClass::Transient}, Row{502, OutcomeClass::Transient},
           Row{503, OutcomeClass::Transient}, Row{504, OutcomeClass::Transient}, Row{599, OutcomeClass::Transient},
       })
    EXPECT_EQ(classify(response(status)), expected) << status;
}

TEST(OutcomeClass, ClassifiesFailuresByKind) {
  for (const Kind kind : {Kind::Resolve, Kind::Connect, Kind::Tls, Kind::Timeout, Kind::Stalled, Kind::Interrupted})
    EXPECT_EQ(classify(failure(kind)), OutcomeClass::Transient);
  for (const Kind kind : {Kind::TooLarge, Kind::BadRequest})
    EXPECT_EQ(classify(failure(kind)), OutcomeClass::Permanent);
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  struct Row {
    const char* header;
    std::optional<Millis> expected;
  };
  const Row rows[] = {
      {"0", Millis(0)},
      {"4", Millis(4'000)},
      {" 120 ", Millis(120'000)},
      {"3600", Millis(3'600'000)},
      {"3601", Millis(3'600'000)},
      {"18446744073709551615", Millis(3'600'000)},
      {"Thu, 01 Jan 2026 00:00:30 GMT", Millis(30'000)},
      {"Wed, 31 Dec 2025 23:59:59 GMT", Millis(0)},
      {"Fri, 02 Jan 2026 00:00:00 GMT", Millis(3'600'000)},
      {"", std::nullopt},
      {"-5", std::nullopt},
      {"1.5", std::nullopt},
      {"soon", std::nullopt},
      {"4 seconds", std::nullopt},
  };
  for (const auto& [header, expected] : rows)
    EXPECT_EQ(retry_after(*response(429, {{"retry-after", header}}), kNow), expected) << header;
  EXPECT_EQ(retry_after(*response(429), kNow), std::nullopt);
}

}  // namespace
}  // namespace wxcc::net
