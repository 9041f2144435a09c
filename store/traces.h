// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
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
  // Reads the file to its end; one that does not exist has no traces. After every few megabytes it calls back, when
  // there is something to call. Throws base::FileError.
  void read(const base::Path& file, const std::function<void()>& went_on = {});
  // Other bytes, that are no file.
  void look_through(std::string_view bytes);
  // The texts found so far.
  [[nodiscard]] std::vector<std::string> found() const;
  [[nodiscard]] std::vector<std::string> not_found() const;
  [[nodiscard]] bool found_all() const;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  [[nodiscard]] std::vector<std::string> texts_that_are(bool found) const;

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

// Of the texts, those that nothing left in the archive has rightfully: no other message says it, no other customer has
// it. Those of fewer than TraceScan::kShortest bytes are passed over. Reads every transcript when some stay doubtful.
std::vector<std::string> without_owner(Connection& connection, std::vector<std::string> texts);

}  // namespace wxcc::store
