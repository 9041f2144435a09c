// SPDX-License-Identifier: Apache-2.0
#include "store/residue_scan.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace wxcc::store {
namespace {

constexpr std::size_t kBlockSize = std::size_t{4} << 20U;
constexpr int kPrefixBits = 16;  // 8 KiB of bits fit into the L1 cache

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
    // A text may span two blocks.
    const std::size_t overlap = std::min(block.size(), longest_ == 0 ? 0 : longest_ - 1);
    block.erase(0, block.size() - overlap);
    block.resize(overlap + kBlockSize);
    ssize_t got = 0;
    do got = ::read(fd.get(), block.data() + overlap, kBlockSize);
    while (got < 0 && errno == EINTR);
    if (got < 0) throw base::FileError("scanning", file, errno);
    if (got == 0) return;
    block.resize(overlap + static_cast<std::size_t>(got));
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
  return texts_with(true);
}

std::vector<std::string> ResidueScanner::not_found() const {
  return texts_with(false);
}

bool ResidueScanner::found_all() const {
  return std::find(found_.begin(), found_.end(), false) == found_.end();
}

std::vector<std::string> ResidueScanner::texts_with(bool found) const {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < texts_.size(); ++i)
    if (found_[i] == found) texts.push_back(texts_[i]);
  return texts;
}

}  // namespace wxcc::store
