// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/instant.h"
#include "store/archive.h"
#include "store/reader.h"
#include "tests/temporary_directory.h"

namespace wxcc::store {

using base::from_ms;
using base::Instant;
using base::TimeRange;
using std::chrono::hours;
using std::chrono::minutes;

// 2026-01-01T00:00:00Z, from which the tests count.
inline constexpr Instant kStart = from_ms(1767225600000);
inline constexpr Instant kNow = kStart + hours(1000);

// A temporary directory for each test, with an archive in it when one is opened.
class ArchiveFixture : public testing::Test {
 protected:
  Archive open(const std::string& org_id = "org-1") const {
    return Archive::open({path_, org_id, "wxcc-archive test"}, kNow);
  }

  // The rows of a query as an operator's sqlite3 sees them: columns separated by "|", NULL as "-".
  std::vector<std::string> rows(const std::string& sql) const {
    SQLite::Database database(path_.string(), SQLite::OPEN_READONLY);
    SQLite::Statement statement(database, sql);
    std::vector<std::string> result;
    while (statement.executeStep()) {
      std::string row;
      for (int i = 0; i < statement.getColumnCount(); ++i) {
        const SQLite::Column column = statement.getColumn(i);
        row += (i == 0 ? "" : "|") + (column.isNull() ? std::string("-") : column.getString());
      }
      result.push_back(row);
    }
    return result;
  }
  std::string row(const std::string& sql) const {
    const std::vector<std::string> all = rows(sql);
    return all.size() == 1 ? all.front() : std::to_string(all.size()) + " rows";
  }

  // Changes the file without the program.
  void modify(const std::string& sql) const {
    SQLite::Database database(path_.string(), SQLite::OPEN_READWRITE);
    database.exec(sql);
  }

  // Every row of every table, with keys: a second run must not change it.
  std::string dump() const {
    return dump_of({"organisation", "queue", "team", "site", "entry_point", "agent", "customer", "task", "fetch_queue",
                    "transcript", "participant", "message", "failure", "scan_span", "service", "tombstone", "audit"});
  }
  // The rows of the views; independent of keys.
  std::string views() const {
    std::string text;
    for (const char* sql :
         {"SELECT * FROM conversations ORDER BY task_id",
          "SELECT task_id, seq, sent_at, direction, participant_name, participant_role, "
          "participant_user_id, alias_id, text, redacted FROM messages ORDER BY task_id, seq",
          "SELECT * FROM coverage_by_day ORDER BY day", "SELECT by_field, from_ms, to_ms FROM scan_span ORDER BY 1, 2"})
      for (const std::string& line : rows(sql)) text += line + "\n";
    return text;
  }

  tests::TemporaryDirectory directory_;
  const std::filesystem::path& root_ = directory_.path();
  std::filesystem::path path_ = root_ / "archive.db";

 private:
  std::string dump_of(const std::vector<std::string>& tables) const {
    std::string text;
    for (const std::string& table : tables) {
      text += table + ":\n";
      for (const std::string& line : rows("SELECT * FROM " + table + " ORDER BY 1")) text += "  " + line + "\n";
    }
    return text;
  }
};

inline mode_t mode_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline model::Task ended_task(const std::string& id, Instant ended = kStart + hours(1)) {
  model::Task task;
  task.id = id;
  task.channel = "chat";
  task.status = "ended";
  task.created = ended - minutes(10);
  task.ended = ended;
  return task;
}

inline FetchedTranscript transcript(const std::string& capture_id, const std::vector<std::string>& texts,
                                    std::optional<Instant> created = kStart + hours(2)) {
  FetchedTranscript fetched;
  fetched.item.source = "chat";
  fetched.item.provider = "CISCO";
  fetched.item.capture_id = capture_id;
  fetched.item.file_name = "chatTranscript.json";
  fetched.item.created = created;
  fetched.raw = capture_id;
  model::Conversation conversation;
  conversation.format = "digital";
  conversation.participants = {{"Mira Visser", "customer", ""}, {"Arne Holm", "agent", "agent-1"}};
  for (const std::string& text : texts) {
    model::Message message;
    message.text = text;
    message.participant = conversation.messages.size() % 2;
    message.direction = message.participant == 0 ? "inbound" : "outbound";
    message.sent = kStart + minutes(conversation.messages.size());
    message.message_id = "m" + std::to_string(conversation.messages.size());
    conversation.messages.push_back(message);
    fetched.raw += "\n" + text;
  }
  fetched.conversation = conversation;
  return fetched;
}

inline FetchedTranscript unparsed(const std::string& capture_id, const std::string& raw,
                                  std::optional<Instant> created = kStart + hours(2)) {
  FetchedTranscript fetched = transcript(capture_id, {}, created);
  fetched.conversation.reset();
  fetched.raw = raw;
  fetched.parse_error = "$[3]: a number instead of an object";
  return fetched;
}

inline StoreResult store(Archive& archive, const FetchResult& result, Instant now = kNow) {
  return archive.commit_fetched({&result, 1}, now).at(0);
}
inline StoreResult store(Archive& archive, const std::string& id, const std::vector<FetchedTranscript>& transcripts,
                         std::optional<Instant> recheck = std::nullopt, Instant now = kNow) {
  return store(archive, FetchResult::fetched(id, transcripts, recheck), now);
}
inline FetchFailure failure_of(const std::string& phase, const std::string& kind, const std::string& message) {
  model::Failure failure;
  failure.kind = model::kFailureKindNames.parse(kind).value();
  failure.message = message;
  return {kFetchPhaseNames.parse(phase).value(), failure};
}

inline Upserted commit(Archive& archive, const std::vector<model::Task>& tasks, Instant now = kNow) {
  return archive.commit_page(tasks, std::nullopt, std::nullopt, now);
}

}  // namespace wxcc::store
