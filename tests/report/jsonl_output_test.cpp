// SPDX-License-Identifier: Apache-2.0
#include "extract_fixture.h"

namespace wxcc::report {
namespace {

using testing::SizeIs;

using JsonlOutputTest = ExtractTest;

TEST_F(JsonlOutputTest, WritesManifestConversationsAndCompletion) {
  add("task-1", "2026-10-25T01:30:00.118Z", 2, "bad \xFF");
  add("task-2", "2026-10-25T02:30:00.118Z", 0);
  request.filter.queues = {"Parcels"};
  std::vector<base::JsonDocument> documents;
  for (const auto& line : extract_lines("jsonl")) {
    auto document = base::JsonDocument::parse(line);
    ASSERT_TRUE(document) << line;
    documents.push_back(std::move(*document));
  }
  ASSERT_THAT(documents, SizeIs(4));
  const auto manifest = documents[0].root();
  EXPECT_EQ(manifest["type"].text(), "manifest");
  EXPECT_EQ(manifest["timezone"].text(), "Europe/Amsterdam");
  EXPECT_EQ(manifest["from"].text(), "2026-10-24T22:00:00.000Z");
  EXPECT_EQ(manifest["org_id"].text(), "org-1");
  ASSERT_EQ(manifest["queues"].size(), 1U);
  EXPECT_EQ(manifest["queues"].at(0).text(), "Parcels");
  EXPECT_TRUE(manifest["agents"].is_array());
  EXPECT_EQ(manifest["agents"].size(), 0U);
  EXPECT_EQ(manifest["text"].text(), "");
  const auto conversation = documents[1].root();
  EXPECT_EQ(conversation["type"].text(), "conversation");
  EXPECT_EQ(conversation["task_id"].text(), "task-1");
  EXPECT_EQ(conversation["ended_at_local"].text(), "2026-10-25T02:30:00.118+01:00");
  EXPECT_EQ(conversation["duration_ms"].integer(), 300000);
  EXPECT_EQ(conversation["messages"].size(), 2U);
  const auto message = conversation["messages"].at(1);
  EXPECT_EQ(message["text"].text(), "bad \uFFFD 1");
  EXPECT_EQ(message["redacted"].boolean(), true);
  EXPECT_FALSE(message["task_id"].exists()) << "only the conversation has it";
  EXPECT_EQ(documents[2].root()["messages"].size(), 0U);
  const auto completion = documents[3].root();
  EXPECT_EQ(completion["type"].text(), "complete");
  EXPECT_EQ(completion["conversations"].integer(), 2);
  EXPECT_EQ(completion["messages"].integer(), 2);
  EXPECT_EQ(completion["transcripts"]["pending"].integer(), 1);
  EXPECT_EQ(completion["coverage_gaps"].size(), 1U);
}

}  // namespace
}  // namespace wxcc::report
