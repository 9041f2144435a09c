// SPDX-License-Identifier: Apache-2.0
// Transcripts that become available after their tasks were marked absent.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

class TranscriptNotYetAvailable : public testing::Test {
 protected:
  static sync::Settings short_deadline() {
    sync::Settings settings;
    settings.transcript_deadline = ch::hours{1};  // all of them are older
    return settings;
  }
  TranscriptNotYetAvailable() : harness(tasks_with_transcripts(20, 10), short_deadline()) {
    harness.sleep(ch::minutes{1});
    harness.on_request = [this](const net::Request& request) -> std::optional<net::Response> {
      if (!is_captures(request)) return std::nullopt;
      ++requests;
      if (available) return std::nullopt;
      std::string data;
      for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
        if (request.body.find(entry.id) != std::string::npos)
          data += fmt::format(R"({}{{"taskId":"{}","recording":[],"transcription":[]}})", data.empty() ? "" : ",",
                              entry.id);
      return response(200, R"({"meta":{},"data":[)" + data + "]}");
    };
  }
  SyncHarness harness;
  bool available = false;
  int requests = 0;
};

TEST_F(TranscriptNotYetAvailable, ReconcileRequestsAbsentTasksOnce) {
  harness.run_service(ch::hours{4});
  const auto absent = harness.archive->reader().counts()[model::TranscriptState::Absent];
  EXPECT_GT(absent, 10);
  requests = 0;
  harness.reconcile();
  EXPECT_LE(requests, 2);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Absent], absent) << "not pending again";
}

TEST_F(TranscriptNotYetAvailable, ExactRangeRequestsMissingTranscriptsAtOnce) {
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Absent],
            harness.archive->reader().counts().tasks());
  available = true;
  const auto now = harness.clock.now();
  EXPECT_FALSE(harness.pass(base::TimeRange{now - ch::days{20}, now - ch::days{5}}).failure);
  const auto truth = harness.ground_truth();
  Conversations wanted;
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
    if (entry.ended < now - ch::days{5}) wanted.emplace(entry.id, truth.at(entry.id));
  Conversations archived;
  for (const auto& [id, task] : harness.archived())
    if (wanted.contains(id)) archived.emplace(id, task);
  EXPECT_GT(wanted.size(), 3U);
  EXPECT_THAT(differences_between(archived, wanted), IsEmpty());
  EXPECT_LT(harness.archive->reader().counts()[model::TranscriptState::Archived],
            harness.archive->reader().counts().tasks())
      << "others are not due";
}

}  // namespace
}  // namespace wxcc::tests
