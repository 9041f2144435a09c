// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "systemd/event_loop.h"
#include "tests/environment_variable.h"
#include "tests/temporary_directory.h"

namespace wxcc::systemd {

using tests::EnvironmentVariable;
using tests::TemporaryDirectory;

// A loop that fails when nothing ends it.
class LoopTest : public testing::Test {
 protected:
  void run() {
    const auto alarm = loop.add_timer([] { throw std::runtime_error("loop: not ended within 20 s"); });
    alarm->start(std::chrono::seconds(20));
    loop.run();
  }
  // Runs everything that is already due.
  void run_what_is_due() {
    const auto end = loop.add_timer([this] { loop.exit(0); });
    end->start(base::Millis(30));
    run();
  }

  EventLoop loop;
};

}  // namespace wxcc::systemd
