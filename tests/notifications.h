// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace wxcc::tests {

// The datagrams that a service sends to the service manager.
class Notifications {
 public:
  explicit Notifications(const base::Path& directory);
  // For the service's environment.
  [[nodiscard]] std::string variable() const { return "NOTIFY_SOCKET=" + path_.string(); }
  // The first datagram after the one that the last call gave that holds the text; an exception when none comes in time.
  std::string wait_for(std::string_view text, std::chrono::milliseconds deadline = std::chrono::seconds{30});
  // All that came so far.
  [[nodiscard]] const std::vector<std::string>& seen() const { return seen_; }
  void take_what_came();

 private:
  base::Path path_;
  base::FileDescriptor socket_;
  std::vector<std::string> seen_;
  std::size_t next_ = 0;  // the first that no waiting has looked at
};

}  // namespace wxcc::tests
