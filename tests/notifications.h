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
  [[nodiscard]] const base::Path& path() const { return path_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  // NAME=value for the environment of the service.
  [[nodiscard]] std::string variable() const { return "NOTIFY_SOCKET=" + path_.string(); }
  // The first datagram with the text after the one that the last call returned. Throws when none arrives in time.
  std::string wait_for(std::string_view text, std::chrono::milliseconds deadline = std::chrono::seconds{30});
  // All received datagrams.
  [[nodiscard]] const std::vector<std::string>& seen() const { return seen_; }
  // Receives the datagrams that have arrived.
  void receive_all();

 private:
  base::Path path_;
  base::FileDescriptor socket_;
  std::vector<std::string> seen_;
  std::size_t next_ = 0;  // the first that wait_for() has not checked
};

}  // namespace wxcc::tests
