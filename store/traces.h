// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file.h"

namespace wxcc::store {

class Connection;

// Looks for texts in the bytes of files, all of them in one pass: the proof that what was removed is gone.
class TraceScan {
 public:
  // Shorter ones would be found by chance.
  static constexpr std::size_t kShortest = 8;

  // Duplicates are taken once. Texts that are too short are passed over.
  explicit TraceScan(std::vector<std::string> texts);

  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  // Reads the file to its end; one that does not exist has no traces. Throws base::FileError.
  void read(const base::Path& file);
  // The texts found so far.
  [[nodiscard]] std::vector<std::string> found() const;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  void look_through(std::string_view bytes);

  std::vector<std::string> texts_;
  std::vector<bool> found_;
  std::size_t longest_ = 0;
  std::uint64_t bytes_read_ = 0;
  // By the first eight bytes; the bits say quickly that there is none.
  std::unordered_multimap<std::uint64_t, std::size_t> by_start_;
  std::vector<bool> starts_;
};

// The texts by which the conversations can be told in the bytes: ids of tasks, captures and messages, what was said
// (its beginning), and the customer's name and addresses. To be asked before the removal.
std::vector<std::string> telling_texts(Connection& connection, const std::vector<std::string>& task_ids);

// True when what is left in the archive has this text rightfully: another message says it, another customer has it.
bool still_used(Connection& connection, const std::string& text);

}  // namespace wxcc::store
