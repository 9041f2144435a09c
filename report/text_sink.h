// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace wxcc::report {

// Buffered writing to a descriptor that somebody else owns. What is still buffered at destruction is lost: call
// flush().
class TextSink {
 public:
  TextSink(int fd, base::Path name) : fd_(fd), name_(std::move(name)) {}

  // Both throw base::FileError.
  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kBuffer) flush();
  }
  void flush() {
    base::write_all(fd_, buffer_, name_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kBuffer = 64UL * 1024;

  int fd_;
  base::Path name_;  // for messages
  std::string buffer_;
};

}  // namespace wxcc::report
