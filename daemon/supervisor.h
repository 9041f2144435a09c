// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "systemd/notify.h"

namespace wxcc::daemon {

// What the service needs of the program that supervises it.
class Supervisor {
 public:
  virtual ~Supervisor() = default;
  // The start, or the reload, is complete. The status is one line of text.
  virtual void on_ready(std::string_view status) = 0;
  virtual void on_status(std::string_view status) = 0;
};

class SystemdSupervisor final : public Supervisor {
 public:
  void on_ready(std::string_view status) override { systemd::notify_ready(status); }
  void on_status(std::string_view status) override { systemd::notify_status(status); }
};

}  // namespace wxcc::daemon
