// SPDX-License-Identifier: Apache-2.0
// Faulty responses for a while: the run continues or the next one completes it, and in the end the archive is complete.
#include <fmt/format.h>

#include <algorithm>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

// A kind of fault, as a test's name.
std::string name_of(const testing::TestParamInfo<const char*>& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class FaultHandling : public EndToEnd, public testing::WithParamInterface<const char*> {};

TEST_P(FaultHandling, ArchiveIsCompleteAfterTheFault) {
  options.tasks = 40;
  options.page_size = 15;
  options.huge_body_bytes = 80U << 20U;
  options.no_transcript_share = 0;
  start_simulator();
  configure(R"("second_look": 1)");
  const std::string kind = GetParam();
  // Well-formed JSON with other contents is accepted as a transcript.
  const bool in_transcripts = kind != "wrong-types" && kind != "missing-members";
  simulator().add_fault("search:" + kind + ":1:1");
  simulator().add_fault("captures:" + kind + ":1:1");
  if (in_transcripts) simulator().add_fault("download:" + kind + ":1:1");
  const Finished first = run({"sync"});
  EXPECT_TRUE(first.code == 0 || first.code == 4 || first.code == 75 || first.code == 1) << first.code << first.err;
  // The missing transcripts are still in the queue: the next runs fetch them once they are due.
  Finished last = first;
  for (int i = 0; i < 2; ++i) {
    change("UPDATE fetch_queue SET due_ms = 0");
    last = run({"sync"});
  }
  EXPECT_EQ(simulator().statistics().faults, in_transcripts ? 3 : 2);
  EXPECT_EQ(last.code, 0) << first.err << last.err << last.out;
  expect_ground_truth();
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, FaultHandling,
                         testing::Values("garbage", "invalid-utf8", "deep-nesting", "wrong-types", "missing-members",
                                         "html-200", "truncated", "huge-body", "graphql-errors-200", "no-cursor", "500",
                                         "502-html", "503-empty", "reset", "401", "403", "404", "429"),
                         name_of);

class DamagedTranscripts : public EndToEnd {};

TEST_F(DamagedTranscripts, AreStoredAndCounted) {
  options.tasks = 200;
  options.chat_share = 1;
  options.malformed_share = 0.1;
  options.truncated_share = 0.1;
  options.invalid_utf8_share = 0.1;
  options.empty_share = 0.1;
  options.both_versions_share = 0.1;
  options.versioned_share = 0.1;
  start_simulator();
  EXPECT_EQ(run({"sync"}).code, 4);
  expect_ground_truth();
  int unreadable = 0;
  int with_transcript = 0;
  for (const auto& entry : simulator().ground_truth()) {
    if (entry.transcript_kind == "malformed" || entry.transcript_kind == "truncated") ++unreadable;
    if (entry.has_transcript) ++with_transcript;
  }
  EXPECT_GT(unreadable, 10);
  EXPECT_EQ(reader().counts()[model::TranscriptState::Unparsed], unreadable);
  EXPECT_EQ(sql("SELECT count(DISTINCT task_key) FROM transcript WHERE length(raw) > 0"),
            fmt::format("{}\n", with_transcript));
  // Each has its reason, and its bytes are available.
  const std::string id = sql("SELECT task_id FROM conversations WHERE transcript_state = 'unparsed' LIMIT 1");
  const std::string task = id.substr(0, id.find('\n'));
  EXPECT_FALSE(run({"show", task, "--raw"}).out.empty());
  EXPECT_NE(run({"show", task}).out.find("not JSON"), std::string::npos);
  EXPECT_EQ(sql("SELECT count(*) FROM failure WHERE phase = 'parse' AND message LIKE '%not JSON%'"),
            fmt::format("{}\n", unreadable));
}

class SearchRejection : public EndToEnd {};

TEST_F(SearchRejection, IsReportedAndLeavesTheMark) {
  start_simulator();
  ASSERT_EQ(run({"sync"}).code % 4, 0);
  const auto mark = reader().high_water_mark();
  const std::string before = rows();
  simulator().add_fault("search:403:1");
  const Finished refused = run({"sync"});
  EXPECT_EQ(refused.code, 1) << refused.err;
  EXPECT_NE(refused.err.find("sync incomplete: search: status 403"), std::string::npos) << refused.err;
  EXPECT_EQ(reader().high_water_mark(), mark);
  EXPECT_EQ(rows(), before);
}

}  // namespace
}  // namespace wxcc::integration
