// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/config/config.h"
#include "cli/exit_code.h"
#include "model/failure.h"

namespace wxcc::cli {

// Tells each step of `check` on standard output and remembers the exit code of the first that failed.
class CheckSteps {
 public:
  void ok(std::string_view step, std::string_view detail);
  void warn(std::string_view step, std::string_view detail);
  void wrong(std::string_view step, std::string_view detail, int code);
  void wrong(std::string_view step, const model::Failure& failure);
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_ = kDone;
};

// The checks without the API: the files that the configuration names, their permissions, the disk, the archive.
void check_files(const Config& config, CheckSteps& steps);

// What there is to say of so many free bytes on the archive's disk.
struct SpaceFinding {
  bool sufficient = true;
  bool enough = true;
};
SpaceFinding assess_disk_space(std::uintmax_t available);

}  // namespace wxcc::cli
