// SPDX-License-Identifier: Apache-2.0
#include "report/extract.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "extract_fixture.h"

namespace wxcc::report {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

TEST_F(ExtractTest, HasNoGapsWhenArchiveIsComplete) {
  add("task-1", "2026-10-25T12:00:00Z", 1);
  cover("2026-10-20T00:00:00Z", "2026-10-27T11:59:30Z");
  EXPECT_FALSE(extract().has_gaps(now));
}

TEST_F(ExtractTest, FutureIsNoGap) {
  request.filter.range->to = now + 24h;
  cover("2026-10-20T00:00:00Z", "2026-10-27T11:59:30Z");
  result = extract();
  EXPECT_THAT(result.coverage_gaps, ElementsAre(base::TimeRange{at("2026-10-27T11:59:30Z"), now}));
  EXPECT_FALSE(result.has_gaps(now));
}

TEST_F(ExtractTest, TextFilterSelectsButCountsAllTranscripts) {
  add("task-1", "2026-10-25T12:00:00Z", 1, "refund");
  add("task-2", "2026-10-25T12:00:00Z", 1, "parcel");
  add("task-3", "2026-10-25T12:00:00Z", 0);
  request.filter.text = "refund";
  result = extract();
  EXPECT_EQ(result.conversations, 1);
  EXPECT_EQ(result.messages, 1);
  EXPECT_EQ(result.transcripts[model::TranscriptState::Pending], 1);
  EXPECT_EQ(result.transcripts.total(), 3);
}

TEST_F(ExtractTest, StateFilterSelectsButCountsAllTranscripts) {
  add("task-1", "2026-10-25T12:00:00Z", 1);
  add("task-2", "2026-10-25T12:00:00Z", 0);
  request.filter.states = {model::TranscriptState::Archived};
  result = extract();
  EXPECT_EQ(result.conversations, 1);
  EXPECT_EQ(result.transcripts,
            (model::StateCounts{model::TranscriptState::Archived, model::TranscriptState::Pending}));
  EXPECT_TRUE(result.has_gaps(now));
}

TEST_F(ExtractTest, IsCompleteUntilFirstMissingTranscriptOrGap) {
  cover("2026-10-20T00:00:00Z", "2026-10-27T11:59:30Z");
  add("task-1", "2026-10-25T12:00:00Z", 1);
  request.overwrite = base::OverwritePolicy::Overwrite;
  EXPECT_EQ(extract().complete_until, request.filter.range->to) << "nothing is missing";
  add("task-2", "2026-10-25T15:00:00Z", 0);
  EXPECT_EQ(extract().complete_until, at("2026-10-25T15:00:00Z"));
  request.filter.range->to = now;
  EXPECT_EQ(extract().complete_until, at("2026-10-25T15:00:00Z")) << "before the coverage gap";
  request.filter.range->from = at("2026-10-26T00:00:00Z");
  EXPECT_EQ(extract().complete_until, at("2026-10-27T11:59:30Z"));
}

TEST_F(ExtractTest, HashDependsOnlyOnValues) {
  add("task-1", "2026-10-25T01:30:00.118Z", 2);
  add("task-2", "2026-10-25T02:30:00.118Z", 0);
  extract_lines("csv");
  const std::string hash = result.content_sha256;
  EXPECT_THAT(hash, SizeIs(64));
  request.zone = base::Zone::utc();
  const auto lines = extract_lines("jsonl");
  EXPECT_EQ(result.content_sha256, hash);
  EXPECT_THAT(lines.back(), HasSubstr("\"content_sha256\":\"" + hash + "\""));
  request.format = find_format("xlsx");
  EXPECT_EQ(extract().content_sha256, hash);
  EXPECT_EQ(ReadBack(output).value_of("Info", "SHA-256 of the rows"), hash);
  add("task-2", "2026-10-25T02:30:00.118Z", 1);
  EXPECT_NE(extract().content_sha256, hash);
}

TEST_F(ExtractTest, RedactsEveryPart) {
  add("task-1", "2026-10-25T01:30:00.118Z", 2, "Mira Visser, mira@example.org");
  add("task-2", "2026-10-25T02:30:00.118Z", 0);
  request.redact = model::RedactionProfile::Everyone;
  request.command_line = "report --customer mira@example.org";
  extract();
  std::vector<std::string> texts = {ReadBack(output).root().to_json()};
  for (const char* format : {"csv", "jsonl"})
    for (const auto& line : extract_lines(format)) texts.push_back(line);
  EXPECT_THAT(texts, SizeIs(1 + 3 + 4));
  for (const char* secret : {"Mira", "Visser", "mira@", "+3120", "Arne", "Holm", "u-7", "alias-"})
    EXPECT_THAT(texts, Each(testing::Not(HasSubstr(secret))));
}

TEST_F(ExtractTest, SelectsByTeamCustomerAndState) {
  with_team = true;
  add("task-1", "2026-10-25T12:00:00Z", 1);
  add("task-2", "2026-10-25T12:00:00Z", 0);
  request.filter.states = {model::TranscriptState::Pending};
  EXPECT_EQ(extract().conversations, 1);
  request.overwrite = base::OverwritePolicy::Overwrite;
  request.filter.states.clear();
  for (const char* customer : {"mira visser", "MIRA@example.org", "+31201234567"}) {
    request.filter.customers = {customer};
    EXPECT_EQ(extract().conversations, 2) << customer;
  }
  request.filter.customers = {"Mira"};
  EXPECT_EQ(extract().conversations, 0) << "whole values only";
  request.filter.customers.clear();
  request.filter.teams = {"t1"};
  EXPECT_EQ(extract().conversations, 2);
  request.filter.teams = {"no such team"};
  EXPECT_EQ(extract().conversations, 0);
}

TEST_F(ExtractTest, WritesToStandardOutputExceptWorkbooks) {
  add("task-1", "2026-10-25T12:00:00Z", 1);
  const base::Path captured = directory / "captured";
  const base::FileDescriptor fd(::open(captured.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  request.output = "-";
  request.standard_output = fd.get();
  EXPECT_THROW(extract(), base::UsageError);
  request.format = find_format("csv");
  extract();
  EXPECT_THAT(base::read_file(captured), HasSubstr("Hello 0"));
}

TEST_F(ExtractTest, RejectsInvalidRequests) {
  request.filter.range = std::nullopt;
  EXPECT_THROW(extract(), base::UsageError);
  request.filter.range = base::TimeRange{now, now};
  EXPECT_THROW(extract(), base::UsageError);
  request.filter.range = base::TimeRange{now - 1h, now};
  request.rows_per_sheet = kRowsPerSheet + 1;
  EXPECT_THROW(extract(), base::UsageError);
  request.rows_per_sheet = kRowsPerSheet;
  request.links_per_sheet = 65'531;
  EXPECT_THROW(extract(), base::UsageError);
  EXPECT_FALSE(std::filesystem::exists(output));
}

TEST_F(ExtractTest, RejectsExistingFileAndLeavesNoOther) {
  base::write_file_durably(output, "precious", 0600);
  const auto before = directory.names();
  EXPECT_THROW(extract(), base::Error);
  EXPECT_EQ(base::read_file(output), "precious");
  EXPECT_THAT(directory.names(), UnorderedElementsAreArray(before));
  request.overwrite = base::OverwritePolicy::Overwrite;
  extract();
  EXPECT_NE(base::read_file(output), "precious");
  EXPECT_THAT(directory.names(), Each(testing::Not(HasSubstr(".tmp"))));
}

TEST_F(ExtractTest, ReportsProgressUntilEnd) {
  for (int i = 0; i < 3; ++i) add(fmt::format("task-{}", i), "2026-10-25T12:00:00Z", 500);
  std::vector<std::int64_t> rows;
  request.progress = [&](const ExtractRequest::Progress& progress) {
    rows.push_back(progress.rows);
    EXPECT_EQ(progress.of, 1503);
  };
  extract();
  EXPECT_THAT(rows, ElementsAre(1002, 1503));
}

}  // namespace
}  // namespace wxcc::report
