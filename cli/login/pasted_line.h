// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "systemd/event_loop.h"

namespace wxcc::cli {

// The pasted redirect address without blanks, quotes and angle brackets around it.
std::string_view strip_pasted(std::string_view line);

// Reads lines from standard input on the loop: of a terminal, a pipe, a socket or a file. Their bytes, which hold a
// code, are wiped.
class PastedLine {
 public:
  // on_line gets each line that is not empty, stripped. on_end is called once, after the last line, or when standard
  // input cannot be read. Both may destroy this object, and are never called from within the constructor. The
  // loop must outlive this.
  PastedLine(systemd::EventLoop& loop, std::function<void(const std::string&)> on_line, std::function<void()> on_end);
  ~PastedLine();
  PastedLine(const PastedLine&) = delete;
  PastedLine& operator=(const PastedLine&) = delete;

 private:
  void read_some();

  std::function<void(const std::string&)> on_line_;
  std::function<void()> on_end_;
  std::string unread_;
  std::unique_ptr<systemd::EventLoop::IoSource> source_;
  std::unique_ptr<base::Timer> start_;  // for input that epoll does not support
};

}  // namespace wxcc::cli
