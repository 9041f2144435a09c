// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace wxcc::report {

// Buffered writing to a descriptor that the caller owns. Call flush() at the end: the destructor discards the buffer.
class TextSink {
 public:
  TextSink(int fd, base::Path name) : fd_(fd), name_(std::move(name)) {}

  // Both throw base::FileError.
  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kBufferSize) flush();
  }
  void flush() {
    base::write_all(fd_, buffer_, name_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kBufferSize = 64UL * 1024;

  int fd_;
  base::Path name_;  // for messages
  std::string buffer_;
};

}  // namespace wxcc::report
