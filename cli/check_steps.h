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

// Prints each step of `check` on standard output and holds the exit code of the first that failed.
class CheckSteps {
 public:
  void ok(std::string_view step, std::string_view detail);
  void warn(std::string_view step, std::string_view detail);
  void fail(std::string_view step, std::string_view detail, int code);
  void fail(std::string_view step, const model::Failure& failure);
  // Whether a call of the API succeeded; fails the step otherwise. Without a result the call was interrupted.
  template <typename T>
  bool passed(std::string_view step, const std::optional<model::Result<T>>& result) {
    if (!result)
      fail(step, "interrupted", kFailed);
    else if (!*result)
      fail(step, result->error());
    return result && *result;
  }
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_ = kDone;
};

// The checks without the API: the files that the configuration names, their permissions, the disk, the archive.
void check_files(const Config& config, CheckSteps& steps);

// Whether so many free bytes on the archive's disk suffice: 100 MiB to run, 1 GiB without a warning.
struct DiskSpace {
  bool sufficient = true;
  bool comfortable = true;
};
DiskSpace assess_disk_space(std::uintmax_t available);

}  // namespace wxcc::cli
