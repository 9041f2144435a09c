// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "read_back.h"
#include "report/extract.h"
#include "store/archive.h"

namespace wxcc::report {

using namespace std::chrono_literals;

inline base::Instant at(std::string_view text) {
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
    const auto fetched = store::FetchResult::fetched(id, {transcript});
    archive.commit_fetched({&fetched, 1}, now);
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
  base::Path output = directory / "extract.xlsx";  // read_back.py requires this ending
  store::Archive archive;
  ExtractRequest request;
  ExtractResult result;
  bool with_team = false;
};

}  // namespace wxcc::report
