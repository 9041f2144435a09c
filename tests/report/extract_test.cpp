// SPDX-License-Identifier: Apache-2.0
#include "report/extract.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "read_back.h"
#include "store/archive.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

base::Instant at(std::string_view text) {
  return base::parse_iso8601(text).value();
}

// An archive with two days around the end of summer time in Amsterdam, and a reader of it.
class ExtractTest : public testing::Test {
 protected:
  ExtractTest() : archive(store::Archive::open({directory / "archive.db", "org-1", "test"}, now)) {
    request.filter.range = base::TimeRange{at("2026-10-24T22:00:00Z"), at("2026-10-26T23:00:00Z")};
    request.zone = base::Zone::find("Europe/Amsterdam").value();
    request.output = output;
    request.program = "wxcc-archive 0.1.0";
  }

  // A task with this many messages, or pending without any.
  model::Task add(const std::string& id, std::string_view ended, int messages, const std::string& text = "Hello") {
    model::Task task;
    task.id = id;
    task.channel = "chat";
    task.direction = "INBOUND";
    task.ended = at(ended);
    task.created = *task.ended - 5min;
    task.duration = 5min;
    task.queue = {"q1", "Parcels"};
    task.agent = {"a1", "Arne Holm"};
    if (with_team) task.team = {"t1", "North"};
    task.customer = {"Mira Visser", "mira@example.org", "+31201234567"};
    task.csat_score = 4;
    archive.commit_page({task}, std::nullopt, std::nullopt, now);
    if (messages == 0) return task;
    store::FetchedTranscript transcript;
    transcript.item.capture_id = "capture-" + id;
    transcript.raw = "raw of " + id;
    model::Conversation& conversation = transcript.conversation.emplace();
    conversation.format = "digital";
    conversation.participants = {{"Mira Visser", "customer", ""}, {"Arne Holm", "agent", "u-7"}};
    for (int i = 0; i < messages; ++i) {
      model::Message message;
      message.message_id = fmt::format("m{}", i);
      message.alias_id = fmt::format("alias-{}", i);
      message.sent = *task.created + i * 10s;
      message.direction = i % 2 == 0 ? "inbound" : "outbound";
      message.participant = static_cast<std::size_t>(i % 2);
      message.text = fmt::format("{} {}", text, i);
      message.redacted = i % 2 == 1;
      conversation.messages.push_back(message);
    }
    archive.record_transcripts(id, {transcript}, std::nullopt, now);
    return task;
  }

  void cover(std::string_view from, std::string_view to) {
    archive.commit_page({}, store::Scan{model::TimeField::Ended, {at(from), at(to)}, now}, at(to), now);
  }

  ExtractResult extract() {
    store::Reader reader = store::Reader::open(directory / "archive.db");
    return write_extract(reader, request, now);
  }

  std::vector<std::string> extract_lines(std::string_view format) {
    request.format = find_format(format);
    request.overwrite = base::OverwritePolicy::Overwrite;
    result = extract();
    std::vector<std::string> lines;
    const std::string text = base::read_file(output);
    for (const auto line : base::split(text, '\n')) lines.emplace_back(line);
    EXPECT_EQ(lines.back(), "");
    lines.pop_back();
    return lines;
  }

  const base::Instant now = at("2026-10-27T12:00:00Z");
  TemporaryDirectory directory;
  base::Path output = directory / "extract.xlsx";  // the name that the independent reader wants
  store::Archive archive;
  ExtractRequest request;
  ExtractResult result;
  bool with_team = false;
};

TEST_F(ExtractTest, HoldsEveryConversationAndMessageInTheirColumns) {
  add("task-1", "2026-10-25T00:30:00.118Z", 2);
  add("task-2", "2026-10-25T01:30:00.118Z", 0);
  const ExtractResult counts = extract();
  EXPECT_EQ(counts.conversations, 2);
  EXPECT_EQ(counts.messages, 2);
  const ReadBack book(output);
  ASSERT_EQ(book.root()["order"].to_json(), "[\"Summary\",\"Conversations\",\"Messages\",\"Gaps\",\"Info\"]");
  ASSERT_EQ(book.row_count("Conversations"), 3U);
  EXPECT_THAT(
      book.row("Conversations", 1),
      ElementsAre("task-1", "LINK Messages!A2", "time 2026-10-25 02:25:00.118", "duration 300000 ms",
                  "duration 10000 ms", "Parcels", "Arne Holm", "Mira Visser", "1", "1", "", "4", "archived", "Hello 0",
                  "mira@example.org", "+31201234567", "time 2026-10-25 00:25:00.118", "time 2026-10-25 02:30:00.118",
                  "time 2026-10-25 00:30:00.118", "chat", "", "", "", "INBOUND", "", "", "", "0", "2"));
  const auto second = book.row("Conversations", 2);
  EXPECT_EQ(second.at(1), "") << "it has no messages";
  EXPECT_EQ(second.at(17), "time 2026-10-25 02:30:00.118") << "the same wall clock reading, an hour later";
  EXPECT_EQ(second.at(18), "time 2026-10-25 01:30:00.118");
  EXPECT_EQ(second.at(12), "pending");
  ASSERT_EQ(book.row_count("Messages"), 3U);
  EXPECT_THAT(book.row("Messages", 1),
              ElementsAre("task-1", "time 2026-10-25 02:25:00.118", "time 2026-10-25 00:25:00.118", "inbound",
                          "Hello 0", "Mira Visser", "customer", "", "alias-0", "false", "Parcels", "Arne Holm"));
  EXPECT_THAT(book.row("Messages", 2),
              ElementsAre("task-1", "time 2026-10-25 02:25:10.118", "time 2026-10-25 00:25:10.118", "outbound",
                          "Hello 1", "Arne Holm", "agent", "u-7", "alias-1", "true", "Parcels", "Arne Holm"));
}

TEST_F(ExtractTest, ShowsGapsByTheDaysOfTheZone) {
  add("task-1", "2026-10-25T22:30:00Z", 1);  // still the 25th in Amsterdam, which has 25 hours
  add("task-2", "2026-10-25T23:30:00Z", 0);
  cover("2026-10-24T22:00:00Z", "2026-10-25T20:00:00Z");
  result = extract();
  EXPECT_EQ(result.transcripts,
            (model::StateCounts{model::TranscriptState::Archived, model::TranscriptState::Pending}));
  EXPECT_THAT(result.coverage_gaps,
              ElementsAre(base::TimeRange{at("2026-10-25T20:00:00Z"), at("2026-10-26T23:00:00Z")}));
  EXPECT_TRUE(result.has_gaps(now));
  const ReadBack book(output);
  std::vector<std::vector<std::string>> days;
  for (std::size_t i = 0; i < book.row_count("Summary"); ++i) {
    auto row = book.row("Summary", i);
    if (row.at(0).starts_with("time 2026-10-2")) days.push_back(row);
  }
  EXPECT_THAT(
      days,
      ElementsAre(ElementsAre("time 2026-10-25 00:00:00.000", "1", "1", "0", "0", "0", "0", "duration 10800000 ms"),
                  ElementsAre("time 2026-10-26 00:00:00.000", "1", "0", "1", "0", "0", "0", "duration 86400000 ms")));
  ASSERT_EQ(book.row_count("Gaps"), 3U);
  EXPECT_THAT(book.row("Gaps", 1),
              ElementsAre("coverage gap", "no scan has covered this span",
                          "time 2026-10-25 21:00:00.000", "time 2026-10-27 00:00:00.000", "duration 97200000 ms", "",
                          "", "", "", "", "", "time 2026-10-26 23:00:00.000"));
  EXPECT_THAT(book.row("Gaps", 2),
              ElementsAre("transcript", "pending: not available yet, will be requested again",
                          "time 2026-10-26 00:25:00.000", "time 2026-10-26 00:30:00.000", "duration 300000 ms",
                          "task-2", "Parcels", "Arne Holm", "", "", "", "time 2026-10-25 23:30:00.000"));
  EXPECT_THAT(book.value_of("Info", "Complete up to"), HasSubstr("2026-10-25T20:00:00.000Z"));
  EXPECT_THAT(book.value_of("Info", "Read from the Webex API up to"), HasSubstr("2026-10-25T20:00:00.000Z"));
  EXPECT_THAT(book.value_of("Info", "Gap 1"), HasSubstr("from 2026-10-25 21:00:00 +01:00"));
}

TEST_F(ExtractTest, HasNoGapsWhenEverythingWasReadAndArchived) {
  add("task-1", "2026-10-25T12:00:00Z", 1);
  cover("2026-10-20T00:00:00Z", "2026-10-27T11:59:30Z");
  EXPECT_FALSE(extract().has_gaps(now));
}

TEST_F(ExtractTest, OfAPeriodThatIsNotOverDoesNotMissTheFuture) {
  request.filter.range->to = now + 24h;
  cover("2026-10-20T00:00:00Z", "2026-10-27T11:59:30Z");
  result = extract();
  EXPECT_THAT(result.coverage_gaps, ElementsAre(base::TimeRange{at("2026-10-27T11:59:30Z"), now}));
  EXPECT_FALSE(result.has_gaps(now));
}

TEST_F(ExtractTest, OfAnEmptyPeriodIsAValidWorkbookThatSaysSo) {
  result = extract();
  EXPECT_EQ(result.conversations, 0);
  const ReadBack book(output);
  EXPECT_EQ(book.row_count("Conversations"), 1U);
  EXPECT_EQ(book.member("Conversations", "filter"), "A1:AC1");
  EXPECT_EQ(book.row("Summary", 4).at(0), "There are no conversations in this extract.");
  EXPECT_EQ(book.member("Summary", "charts"), "0");
  EXPECT_EQ(book.row_count("Messages"), 1U);
  EXPECT_EQ(book.value_of("Info", "Result"), "no conversations in this period");
}

TEST_F(ExtractTest, ContinuesOnFurtherSheets) {
  request.rows_per_sheet = 3;
  for (int i = 0; i < 3; ++i) add(fmt::format("task-{}", i), "2026-10-25T12:00:00Z", 3);
  result = extract();
  EXPECT_EQ(result.messages, 9);
  const ReadBack book(output);
  EXPECT_EQ(book.root()["order"].to_json(),
            "[\"Summary\",\"Conversations\",\"Messages\",\"Messages 2\",\"Messages 3\",\"Gaps\",\"Info\"]");
  for (const char* sheet : {"Messages", "Messages 2", "Messages 3"}) {
    EXPECT_EQ(book.row_count(sheet), 4U) << sheet;
    EXPECT_EQ(book.row(sheet, 0).at(4), "Message") << sheet;
    EXPECT_EQ(book.member(sheet, "filter"), "A1:L4") << sheet;
  }
  EXPECT_EQ(book.row("Messages 3", 3).at(0), "task-2");
  EXPECT_EQ(book.row("Conversations", 3).at(1), "LINK 'Messages 3'!A2");
  EXPECT_THAT(book.value_of("Info", "Continued"), HasSubstr("2 further sheets"));
}

TEST_F(ExtractTest, ListsTheTextsThatItTruncated) {
  add("task-1", "2026-10-25T12:00:00Z", 1, std::string(40000, 'x'));
  extract();
  const ReadBack book(output);
  EXPECT_THAT(book.row("Messages", 1).at(4), HasSubstr("… [cut, 40002 characters in all]"));
  EXPECT_EQ(book.value_of("Info", "Messages!E2"), "40002 characters");
}

TEST_F(ExtractTest, SelectsByTheFilterButCountsAllTranscriptsBehindATextQuery) {
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

TEST_F(ExtractTest, WritesMessagesAsCsv) {
  add("task-1", "2026-10-25T01:30:00.118Z", 2, "=1+1, \"x\"");
  const auto lines = extract_lines("csv");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(
      lines[0],
      "\xEF\xBB\xBFTask ID,Timestamp (Europe/Amsterdam),Timestamp (UTC),Direction,Message,Participant name,Role,User "
      "ID,Alias ID,Redacted,Queue,Agent\r");
  EXPECT_EQ(lines[1],
            "task-1,2026-10-25 02:25:00,2026-10-25T01:25:00.118Z,inbound,\"'=1+1, \"\"x\"\" 0\",Mira "
            "Visser,customer,,alias-0,false,Parcels,Arne Holm\r");
  EXPECT_EQ(result.conversations, 1);
  EXPECT_EQ(result.messages, 2);
}

TEST_F(ExtractTest, WritesConversationsAsJsonLinesBetweenAManifestAndACompletion) {
  add("task-1", "2026-10-25T01:30:00.118Z", 2, "bad \xFF");
  add("task-2", "2026-10-25T02:30:00.118Z", 0);
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
  const auto conversation = documents[1].root();
  EXPECT_EQ(conversation["type"].text(), "conversation");
  EXPECT_EQ(conversation["task_id"].text(), "task-1");
  EXPECT_EQ(conversation["ended_at_local"].text(), "2026-10-25T02:30:00.118+01:00");
  EXPECT_EQ(conversation["duration_ms"].integer(), 300000);
  EXPECT_EQ(conversation["messages"].size(), 2U);
  const auto message = conversation["messages"].at(1);
  EXPECT_EQ(message["text"].text(), "bad \uFFFD 1");
  EXPECT_EQ(message["redacted"].boolean(), true);
  EXPECT_FALSE(message["task_id"].exists()) << "it is the conversation's";
  EXPECT_EQ(documents[2].root()["messages"].size(), 0U);
  const auto completion = documents[3].root();
  EXPECT_EQ(completion["type"].text(), "complete");
  EXPECT_EQ(completion["conversations"].integer(), 2);
  EXPECT_EQ(completion["messages"].integer(), 2);
  EXPECT_EQ(completion["transcripts"]["pending"].integer(), 1);
}

TEST_F(ExtractTest, WritesPlainCsvOfConversationsWithoutMarkAndApostrophes) {
  add("task-1", "2026-10-25T01:30:00.118Z", 1, "=1+1");
  request.csv = {CsvOptions::Rows::Conversations, CsvOptions::Style::Plain};
  const auto lines = extract_lines("csv");
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_TRUE(lines[0].starts_with("Task ID,Started (Europe/Amsterdam),Duration,")) << lines[0];
  EXPECT_THAT(lines[1], HasSubstr(",archived,=1+1 0,mira@example.org,+31201234567,"));
}

TEST_F(ExtractTest, HasTheSameHashInEveryFormatAndZoneUntilAValueChanges) {
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

TEST_F(ExtractTest, IsRedactedInEveryPart) {
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

TEST_F(ExtractTest, GoesToStandardOutputExceptAsAWorkbook) {
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

TEST_F(ExtractTest, RefusesRequestsThatMakeNoSense) {
  request.filter.range = std::nullopt;
  EXPECT_THROW(extract(), base::UsageError);
  request.filter.range = base::TimeRange{now, now};
  EXPECT_THROW(extract(), base::UsageError);
  request.filter.range = base::TimeRange{now - 1h, now};
  request.rows_per_sheet = kRowsPerSheet + 1;
  EXPECT_THROW(extract(), base::UsageError);
  EXPECT_FALSE(std::filesystem::exists(output));
}

TEST_F(ExtractTest, RefusesAnExistingFileAndLeavesNothingElse) {
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

TEST_F(ExtractTest, ReportsItsProgressUpToTheEnd) {
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
