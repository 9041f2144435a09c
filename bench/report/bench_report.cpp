// SPDX-License-Identifier: Apache-2.0
// One step of the comparison of extracts, each in a process of its own, so that its memory can be measured:
//   bench_report fill ARCHIVE MESSAGES | extract ARCHIVE OUTPUT | bare ARCHIVE OUTPUT
// Prints the duration of the step in seconds, without opening the archive.
#include <fmt/format.h>
#include <xlsxwriter.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/text.h"
#include "report/columns.h"
#include "report/excel_time.h"
#include "report/extract.h"
#include "report/rows.h"
#include "store/archive.h"

namespace {

using namespace wxcc;
using namespace std::chrono_literals;

const base::Instant kStart = base::from_ms(1790000000000);
constexpr int kMessagesPerTask = 12;

model::Task task_of(int index) {
  model::Task task;
  task.id = fmt::format("{:08x}-0000-4000-8000-{:012x}", index, index);
  task.channel = "chat";
  task.status = "ended";
  task.created = kStart + index * 60s;
  task.ended = *task.created + 8min;
  task.queue = {fmt::format("q{}", index % 7), fmt::format("Queue {}", index % 7)};
  task.agent = {fmt::format("a{}", index % 40), fmt::format("Agent {}", index % 40)};
  task.customer = {fmt::format("Customer {}", index), fmt::format("c{}@example.org", index), "+31201234567"};
  return task;
}

store::FetchedTranscript transcript_of(const model::Task& task, int messages) {
  store::FetchedTranscript transcript;
  transcript.item.capture_id = "c" + task.id;
  transcript.raw = task.id;
  model::Conversation& conversation = transcript.conversation.emplace();
  conversation.format = "digital";
  conversation.participants = {{task.customer.name, "customer", ""}, {task.agent.name, "agent", task.agent.id}};
  for (int i = 0; i < messages; ++i) {
    model::Message& message = conversation.messages.emplace_back();
    message.message_id = std::to_string(i);
    message.alias_id = fmt::format("{}-{}", task.id, i);
    message.sent = *task.created + i * 20s;
    message.participant = static_cast<std::size_t>(i % 2);
    message.direction = i % 2 == 0 ? "inbound" : "outbound";
    message.text = fmt::format("Message {} of a conversation about order {}, which is late again.", i, i * 7919);
    message.redacted = false;
  }
  return transcript;
}

void fill(const std::string& path, int messages) {
  const base::Instant now = kStart + 24h * 3650;
  store::Archive archive = store::Archive::open({path, "org", "bench"}, now);
  for (int task_index = 0; messages > 0; ++task_index, messages -= kMessagesPerTask) {
    const model::Task task = task_of(task_index);
    archive.commit_page({task}, std::nullopt, std::nullopt, now);
    const auto result =
        store::FetchResult::fetched(task.id, {transcript_of(task, std::min(messages, kMessagesPerTask))});
    archive.commit_fetched({&result, 1}, now);
  }
}

report::ExtractRequest request_for(const std::string& output) {
  report::ExtractRequest request;
  request.filter.range = base::TimeRange{kStart, kStart + 24h * 3650};
  request.zone = base::Zone::find("Europe/Amsterdam").value();
  request.output = output;
  request.overwrite = base::OverwritePolicy::Overwrite;
  request.program = "bench";
  return request;
}

// Every cell, ready to be written; nothing but the library's own work is left to be timed.
using Cell = std::variant<std::monostate, double, std::string>;
using Rows = std::vector<std::vector<Cell>>;

std::vector<Cell> cells_of(std::span<const report::CellValue> values, const base::Zone& zone) {
  std::vector<Cell> cells;
  for (const report::CellValue& value : values) {
    Cell& cell = cells.emplace_back();
    if (const auto* text = std::get_if<std::string_view>(&value))
      cell = std::string(*text);
    else if (const auto* number = std::get_if<std::int64_t>(&value))
      cell = static_cast<double>(*number);
    else if (const auto* length = std::get_if<base::Millis>(&value))
      cell = report::excel_days(*length);
    else if (const auto* instant = std::get_if<base::Instant>(&value))
      cell = report::excel_serial(zone.at(*instant)).value();
    else if (const auto* flag = std::get_if<bool>(&value))
      cell = *flag ? 1.0 : 0.0;
  }
  return cells;
}

void write_sheet(lxw_workbook* workbook, const char* name, const Rows& rows, lxw_format* format) {
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, name);
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const auto row = static_cast<lxw_row_t>(r);
      const auto column = static_cast<lxw_col_t>(c);
      if (const auto* number = std::get_if<double>(&rows[r][c]))
        worksheet_write_number(sheet, row, column, *number, format);
      else if (const auto* text = std::get_if<std::string>(&rows[r][c]))
        worksheet_write_string(sheet, row, column, text->c_str(), format);
    }
}

std::chrono::duration<double> bare(store::Reader& reader, const std::string& output) {
  const report::ExtractRequest request = request_for(output);
  Rows conversations;
  Rows messages;
  report::Rows rows(reader, request.filter, nullptr);
  while (const report::ConversationRecord* record = rows.next()) {
    conversations.push_back(cells_of(record->cells, request.zone));
    for (std::size_t i = 0; i < record->messages.size(); ++i)
      messages.push_back(cells_of(record->cells_of_message(i), request.zone));
  }
  const auto began = std::chrono::steady_clock::now();
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  lxw_workbook* workbook = workbook_new_opt(output.c_str(), &options);
  lxw_format* format = workbook_add_format(workbook);
  write_sheet(workbook, "Conversations", conversations, format);
  write_sheet(workbook, "Messages", messages, format);
  workbook_close(workbook);
  return std::chrono::steady_clock::now() - began;
}

std::chrono::duration<double> extract(store::Reader& reader, const std::string& output) {
  const auto began = std::chrono::steady_clock::now();
  report::write_extract(reader, request_for(output), kStart + 24h * 3650);
  return std::chrono::steady_clock::now() - began;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() != 4) return 2;
  if (words[1] == "fill") {
    fill(words[2], static_cast<int>(base::parse_integer(words[3]).value_or(0)));
    return 0;
  }
  store::Reader reader = store::Reader::open(words[2]);
  const auto took = words[1] == "bare" ? bare(reader, words[3]) : extract(reader, words[3]);
  fmt::print("{:.3f}\n", took.count());
  return 0;
}
