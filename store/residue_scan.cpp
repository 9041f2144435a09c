// SPDX-License-Identifier: Apache-2.0
#include "store/residue_scan.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "store/sqlite.h"

namespace wxcc::store {
namespace {

constexpr std::size_t kBlock = std::size_t{4} << 20U;
constexpr std::size_t kLongest = 48;  // of what was said; more does not tell more
constexpr int kPrefixBits = 16;       // 8 KiB of bits stay in the processor's nearest cache

std::size_t slot_of(std::uint64_t start) {
  return static_cast<std::size_t>((start * 0x9E3779B97F4A7C15U) >> (64 - kPrefixBits));
}

// Of at least kMinLength bytes.
std::uint64_t prefix_of(const char* text) {
  std::uint64_t start = 0;
  static_assert(sizeof start == ResidueScanner::kMinLength);
  std::memcpy(&start, text, sizeof start);
  return start;
}

void collect(Connection& connection, const char* sql, const std::string& task_id, std::vector<std::string>& texts) {
  Statement statement(connection, sql);
  Rows rows = statement.query(task_id);
  while (rows.next()) {
    std::string text = rows.text();
    if (text.size() > kLongest) text.resize(kLongest);
    texts.push_back(std::move(text));
  }
}

bool any(Connection& connection, const char* sql, const std::string& text) {
  return bool(Statement(connection, sql).query_one(text));
}

// Finds the messages that may have the text. The last word may have been cut in two, and asking for the many words that
// begin like a piece of one is dear: without it the phrase finds the same messages and some more.
std::string phrase_of(const std::string& text) {
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
  return bool(statement.query_one(phrase_of(text), text));
}

bool is_referenced(Connection& connection, const std::string& text) {
  if (occurs_in_message(connection, text)) return true;
  for (const char* sql :
       {"SELECT 1 FROM customer WHERE :text IN (name, email, phone) LIMIT 1",
        "SELECT 1 FROM task WHERE :text IN (task_id, origin, destination) OR instr(other_members, :text) LIMIT 1",
        "SELECT 1 FROM agent WHERE name = :text LIMIT 1", "SELECT 1 FROM participant WHERE name = :text LIMIT 1",
        "SELECT 1 FROM transcript WHERE capture_id = :text LIMIT 1"})
    if (any(connection, sql, text)) return true;
  return false;
}

}  // namespace

ResidueScanner::ResidueScanner(std::vector<std::string> texts) : prefix_bits_(std::size_t{1} << kPrefixBits) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  for (std::string& text : texts) {
    if (text.size() < kMinLength) continue;
    const std::uint64_t start = prefix_of(text.data());
    by_prefix_.emplace(start, texts_.size());
    prefix_bits_[slot_of(start)] = true;
    longest_ = std::max(longest_, text.size());
    texts_.push_back(std::move(text));
  }
  found_.resize(texts_.size());
}

void ResidueScanner::read(const base::Path& file, const std::function<void()>& on_progress) {
  const base::FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) {
    if (errno == ENOENT) return;
    throw base::FileError("scanning", file, errno);
  }
  std::string block;
  for (;;) {
    // A text may stand across the border of two blocks.
    const std::size_t kept = std::min(block.size(), longest_ == 0 ? 0 : longest_ - 1);
    block.erase(0, block.size() - kept);
    block.resize(kept + kBlock);
    ssize_t got = 0;
    do got = ::read(fd.get(), block.data() + kept, kBlock);
    while (got < 0 && errno == EINTR);
    if (got < 0) throw base::FileError("scanning", file, errno);
    if (got == 0) return;
    block.resize(kept + static_cast<std::size_t>(got));
    bytes_read_ += static_cast<std::uint64_t>(got);
    scan(block);
    if (on_progress) on_progress();
  }
}

void ResidueScanner::scan(std::string_view bytes) {
  for (std::size_t at = 0; at + kMinLength <= bytes.size(); ++at) {
    const std::uint64_t start = prefix_of(bytes.data() + at);
    if (!prefix_bits_[slot_of(start)]) continue;
    const auto [first, last] = by_prefix_.equal_range(start);
    const std::string_view rest = bytes.substr(at);
    for (auto candidate = first; candidate != last; ++candidate)
      if (rest.substr(0, texts_[candidate->second].size()) == texts_[candidate->second])
        found_[candidate->second] = true;
  }
}

std::vector<std::string> ResidueScanner::found() const {
  return texts_that_are(true);
}

std::vector<std::string> ResidueScanner::not_found() const {
  return texts_that_are(false);
}

bool ResidueScanner::found_all() const {
  return std::find(found_.begin(), found_.end(), false) == found_.end();
}

std::vector<std::string> ResidueScanner::texts_that_are(bool found) const {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < texts_.size(); ++i)
    if (found_[i] == found) texts.push_back(texts_[i]);
  return texts;
}

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

}  // namespace wxcc::store
