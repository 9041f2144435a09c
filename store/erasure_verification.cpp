// SPDX-License-Identifier: Apache-2.0
#include "store/erasure_verification.h"

#include <algorithm>

#include "store/archive.h"
#include "store/archive_file.h"
#include "store/residue_scan.h"
#include "store/statement.h"

namespace wxcc::store {
namespace {

constexpr int kPagesPerStep = 2000;
constexpr std::size_t kMaxTextLength = 48;  // a longer text is cut; enough to be unique

std::int64_t total_size(const base::Path& path) {
  std::int64_t bytes = 0;
  for (const char* suffix : kDatabaseSuffixes) {
    bytes += static_cast<std::int64_t>(base::size_of(path.string() + suffix));
  }
  return bytes;
}

std::vector<std::string> residue_in(const base::Path& path, const std::vector<std::string>& texts,
                                    ErasureVerification& result, const VerificationProgress& progress) {
  ResidueScanner scan(texts);
  const std::int64_t all = total_size(path);
  const auto report = [&] { progress("bytes scanned", static_cast<std::int64_t>(scan.bytes_read()), all); };
  for (const char* suffix : kDatabaseSuffixes) scan.read(path.string() + suffix, report);
  result.texts = std::max(result.texts, scan.size());
  result.bytes_read += scan.bytes_read();
  return exclude_still_referenced(*open_read_only(path), scan.found());
}

bool purge(Archive& archive, const VerificationProgress& progress) {
  std::int64_t pages = 0;
  auto step = Removal::PurgeResult::More;
  while (step == Removal::PurgeResult::More) {
    step = archive.removal().purge_step(kPagesPerStep);
    progress("pages of the full text index merged", pages += kPagesPerStep, 0);
  }
  return step == Removal::PurgeResult::Done;
}

void collect(Connection& connection, const char* sql, const std::string& task_id, std::vector<std::string>& texts) {
  Statement statement(connection, sql);
  Rows rows = statement.query(task_id);
  while (rows.next()) {
    std::string text = rows.text();
    if (text.size() > kMaxTextLength) text.resize(kMaxTextLength);
    texts.push_back(std::move(text));
  }
}

bool has_row(Connection& connection, const char* sql, const std::string& text) {
  return bool(Statement(connection, sql).query_one(text));
}

// Matches the messages that may contain the text. Its last word may be cut, and a prefix query is slow: without that
// word the phrase matches the same messages and some more.
std::string phrase_query(const std::string& text) {
  const std::size_t last_word = text.find_last_of(' ');
  const bool one_word = last_word == std::string::npos || last_word == 0;
  std::string phrase = "\"";
  for (const char c : one_word ? text : text.substr(0, last_word)) phrase += c == '"' || c == '\0' ? ' ' : c;
  return phrase + (one_word ? "\" *" : "\"");
}

bool occurs_in_message(Connection& connection, const std::string& text) {
  Statement statement(connection,
                      "SELECT 1 FROM message_search AS s JOIN message AS m ON m.message_key = s.rowid "
                      "WHERE message_search MATCH :phrase AND instr(m.text, :text) LIMIT 1");
  return bool(statement.query_one(phrase_query(text), text));
}

bool is_referenced(Connection& connection, const std::string& text) {
  if (occurs_in_message(connection, text)) return true;
  for (const char* sql :
       {"SELECT 1 FROM customer WHERE :text IN (name, email, phone) LIMIT 1",
        "SELECT 1 FROM task WHERE :text IN (task_id, origin, destination) OR instr(other_members, :text) LIMIT 1",
        "SELECT 1 FROM agent WHERE name = :text LIMIT 1", "SELECT 1 FROM participant WHERE name = :text LIMIT 1",
        "SELECT 1 FROM transcript WHERE capture_id = :text LIMIT 1"})
    if (has_row(connection, sql, text)) return true;
  return false;
}

}  // namespace

std::vector<std::string> identifying_strings(Connection& connection, const std::vector<std::string>& task_ids) {
  std::vector<std::string> texts;
  for (const std::string& id : task_ids) {
    texts.push_back(id);
    collect(connection,
            "SELECT x.capture_id FROM transcript AS x JOIN task AS t USING (task_key) WHERE t.task_id = :id", id,
            texts);
    collect(connection,
            "SELECT m.message_id FROM message AS m JOIN transcript AS x USING (transcript_key) "
            "JOIN task AS t USING (task_key) WHERE t.task_id = :id",
            id, texts);
    collect(connection, "SELECT text FROM messages WHERE task_id = :id AND length(text) >= 16", id, texts);
    collect(connection,
            "SELECT participant_name FROM messages WHERE task_id = :id AND participant_role = 'customer' "
            "AND participant_name IS NOT NULL GROUP BY 1",
            id, texts);
    collect(connection,
            "SELECT value FROM (SELECT customer_name AS value, task_id FROM conversations UNION ALL "
            "SELECT customer_email, task_id FROM conversations UNION ALL "
            "SELECT customer_phone, task_id FROM conversations) WHERE task_id = :id AND value IS NOT NULL",
            id, texts);
  }
  return texts;
}

std::vector<std::string> exclude_still_referenced(Connection& connection, std::vector<std::string> texts) {
  texts.erase(std::remove_if(texts.begin(), texts.end(),
                             [&](const std::string& text) { return is_referenced(connection, text); }),
              texts.end());
  if (texts.empty()) return texts;
  ResidueScanner transcripts(std::move(texts));
  Statement statement(connection, "SELECT raw FROM transcript");
  Rows rows = statement.query();
  while (!transcripts.found_all() && rows.next()) transcripts.scan(rows.blob());
  return transcripts.not_found();
}

ErasureVerification verify_erasure(Archive& archive, const std::vector<std::string>& texts,
                                   const VerificationProgress& progress) {
  const VerificationProgress report = progress ? progress : [](std::string_view, std::int64_t, std::int64_t) {};
  ErasureVerification result;
  result.blocked_by_reader = !purge(archive, report);
  if (result.blocked_by_reader || texts.empty()) return result;
  std::vector<std::string> left = residue_in(archive.path(), texts, result, report);
  if (!left.empty()) {
    // SQLite may have left copies of moved rows in unused parts of pages.
    report("files vacuumed", 0, 0);
    archive.removal().vacuum();
    result.vacuumed = true;
    result.blocked_by_reader = !archive.checkpoint();
    if (result.blocked_by_reader) return result;
    left = residue_in(archive.path(), left, result, report);
  }
  result.matches_remaining = left.size();
  return result;
}

}  // namespace wxcc::store
