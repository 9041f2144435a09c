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

// Searches the bytes of files for texts in one pass.
class ResidueScanner {
 public:
  // Shorter texts would match by chance.
  static constexpr std::size_t kMinLength = 8;

  // Duplicates are taken once. Texts that are too short are ignored.
  explicit ResidueScanner(std::vector<std::string> texts);

  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  // Reads the file to its end; one that does not exist has no matches. Calls on_progress, which may be empty, after
  // every few megabytes. Throws base::FileError.
  void read(const base::Path& file, const std::function<void()>& on_progress = {});
  // Bytes in memory.
  void scan(std::string_view bytes);
  // The texts found so far.
  [[nodiscard]] std::vector<std::string> found() const;
  [[nodiscard]] std::vector<std::string> not_found() const;
  [[nodiscard]] bool found_all() const;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  [[nodiscard]] std::vector<std::string> texts_with(bool found) const;

  std::vector<std::string> texts_;
  std::vector<bool> found_;
  std::size_t longest_ = 0;
  std::uint64_t bytes_read_ = 0;
  // By the first eight bytes; the bits rule most positions out quickly.
  std::unordered_multimap<std::uint64_t, std::size_t> by_prefix_;
  std::vector<bool> prefix_bits_;
};

}  // namespace wxcc::store
