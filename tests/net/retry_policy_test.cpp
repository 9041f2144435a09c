// SPDX-License-Identifier: Apache-2.0
#include "net/retry_policy.h"

#include <gtest/gtest.h>

namespace wxcc::net {
namespace {

using base::Millis;
using Kind = TransferFailure::Kind;

const base::Instant kNow = base::from_ms(1'767'225'600'000);  // 2026-01-01T00:00:00Z

Outcome answer(int status, Headers headers = {}) {
  Response response;
  response.status = status;
  response.headers = std::move(headers);
  return response;
}
Outcome failure(Kind kind) {
  return base::make_unexpected(TransferFailure{kind, "why"});
}

TEST(RetryPolicy, JudgesAnswersByTheirStatus) {
  struct Row {
    int status;
    Verdict verdict;
  };
  for (const auto& [status, verdict] : {
           Row{200, Verdict::Success},   Row{201, Verdict::Success},   Row{204, Verdict::Success},
           Row{299, Verdict::Success},   Row{301, Verdict::Permanent}, Row{302, Verdict::Permanent},
           Row{304, Verdict::Permanent}, Row{400, Verdict::Permanent}, Row{401, Verdict::Unauthorized},
           Row{403, Verdict::Permanent}, Row{404, Verdict::Permanent}, Row{408, Verdict::Transient},
           Row{409, Verdict::Permanent}, Row{413, Verdict::Permanent}, Row{422, Verdict::Permanent},
           Row{428, Verdict::Permanent}, Row{429, Verdict::Throttled}, Row{499, Verdict::Permanent},
           Row{500, Verdict::Transient}, Row{501, Verdict::Transient}, Row{502, Verdict::Transient},
           Row{503, Verdict::Transient}, Row{504, Verdict::Transient}, Row{599, Verdict::Transient},
       })
    EXPECT_EQ(verdict_of(answer(status)), verdict) << status;
}

TEST(RetryPolicy, JudgesFailuresByTheirKind) {
  for (const Kind kind : {Kind::Resolve, Kind::Connect, Kind::Tls, Kind::Timeout, Kind::Stalled, Kind::Interrupted})
    EXPECT_EQ(verdict_of(failure(kind)), Verdict::Transient);
  for (const Kind kind : {Kind::TooLarge, Kind::BadRequest}) EXPECT_EQ(verdict_of(failure(kind)), Verdict::Permanent);
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
    EXPECT_EQ(retry_after(*answer(429, {{"retry-after", header}}), kNow), expected) << header;
  EXPECT_EQ(retry_after(*answer(429), kNow), std::nullopt);
}

TEST(RetryPolicy, DoublesUpToTheLongestPause) {
  const RetryPolicy policy{Millis(1'000), Millis(60'000), 100};
  struct Row {
    int tries;
    int whole;
  };
  for (const auto& [tries, whole] : {Row{1, 1'000}, Row{2, 2'000}, Row{3, 4'000}, Row{6, 32'000}, Row{7, 60'000},
                                     Row{8, 60'000}, Row{1'000'000, 60'000}}) {
    EXPECT_EQ(policy.pause(tries, 0.0), Millis(whole / 2)) << tries;
    EXPECT_GE(policy.pause(tries, 0.999999), Millis(whole - 1)) << tries;
    EXPECT_LE(policy.pause(tries, 0.999999), Millis(whole)) << tries;
    EXPECT_EQ(policy.pause(tries, 0.5), Millis(whole * 3 / 4)) << tries;
  }
}

TEST(RetryPolicy, AFirstPauseOverTheLongestIsCut) {
  EXPECT_EQ((RetryPolicy{Millis(90'000), Millis(60'000), 5}.pause(1, 0.0)), Millis(30'000));
}

TEST(RetryPolicy, GivesUpAfterItsTries) {
  const RetryPolicy policy{Millis(1'000), Millis(60'000), 3};
  EXPECT_EQ(policy.next_pause(1, 0.0, std::nullopt), Millis(500));
  EXPECT_EQ(policy.next_pause(2, 0.0, std::nullopt), Millis(1'000));
  EXPECT_EQ(policy.next_pause(3, 0.0, std::nullopt), std::nullopt);
  EXPECT_EQ(policy.next_pause(3, 0.0, Millis(1)), std::nullopt);
}

TEST(RetryPolicy, ObeysRetryAfterWhenItIsLonger) {
  const RetryPolicy policy;
  EXPECT_EQ(policy.next_pause(1, 0.0, Millis(4'000)), Millis(4'000));
  EXPECT_EQ(policy.next_pause(1, 0.0, Millis(90'000)), Millis(90'000));
  EXPECT_EQ(policy.next_pause(4, 0.0, Millis(1'000)), Millis(4'000));
}

}  // namespace
}  // namespace wxcc::net
