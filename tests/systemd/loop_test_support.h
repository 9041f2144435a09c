// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "systemd/event_loop.h"
#include "tests/temporary_directory.h"

namespace wxcc::systemd {

using tests::TemporaryDirectory;

// A loop that gives up when nothing ends it.
class LoopTest : public testing::Test {
 protected:
  void run() {
    const auto alarm = loop.add_timer([] { throw std::runtime_error("the loop was not ended in time"); });
    alarm->start(std::chrono::seconds(20));
    loop.run();
  }
  // Lets everything that is due already happen.
  void run_what_is_due() {
    const auto end = loop.add_timer([this] { loop.exit(0); });
    end->start(base::Millis(30));
    run();
  }

  EventLoop loop;
};

// Sets an environment variable, and puts back what was there.
class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* const now = ::getenv(name)) before_ = now;
    ::setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace wxcc::systemd
