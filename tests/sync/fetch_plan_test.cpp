// SPDX-License-Identifier: Apache-2.0
#include "sync/fetch_plan.h"

#include <gtest/gtest.h>

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;
using Outcome = store::FetchResult::Outcome;

const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

store::DueTask task(const std::string& id, base::Millis age = ch::minutes{5}) {
  return {id, kNow - age, kNow - age, 0, false};
}

TEST(FetchPlan, BatchesTenTasksOrOneIsolated) {
  // Each letter a due task, in order; capitals are isolated, x is excluded.
  struct Row {
    std::string due;
    BatchMode mode;
    std::string batch;
  };
  const Row rows[] = {
      {"", BatchMode::AllowPartial, ""},
      {"abc", BatchMode::AllowPartial, "abc"},
      {"abc", BatchMode::FullOnly, ""},
      {"abcdefghij", BatchMode::FullOnly, "abcdefghij"},
      {"abcdefghijkl", BatchMode::AllowPartial, "abcdefghij"},
      {"xabcdefxghixjx", BatchMode::FullOnly, "abcdefghij"},
      {"xxx", BatchMode::AllowPartial, ""},
      {"Aabc", BatchMode::AllowPartial, "A"},
      {"Aabc", BatchMode::FullOnly, "A"},
      {"aAbB", BatchMode::AllowPartial, "ab"},
      {"AB", BatchMode::AllowPartial, "A"},
  };
  for (const Row& row : rows) {
    std::vector<store::DueTask> due;
    for (const char id : row.due) due.push_back(task(std::string(1, id)));
    std::string batch;
    for (const store::DueTask& next : next_batch(
             due, row.mode, [](const std::string& id) { return id == "x"; },
             [](const std::string& id) { return id < "a"; }))
      batch += next.task_id;
    EXPECT_EQ(batch, row.batch) << row.due;
  }
}

TEST(FetchPlan, BatchIsLiveWhenOneTaskEndedWithinDay) {
  EXPECT_EQ(priority_of({task("a", ch::hours{30}), task("b", ch::hours{23})}, kNow), webex::Priority::Live);
  EXPECT_EQ(priority_of({task("a", ch::hours{30}), task("b", ch::hours{24})}, kNow), webex::Priority::Background);
}

TEST(FetchPlan, ChecksMissingTranscriptUntilDeadline) {
  const Settings settings;
  const auto recent = result_without_transcript(task("a", ch::hours{2}), settings, kNow);
  EXPECT_EQ(recent.outcome, Outcome::NotAvailable);
  EXPECT_EQ(recent.next_due, kNow + ch::hours{2});
  const auto old = result_without_transcript(task("a", ch::hours{72}), settings, kNow);
  EXPECT_EQ(old.outcome, Outcome::Absent);
  EXPECT_FALSE(old.next_due);
  store::DueTask recheck = task("a", ch::hours{2});
  recheck.recheck = true;
  EXPECT_EQ(result_without_transcript(recheck, settings, kNow).outcome, Outcome::Absent) << "once only";
}

TEST(FetchPlan, RetriesFailureUntilDeadline) {
  const Settings settings;
  const store::FetchFailure failure{store::FetchFailure::Phase::Download, {.message = "boom"}};
  const auto first = result_of_failure(task("a"), failure, settings, kNow);
  EXPECT_EQ(first.outcome, Outcome::Failed);
  EXPECT_EQ(first.failure->phase, store::FetchFailure::Phase::Download);
  EXPECT_EQ(first.next_due, kNow + ch::minutes{1});
  EXPECT_FALSE(result_of_failure(task("a", ch::hours{72}), failure, settings, kNow).next_due);
}

TEST(FetchPlan, RechecksDownloadsOnceOrRetriesFailedOne) {
  const Settings settings;
  store::FetchedTranscript parsed{{}, "[]", model::Conversation{}, ""};
  const store::FetchedTranscript unparsed{{}, "?", std::nullopt, "not JSON"};
  EXPECT_EQ(result_of_downloads(task("a"), {parsed}, std::nullopt, settings, kNow).next_due, kNow + ch::hours{6});
  EXPECT_FALSE(result_of_downloads(task("a", ch::hours{7}), {parsed}, std::nullopt, settings, kNow).next_due);
  EXPECT_EQ(result_of_downloads(task("a", ch::hours{7}), {parsed, unparsed}, std::nullopt, settings, kNow).next_due,
            kNow + ch::hours{6});
  parsed.item.created = kNow - ch::hours{1};
  EXPECT_EQ(result_of_downloads(task("a", ch::hours{7}), {parsed}, std::nullopt, settings, kNow).next_due,
            kNow + ch::hours{6})
      << "a transcript that came late";
  const auto partial =
      result_of_downloads(task("a", ch::hours{1}), {parsed}, model::Failure{.message = "boom"}, settings, kNow);
  EXPECT_EQ(partial.outcome, Outcome::Fetched);
  EXPECT_EQ(partial.failure->phase, store::FetchFailure::Phase::Download);
  EXPECT_EQ(partial.next_due, kNow + ch::hours{1});
}

TEST(FetchPlan, Only403MeansExpiredLocation) {
  EXPECT_TRUE(is_expired_location({.message = "rejected", .http_status = 403}));
  EXPECT_FALSE(is_expired_location({.message = "rejected", .http_status = 404}));
  EXPECT_FALSE(is_expired_location({.message = "rejected", .http_status = 0}));
}

}  // namespace
}  // namespace wxcc::sync
