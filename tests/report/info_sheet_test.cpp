// SPDX-License-Identifier: Apache-2.0
#include "report/info_sheet.h"

#include <gmock/gmock.h>

namespace wxcc::report {
namespace {

using testing::HasSubstr;

base::Instant at(std::string_view text) {
  return base::parse_iso8601(text).value();
}

ExtractRequest october() {
  ExtractRequest request;
  request.zone = base::Zone::find("Europe/Amsterdam").value();
  request.filter.range = base::TimeRange{at("2026-09-30T22:00:00Z"), at("2026-10-31T23:00:00Z")};
  request.program = "wxcc-archive 0.1.0";
  return request;
}

std::string value_of(const std::vector<InfoLine>& lines, std::string_view label) {
  for (const auto& line : lines) {
    if (line.label != label) continue;
    if (const auto* text = std::get_if<std::string>(&line.value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&line.value)) return std::to_string(*number);
    return "a heading";
  }
  return "no such line";
}

std::vector<InfoLine> lines_of(const ExtractRequest& request, const ExtractResult& result,
                               const WorkbookLimits& limits = {}) {
  return info_lines({request, at("2026-11-02T00:00:00Z"), {"org", 3, at("2026-11-01T00:00:00Z"), {}}}, result, limits);
}

TEST(InfoLines, HaveExactBoundsInLocalTimeAndUtc) {
  const auto lines = lines_of(october(), {});
  EXPECT_EQ(value_of(lines, "From, inclusive"), "2026-10-01 00:00:00 +02:00  =  2026-09-30T22:00:00.000Z");
  EXPECT_EQ(value_of(lines, "To, exclusive"), "2026-11-01 00:00:00 +01:00  =  2026-10-31T23:00:00.000Z");
  EXPECT_EQ(value_of(lines, "Time zone"), "Europe/Amsterdam (+02:00, at its end +01:00)");
  ExtractRequest week = october();
  week.filter.range->to = at("2026-10-08T22:00:00Z");
  EXPECT_EQ(value_of(lines_of(week, {}), "Time zone"), "Europe/Amsterdam (+02:00)");
  EXPECT_EQ(value_of(lines, "Selected by"), "end of the conversation");
  EXPECT_EQ(value_of(lines, "Program"), "wxcc-archive 0.1.0");
  EXPECT_EQ(value_of(lines, "Schema version"), "3");
  EXPECT_THAT(value_of(lines, "Read from the Webex API up to"), HasSubstr("2026-11-01T00:00:00.000Z"));
  EXPECT_EQ(value_of(lines, "Last complete sync"), "never");
}

TEST(InfoLines, ReportEmptyPeriod) {
  EXPECT_EQ(value_of(lines_of(october(), {}), "Result"), "no conversations in this period");
  ExtractResult result;
  result.conversations = 1;
  EXPECT_EQ(value_of(lines_of(october(), result), "Result"), "no such line");
}

TEST(InfoLines, ListFilters) {
  ExtractRequest request = october();
  request.filter.queues = {"Parcels", "Billing"};
  request.filter.text = "refund";
  request.filter.by = model::TimeField::Created;
  const auto lines = lines_of(request, {});
  EXPECT_EQ(value_of(lines, "Queue"), "Parcels, Billing");
  EXPECT_EQ(value_of(lines, "Text"), "refund");
  EXPECT_EQ(value_of(lines, "Agent"), "no such line");
  EXPECT_EQ(value_of(lines, "Selected by"), "start of the conversation");
  EXPECT_EQ(value_of(lines, "Transcripts of the period, without regard to text and state"), "a heading");
}

TEST(InfoLines, HideSearchedPersonsInRedactedExtract) {
  ExtractRequest request = october();
  request.command_line = "wxcc-archive report --customer mira@example.org";
  request.filter.customers = {"mira@example.org"};
  request.filter.agents = {"Arne Holm"};
  request.filter.text = "Mira";
  request.redact = model::RedactionProfile::Customers;
  const auto lines = lines_of(request, {});
  for (const char* label : {"Command", "Customer", "Text"}) EXPECT_EQ(value_of(lines, label), "[removed]") << label;
  EXPECT_EQ(value_of(lines, "Agent"), "Arne Holm");
  EXPECT_EQ(value_of(lines, "Profile"), "customers");
  request.redact = model::RedactionProfile::Everyone;
  EXPECT_EQ(value_of(lines_of(request, {}), "Agent"), "[removed]");
}

TEST(InfoLines, ListGapsAndTruncatedCells) {
  ExtractResult result;
  result.transcripts = {model::TranscriptState::Archived, model::TranscriptState::Pending,
                        model::TranscriptState::Unparsed, model::TranscriptState::Absent,
                        model::TranscriptState::Failed};
  for (int i = 0; i < 103; ++i)
    result.coverage_gaps.push_back({at("2026-10-02T00:00:00Z"), at("2026-10-02T01:00:00Z")});
  WorkbookLimits limits;
  limits.truncated_cells = 7;
  limits.first_truncated_cells = {{"Messages", "E17", 40000}};
  limits.further_sheets = 2;
  limits.omitted_links = 3;
  const auto lines = lines_of(october(), result, limits);
  EXPECT_EQ(value_of(lines, "Failed: given up after errors"), "1");
  EXPECT_THAT(value_of(lines, "Gap 100"), HasSubstr("from 2026-10-02 02:00:00 +02:00"));
  EXPECT_EQ(value_of(lines, "Gap 101"), "no such line");
  EXPECT_EQ(value_of(lines, "Further gaps"), "3");
  EXPECT_EQ(value_of(lines, "Messages!E17"), "40000 characters");
  EXPECT_EQ(value_of(lines, "Further cells"), "6");
  EXPECT_THAT(value_of(lines, "Continued"), HasSubstr("2 further sheets"));
  EXPECT_THAT(value_of(lines, "Links omitted"), HasSubstr("3 (limit"));
}

TEST(ExtractResult, HasGapsIfTranscriptsOrCoverageAreMissing) {
  const base::Instant now = at("2026-11-02T00:00:00Z");
  ExtractResult result;
  result.transcripts = {model::TranscriptState::Archived, model::TranscriptState::Absent};
  EXPECT_FALSE(result.has_gaps(now)) << "an absent transcript is no gap";
  result.coverage_gaps = {{now - std::chrono::minutes{2}, now}};
  EXPECT_FALSE(result.has_gaps(now)) << "nor are the last minutes";
  result.coverage_gaps = {{now - std::chrono::hours{2}, now - std::chrono::hours{1}},
                          {now - std::chrono::minutes{2}, now}};
  EXPECT_TRUE(result.has_gaps(now));
  EXPECT_EQ(result.count_coverage_gaps(now), 1U) << "recent gaps are not counted";
  result.coverage_gaps.clear();
  result.transcripts = {model::TranscriptState::Pending};
  EXPECT_TRUE(result.has_gaps(now));
  result.transcripts = {model::TranscriptState::Unparsed};
  EXPECT_TRUE(result.has_gaps(now));
  result.transcripts = {model::TranscriptState::Failed};
  EXPECT_TRUE(result.has_gaps(now));
}

}  // namespace
}  // namespace wxcc::report
