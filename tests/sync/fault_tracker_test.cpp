// SPDX-License-Identifier: Apache-2.0
#include "sync/fault_tracker.h"

#include <gtest/gtest.h>

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;
using Kind = model::Failure::Kind;
using base::Millis;

constexpr Millis kNow = ch::hours{5};

model::Failure failure_of(Kind kind) {
  return {.kind = kind, .message = "boom"};
}

// Which party a failed captures request puts at fault, by the events before.
TEST(FaultTracker, CapturesFailureStartsPauseUnlessTaskAtFault) {
  struct Row {
    const char* before;
    int ok;      // good responses first
    int failed;  // then failed requests for several tasks
    std::vector<std::string> ids;
    Kind kind;
    bool is_paused;
    bool isolates;
  };
  const Row rows[] = {
      {"several tasks, nothing before", 0, 0, {"a", "b"}, Kind::Transient, true, true},
      {"several tasks, good ones before", 1, 0, {"a", "b"}, Kind::Transient, true, true},
      {"several tasks, others failed too", 1, 1, {"a", "b"}, Kind::Transient, true, false},
      {"several tasks, rejected", 1, 0, {"a", "b"}, Kind::Permanent, false, true},
      {"one task, no good response ever", 0, 0, {"a"}, Kind::Transient, true, true},
      {"one task, good ones before", 1, 0, {"a"}, Kind::Transient, false, true},
      {"one task, others failed too", 1, 1, {"a"}, Kind::Transient, true, false},
      {"one task, rejected", 1, 0, {"a"}, Kind::Permanent, false, true},
      {"no login", 1, 0, {"a", "b"}, Kind::AuthRequired, true, false},
  };
  for (const Row& row : rows) {
    FaultTracker faults;
    for (int i = 0; i < row.ok; ++i) faults.on_captures_ok({"x"});
    for (int i = 0; i < row.failed; ++i) faults.on_captures_failure({"x", "y"}, failure_of(Kind::Transient), kNow);
    const auto pause = faults.on_captures_failure(row.ids, failure_of(row.kind), kNow);
    EXPECT_EQ(pause.has_value(), row.is_paused) << row.before;
    EXPECT_EQ(faults.is_isolated("a"), row.isolates) << row.before;
    EXPECT_EQ(faults.last_systemic_error().has_value(), row.is_paused || row.failed > 0) << row.before;
  }
}

TEST(FaultTracker, BlamesServiceAfterFourthSingleTaskFailure) {
  FaultTracker faults;
  faults.on_captures_ok({"x"});
  for (const char* id : {"a", "b", "c"})
    EXPECT_FALSE(faults.on_captures_failure({id}, failure_of(Kind::Transient), kNow)) << id;
  EXPECT_TRUE(faults.on_captures_failure({"d"}, failure_of(Kind::Transient), kNow));
  faults.on_captures_ok({"a"});
  EXPECT_FALSE(faults.is_isolated("a"));
  EXPECT_TRUE(faults.is_isolated("b"));
  EXPECT_FALSE(faults.last_systemic_error());
  EXPECT_FALSE(faults.on_captures_failure({"b"}, failure_of(Kind::Transient), kNow)) << "counted anew";
}

TEST(FaultTracker, PauseDoublesFrom15SecondsTo5Minutes) {
  FaultTracker faults;
  for (const int seconds : {15, 30, 60, 120, 240, 300, 300}) {
    const auto pause = faults.on_captures_failure({"a", "b"}, failure_of(Kind::Transient), kNow);
    ASSERT_TRUE(pause);
    EXPECT_EQ(pause->length, ch::seconds{seconds});
    EXPECT_EQ(pause->is_first, seconds == 15);
    EXPECT_TRUE(faults.is_probing());
    EXPECT_EQ(faults.remaining_pause(kNow + ch::seconds{1}), ch::seconds{seconds - 1});
    EXPECT_FALSE(faults.remaining_pause(kNow + ch::seconds{seconds}));
  }
  faults.clear();
  EXPECT_FALSE(faults.remaining_pause(kNow));
  EXPECT_FALSE(faults.is_probing());
}

TEST(FaultTracker, PauseFollowsEachEighthDownloadFailure) {
  FaultTracker faults;
  for (int failed = 1; failed <= 24; ++failed) {
    const auto pause = faults.on_download_failure(failure_of(Kind::Transient), kNow);
    EXPECT_EQ(pause.has_value(), failed % 8 == 0) << failed;
    EXPECT_EQ(faults.is_probing(), failed >= 8) << failed;
  }
  faults.on_download_ok();
  EXPECT_FALSE(faults.is_probing());
  for (int failed = 1; failed <= 7; ++failed)
    EXPECT_FALSE(faults.on_download_failure(failure_of(Kind::Transient), kNow)) << failed;
}

TEST(FaultTracker, MayRecoverSoonUnlessArchiveOrLoginFails) {
  FaultTracker service;
  EXPECT_FALSE(service.may_recover_soon(kNow)) << "nothing failed";
  for (int failed = 1; failed <= 5; ++failed) {
    service.on_captures_failure({"a", "b"}, failure_of(Kind::Transient), kNow);
    EXPECT_EQ(service.may_recover_soon(kNow), failed < 4) << failed;
  }
  FaultTracker login;
  login.on_captures_failure({"a", "b"}, failure_of(Kind::AuthRequired), kNow);
  EXPECT_FALSE(login.may_recover_soon(kNow));
  FaultTracker downloads;
  for (int failed = 1; failed <= 32; ++failed) downloads.on_download_failure(failure_of(Kind::Transient), kNow);
  EXPECT_FALSE(downloads.may_recover_soon(kNow));
  FaultTracker archive;
  archive.on_commit_failure(failure_of(Kind::Transient), kNow);
  EXPECT_TRUE(archive.is_probing());
  EXPECT_FALSE(archive.may_recover_soon(kNow));
  archive.on_commit_ok();
  EXPECT_TRUE(archive.may_recover_soon(kNow)) << "room was made";
}

}  // namespace
}  // namespace wxcc::sync
